import { randomUUID } from 'node:crypto';
import { Canaries } from '../support/canaries.ts';
import { runProgram, startCanaryApp } from '../support/canary-app.ts';
import { startCanaryCore } from '../support/canary-core.ts';
import { type CanaryTarget, failingReplies, startCanaryTargets } from '../support/canary-targets.ts';
import { describeOnOneProcess } from '../support/replicas.ts';

/**
 * Marked values go through every path of the built app, at the log's most talkative level: as settings, keys, tokens and
 * headers, as people in what Core answers, as words in what targets and Core say when they fail. None of them may come out
 * anywhere but at the target.
 */

const ENDS = new Set(['sync.delivered', 'sync.skipped', 'sync.dead_lettered', 'tenant.paused']);

type App = Awaited<ReturnType<typeof startCanaryApp>>;
type Core = Awaited<ReturnType<typeof startCanaryCore>>;

describeOnOneProcess('it looks into the files and the output of one process', 'no marked value comes out', () => {
  const canaries = new Canaries();
  /** What may stand in the queue for as long as an event does: it is part of the event. */
  const kept: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  let app: App;
  let targets: readonly CanaryTarget[];
  const cores = new Map<string, Core>();
  const keys = new Map<string, string>();

  beforeAll(async () => {
    app = await startCanaryApp(canaries, { LOG_LEVEL: 'debug' });
    targets = await startCanaryTargets(canaries);
    closing.push(...targets.map((target) => () => target.close()));
    for (const { name, settings } of targets) await addTenant(name, settings);
  });
  afterAll(async () => {
    await app.close();
    await Promise.all(closing.map((close) => close()));
  });

  async function addTenant(name: string, settings: Readonly<Record<string, string>>): Promise<void> {
    const core = await startCanaryCore(canaries, name);
    closing.push(() => core.close());
    const key = canaries.mint(`${name}: the x-smp-key`);
    cores.set(name, core);
    keys.set(name, key);
    app.states.set(key, {
      settings: { ...settings, profile: 'all', 'not-ours': canaries.mint(`${name}: a setting of nobody`) },
      mappings: [],
      socotraApiUrl: core.url,
      token: canaries.mint(`${name}: the token of Core`),
      tenantHostName: `${canaries.mint(`${name}: the host name of the tenant`)}.example`,
      contact: canaries.mint(`${name}: an unknown member of the state`, 'email'),
    });
  }

  const withKey = (name: string) => ({
    'content-type': 'application/json',
    'x-smp-key': keys.get(name) ?? '',
    authorization: `Bearer ${canaries.mint('the authorization of a request')}`,
    cookie: `session=${canaries.mint('a cookie')}`,
    'x-forwarded-for': canaries.mint('who has forwarded it'),
    'user-agent': canaries.mint('the program of a caller'),
  });

  /** Rings, and waits until the event has its end. */
  async function happen(name: string, type: string, data: Readonly<Record<string, string>>): Promise<void> {
    const id = randomUUID();
    const before = app.lines().length;
    const personal = {
      username: canaries.mint('the user of an event', 'name'),
      email: canaries.mint('an e-mail in an event', 'email'),
    };
    const transactionId = canaries.mint('a transaction');
    kept.push(transactionId);
    const reminderName = canaries.mint('words in place of a reminder', 'name');
    const body = {
      id,
      type,
      timestamp: String(Date.now()),
      transactionId,
      ...personal,
      data: { ...data, reminderName, note: personal.email },
    };
    const sent = { method: 'POST', headers: withKey(name), body: JSON.stringify(body) };
    expect((await app.ask('/webhook-notify', sent)).status).toBe(200);
    await app.until((lines) =>
      lines
        .slice(before)
        .some(({ event, eventId }) => ENDS.has(String(event)) && (eventId === id || event === 'tenant.paused')),
    );
  }
  const changed = (name: string, policyholderLocator: string = randomUUID()) =>
    happen(name, 'policyholder.update', { policyholderLocator });
  const start = (name: string) => app.ask('/_app/start?route=x', { headers: withKey(name) });

  it('while everything is well: Start, every kind of record, Stop', async () => {
    for (const { name } of targets) {
      expect([name, (await start(name)).status]).toEqual([name, 200]);
      await happen(name, 'policy.issue', { policyLocator: '100004200' });
      await happen(name, 'claim.open', {
        policyLocator: '100004200',
        claimLocator: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69',
      });
      await happen(name, 'payment.pay', {
        policyLocator: '100004200',
        paymentLocator: 'a4161363-1faf-5449-a324-e8e2591e5ee5',
      });
      await happen(name, 'policy.quote.quoted', { policyLocator: '100004200', quoteLocator: '100004210' });
      await happen(name, 'policy.end.reminder', { policyLocator: '100004200' });
      await changed(name);
    }
    expect(app.lines().filter(({ event }) => event === 'sync.delivered').length).toBeGreaterThan(targets.length * 4);
  });

  it('while targets fail, in all the words that they have', async () => {
    for (const target of targets) {
      for (const reply of failingReplies(canaries, target.name)) {
        target.answerWith(reply);
        await changed(target.name);
        canaries.reach(`${JSON.stringify(reply.headers ?? {})} ${reply.body ?? ''}`);
      }
      target.standIn?.faults.cutAfterCommit();
      await changed(target.name);
    }
    expect(app.lines().some(({ event }) => event === 'sync.dead_lettered')).toBe(true);
  });

  it('while Core fails', async () => {
    for (const { name } of targets.slice(0, 2)) {
      const core = cores.get(name);
      for (const failure of core?.failures ?? []) await changed(name, `${failure}-${randomUUID()}`);
      core?.refuseToken(true);
      await changed(name);
      core?.refuseToken(false);
      expect((await start(name)).status).toBe(200);
    }
  });

  it('while credentials are refused', async () => {
    for (const { name, standIn } of targets) {
      if (standIn === undefined) continue;
      standIn.faults.revokeCredentials();
      await changed(name);
      expect((await start(name)).status).toBeGreaterThanOrEqual(400);
      standIn.faults.restoreCredentials();
      expect((await start(name)).status).toBe(200);
    }
  });

  it('while settings are wrong', async () => {
    const wrong: readonly Readonly<Record<string, string>>[] = [
      { target: canaries.mint('a token in the field of the target') },
      { target: 'rest', 'api-url': canaries.mint('a token in the field of the address'), 'api-token': 'x' },
      { target: 'rest', 'api-url': `https://u:${canaries.mint('a password in an address')}@crm.example/` },
      { target: 'rest', 'api-url': 'https://crm.example', auth: canaries.mint('a way to authenticate') },
      {
        target: 'rest',
        'api-url': 'https://crm.example',
        'api-token': `${canaries.mint('a token with a line break')}\n`,
      },
      {
        target: 'rest',
        'api-url': `https://127.0.0.1/${canaries.mint('a path inside')}`,
        'api-token': 'x',
        'signing-secret': canaries.mint('no signing secret'),
      },
      { target: 'rest', 'api-url': `https://10.0.0.1/${canaries.mint('a path in a private network')}`, auth: 'none' },
      {
        target: 'rest',
        'api-url': 'https://crm.example',
        auth: 'header',
        username: `${canaries.mint('a header')}:`,
        'api-token': 'x',
      },
      { target: 'hubspot', 'api-token': `${canaries.mint('a token of HubSpot')}\u0007` },
      {
        target: 'odoo',
        'api-url': 'https://odoo.example',
        account: `${canaries.mint('a database')} x`,
        'api-token': 'x',
      },
      {
        target: 'salesforce',
        'api-url': `https://login.salesforce.com/${canaries.mint('a path of Salesforce')}`,
        'client-id': 'x',
        'client-secret': 'x',
      },
      {
        target: 'rest',
        'api-url': 'https://crm.example',
        'api-token': 'x',
        'custom-1-field': canaries.mint('an own field'),
      },
    ];
    for (const [index, settings] of wrong.entries()) {
      const name = `wrong ${index}`;
      await addTenant(name, settings);
      expect([name, (await start(name)).status]).toEqual([name, 422]);
    }
  });

  it('while requests are wrong', async () => {
    const [name = ''] = keys.keys();
    const post = (body: string, headers: Readonly<Record<string, string>> = {}) =>
      app.ask('/webhook-notify', { method: 'POST', headers: { ...withKey(name), ...headers }, body });
    const word = (what: string) => canaries.mint(what, 'name');
    const envelope = { id: randomUUID(), type: 'policy.issue', timestamp: '1', data: {} };
    await post(word('a body that is no JSON'));
    await post(JSON.stringify({ ...envelope, id: [word('an id')] }));
    await post(JSON.stringify({ ...envelope, timestamp: word('a time') }));
    await post(JSON.stringify({ ...envelope, data: { policyLocator: word('a locator') } }));
    await post(JSON.stringify({ ...envelope, type: canaries.mint('an unknown event') }));
    await post(`{"__proto__":{"a":"${word('a poisoned member')}"}}`);
    await post(`${word('a large body')}${'x'.repeat(70_000)}`);
    await post(word('a text'), { 'content-type': `text/plain; x=${canaries.mint('a type')}` });
    await post('{}', { 'x-smp-key': canaries.mint('an unknown key') });
    await app.ask('/webhook-notify', {
      method: 'POST',
      headers: { 'x-other': canaries.mint('a header without a key') },
    });
    await app.ask(`/${canaries.mint('a path')}?a=${canaries.mint('a query')}`, { headers: withKey(name) });
    await app.ask(`/_app/start?route=${canaries.mint('a route')}`, {
      headers: { 'x-smp-key': canaries.mint('another unknown key') },
    });
    await app.ask('/health', { headers: withKey(name) });
    expect((await app.ask('/_app/stop?route=x', { headers: withKey(name) })).status).toBe(200);
  });

  it('on an operator’s screen', async () => {
    for (const command of [
      ['status'],
      ['dead-letters'],
      ['where', '100004200'],
      ['replay', '--all'],
      ['purge', '--all'],
      ['--help'],
      ['nonsense'],
    ]) {
      await app.ops(...command);
      expect((await app.ops(...command, '--json')).length).toBeGreaterThan(10);
    }
  });

  it('when the boot is refused', async () => {
    const state = 'http://127.0.0.1:1';
    const refused: readonly Readonly<Record<string, string>>[] = [
      { SMP_STATE_API: `http://user:${canaries.mint('a password of the State API')}@127.0.0.1:1` },
      { SMP_STATE_API: canaries.mint('no address of the State API') },
      {
        SMP_STATE_API: state,
        DATABASE_URL: `postgres://user:${canaries.mint('a password of the database')}@127.0.0.1:1/sync`,
      },
      { SMP_STATE_API: state, DATABASE_URL: canaries.mint('no address of the database') },
      {
        SMP_STATE_API: state,
        DATABASE_URL: `postgres://user:${canaries.mint('a password of no database')}@127.0.0.1:1`,
      },
      {
        SMP_STATE_API: state,
        ALLOW_PRIVATE_TARGETS: `https://user:${canaries.mint('a password of a target')}@crm.internal:1`,
      },
      { SMP_STATE_API: state, SMP_PORT: canaries.mint('no port') },
      { SMP_STATE_API: state, LOG_LEVEL: canaries.mint('no level') },
      { SMP_STATE_API: state, RETRY_SCHEDULE_MS: canaries.mint('no schedule') },
      { SMP_STATE_API: state, RETENTION_MS: canaries.mint('no time') },
    ];
    for (const environment of refused) {
      const text = await runProgram('main', [], environment);
      expect(text).toContain('app.boot_refused');
      canaries.reach(JSON.stringify(environment));
      expect(canaries.leaksIn(text)).toEqual([]);
    }
  });

  it('and every one of them was there to come out', () => {
    process.stderr.write(`canaries: ${canaries.count}, never let in: ${canaries.unseen.length}\n`);
    expect(canaries.unseen).toEqual([]);
    expect(canaries.count).toBeGreaterThanOrEqual(200);
  });

  it('in no log, answer, error or screen', () => {
    const said = app.said();
    for (const [where, text] of said) expect([where, canaries.leaksIn(text)]).toEqual([where, []]);
    expect(app.lines().length).toBeGreaterThan(200);
    expect(said.length).toBeGreaterThan(200);
  });

  it('nor in what it keeps, which nobody else may read', async () => {
    const files = app.files();
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['queue.sqlite', 'queue.sqlite-wal']));
    for (const { name, mode, text } of files) {
      expect([name, mode.toString(8)]).toEqual([name, '600']);
      expect([name, canaries.leaksIn(text, kept)]).toEqual([name, []]);
    }
    await app.stop();
    for (const { name, text } of app.files()) expect([name, canaries.leaksIn(text, kept)]).toEqual([name, []]);
  });
});
