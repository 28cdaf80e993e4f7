import { restCrmOf } from './demo-target.ts';
import { startPage } from '../page/page-server.ts';
import { storyEventOf } from '../story/story-events.ts';
import { prepareLocalMarketplace, type LocalMarketplace } from './local-marketplace.ts';

const FAKE = {
  manifest: new URL('../test-support/fake-app.manifest.json', import.meta.url),
  main: new URL('../test-support/fake-app.ts', import.meta.url),
};

let local: LocalMarketplace;

beforeEach(async () => {
  const preparation = await prepareLocalMarketplace(FAKE);
  if (!preparation.ok) throw new Error(preparation.problems.join(' '));
  ({ local } = preparation);
});
afterEach(() => local.close());

async function ring(type: string): Promise<void> {
  const event = storyEventOf(local.events, type);
  await local.moveTo(event.atMs);
  local.book.rings(event);
  local.book.answered(event, await local.core.ring(event));
  await local.book.settled([event], 5000);
}

describe('the local Marketplace around an app', () => {
  it('launches it in the order of the platform', async () => {
    const states: string[] = [];
    local.onChange((section) => {
      if (section === 'instance' && states.at(-1) !== local.instance.state) states.push(local.instance.state);
    });
    await local.instance.launch();
    expect(states).toEqual(['Pending', 'Starting', 'Registering', 'Running']);
    expect(local.core.webhooks.list()).toMatchObject([{ url: `${local.router.url}/webhook-notify`, suspended: false }]);
    await local.instance.stop();
    expect(states.slice(4)).toEqual(['Stopping', 'Stopped']);
    expect(local.core.webhooks.list()).toEqual([]);
  });

  it('carries an event from Core through the app into the CRM, in story time', async () => {
    await local.instance.launch();
    await ring('policyholder.create');
    await ring('policyholder.update');
    expect(local.book.entries).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }]);
    expect(local.book.entries.every(({ lagMs }) => lagMs !== undefined && lagMs < 120_000)).toBe(true);
    expect(restCrmOf(local).store.records).toMatchObject([{ writes: 2, fields: { version: 3 } }]);
    expect(restCrmOf(local).anomalies).toEqual({ unauthorised: 0, unsigned: 0, malformed: 0, repeated: 0 });
  });

  it('keeps the app in story time over a crash', async () => {
    await local.instance.launch();
    await local.app.kill('SIGKILL');
    expect(local.app.running).toBe(false);
    await local.instance.reconfigure();
    const starts = local.app.log.newest.filter(({ event }) => event === 'app.started');
    expect(starts.map(({ fields }) => String(fields.time).slice(0, 10))).toEqual(['2024-05-20', '2024-05-20']);
    await ring('policyholder.create');
    expect(local.book.entries).toMatchObject([{ outcome: 'delivered' }]);
  });

  it('says what nobody was there to hear', async () => {
    await ring('policyholder.create');
    expect(local.book.entries).toMatchObject([{ outcome: 'lost', reason: 'no webhook is registered for it' }]);
  });

  it('shows the refusal of Start and registers nothing', async () => {
    local.tenant.save({ target: 'nowhere' });
    await local.instance.launch();
    expect([local.instance.state, local.instance.message]).toEqual(['Error', 'Choose another target.']);
    expect(local.core.webhooks.list()).toEqual([]);
  });
});

describe('the page', () => {
  async function withPage(use: (url: string) => Promise<void>): Promise<void> {
    const page = await startPage(local, 0);
    await use(page.url).finally(() => page.close());
  }

  it('serves itself with a strict policy', () =>
    withPage(async (url) => {
      const files = [
        '/',
        '/page.css',
        '/parts.css',
        '/page.js',
        '/dom.js',
        '/events.js',
        '/records.js',
        '/settings.js',
      ];
      const replies = await Promise.all(files.map((file) => fetch(url + file)));
      expect(replies.map(({ status }) => status)).toEqual(files.map(() => 200));
      expect(replies[0]?.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await fetch(`${url}/../package.json`)).status).toBe(404);
    }));

  it('shows settings but no secret', () =>
    withPage(async (url) => {
      const reader = (await fetch(`${url}/live`)).body?.getReader();
      const first = new TextDecoder().decode((await reader?.read())?.value);
      await reader?.cancel();
      expect(first).toContain(restCrmOf(local).apiUrl);
      expect(first).not.toContain(restCrmOf(local).apiToken);
      expect(first).not.toContain(restCrmOf(local).signingSecret);
    }));

  it('saves settings from itself only, and keeps a secret that was left empty', () =>
    withPage(async (url) => {
      await local.instance.launch();
      const body = JSON.stringify({ target: 'rest', 'api-url': 'http://127.0.0.1:9/records', 'api-token': '' });
      const save = (origin: string) => fetch(`${url}/settings`, { method: 'POST', headers: { origin }, body });
      expect((await save('http://elsewhere.test')).status).toBe(403);
      expect(local.tenant.settings['api-url']).toBe(restCrmOf(local).apiUrl);
      expect(await (await save(url)).json()).toEqual({ state: 'Running', message: '' });
      expect(local.tenant.settings).toMatchObject({
        'api-url': 'http://127.0.0.1:9/records',
        'api-token': restCrmOf(local).apiToken,
      });
    }));
});
