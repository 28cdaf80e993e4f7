import { shortHash } from '../../src/state/short-hash.js';
import { type ConsoleScene, POLICY, startConsoleScene, TOKENS, until } from '../support/console-scene.ts';

function isMatch(fields: Readonly<Record<string, unknown>>, part: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(part).every(([name, value]) => fields[name] === value);
}

/** The console's addresses on the built app, as somebody without a browser may try them. */
describe('the console of a tenant', () => {
  let scene: ConsoleScene;

  beforeAll(async () => {
    scene = await startConsoleScene();
    await scene.happenUntil('policy.issue');
  });
  afterAll(() => scene.close());

  type Answer = Readonly<Record<string, unknown>>;
  type Tenant = keyof ConsoleScene['tenants'];

  async function ask(tenant: Tenant, path: string, token?: string, body?: object) {
    const response = await fetch(`${scene.tenants[tenant].url}/console${path}`, {
      method: body ? 'POST' : 'GET',
      redirect: 'manual',
      headers: {
        ...(token !== undefined && { 'x-console-token': token }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

  /** The dead letters of `meadow` whose ids begin so, by number. */
  async function deadOf(prefix: string): Promise<readonly number[]> {
    const { deadLetters } = json((await ask('meadow', '/api/status', TOKENS.meadow)).text);
    const letters = (deadLetters as Answer[]).filter(({ eventId }) => String(eventId).startsWith(prefix));
    return letters.map(({ number }) => Number(number));
  }

  /**
   * The receiver takes the policy again. It answers the same delivery from its memory, refusals too, so Core moves on: the
   * newest state is what a replay sends.
   */
  async function accept(until: string): Promise<void> {
    scene.rest.crm.refusedKeys.clear();
    await scene.happenUntil(until, 'stays');
  }

  it('is an address like any that does not exist, unless the tenant set a token', async () => {
    const { harbor } = scene.tenants;
    const withToken = harbor.settings;
    const nothing = (await ask('harbor', '-not-there')).text;
    for (const token of [undefined, '', 'short']) {
      const { 'console-token': _left, ...others } = withToken;
      harbor.settings = { ...others, ...(token !== undefined && { 'console-token': token }) };
      for (const path of ['', '/console.js', '/api/status']) {
        expect(await ask('harbor', path, TOKENS.harbor)).toMatchObject({ status: 404, text: nothing });
      }
      expect(await ask('harbor', '/api/replay', TOKENS.harbor, { events: [1] })).toMatchObject({ status: 404 });
    }
    harbor.settings = withToken;
    expect((await ask('harbor', '')).status).toBe(200);
    // Around the router: no key, or one that the Marketplace does not know.
    for (const key of ['', 'stranger']) {
      const response = await fetch(`${scene.app.url}/console`, { headers: { 'x-smp-key': key } });
      expect([response.status, await response.text()]).toEqual([404, nothing]);
    }
  });

  it('is sent with headers that let in nothing from elsewhere and keep nothing', async () => {
    for (const path of ['', '/console.html', '/console.js', '/console.css', '/parts.js', '/preview.js', '/icon.svg']) {
      const { status, headers } = await ask('harbor', path);
      expect(status).toBe(200);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("form-action 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    const slash = await ask('harbor', '/');
    expect([slash.status, slash.headers.get('location')]).toEqual([308, '../console']);
  });

  it.each([
    '/../package.json',
    '/%2e%2e%2fpackage.json',
    '/..%2f..%2fmain.js',
    '/console.ts',
    '/api',
    '/api/',
    '/constructor',
  ])('gives no other file: %s', async (path) => {
    expect((await ask('harbor', path)).status).toBe(404);
  });

  it("opens with the tenant's own token only", async () => {
    expect(json((await ask('harbor', '/api/status', TOKENS.harbor)).text)).toMatchObject({ target: 'HubSpot' });
    expect(json((await ask('meadow', '/api/status', TOKENS.meadow)).text)).toMatchObject({ target: 'Any REST API' });
    for (const token of [undefined, TOKENS.meadow, `${TOKENS.harbor}x`, TOKENS.harbor.slice(0, -1)]) {
      const refused = await ask('harbor', '/api/status', token);
      expect(refused).toMatchObject({ status: 401, text: expect.stringContaining('wrong_token') });
      expect(refused.text).not.toContain('harbor');
    }
    const inAddress = await ask('harbor', `/api/status?x-console-token=${TOKENS.harbor}`);
    expect(inAddress.status).toBe(401);
    await scene.lines('console.refused', 5);
  });

  it('shows and replays nothing of another tenant', async () => {
    scene.rest.crm.refusedKeys.add(`s-pol-${POLICY}`);
    expect(await scene.ring('meadow', 'policy.issue', 'of-meadow')).toBe(200);
    await scene.lines('sync.dead_lettered', 1);
    const own = json((await ask('meadow', '/api/status', TOKENS.meadow)).text);
    const letter = (own.deadLetters as Answer[]).find(({ eventId }) => eventId === 'of-meadow');
    expect(letter).toMatchObject({ eventId: 'of-meadow', code: 'receiver_refused', replayable: true });
    const foreign = await ask('harbor', '/api/status', TOKENS.harbor);
    expect(foreign.text).not.toContain('of-meadow');
    const events = [letter?.number];
    expect((await ask('harbor', '/api/replay', TOKENS.harbor, { events })).text).toBe('{"replayed":0}');
    // Both tenants have the story's Core, so the policy is known to both; each sees its own events of it.
    const policy = json((await ask('harbor', '/api/policy', TOKENS.harbor, { locator: POLICY })).text);
    const seen = [...(json(foreign.text).events as Answer[]), ...(policy.events as Answer[])];
    expect(seen.filter(({ tenant }) => tenant !== shortHash('harbor.example'))).toEqual([]);
    expect(letter?.tenant).toBe(shortHash('meadow.example'));
    await accept('payment.pay');
    expect((await ask('meadow', '/api/replay', TOKENS.meadow, { events })).text).toBe('{"replayed":1}');
    await until(async () => (await deadOf('of-meadow')).length === 0);
    await scene.lines('console.replayed', 1);
  });

  it('replays while webhooks ring, and holds none of them up', async () => {
    await scene.happenUntil('policy.endorse', 'stays');
    scene.rest.crm.refusedKeys.add(`s-pol-${POLICY}`);
    for (let index = 0; index < 20; index++) await scene.ring('meadow', 'policy.update', `storm-${index}`);
    await until(async () => (await deadOf('storm-')).length === 20);
    await accept('cancellation.issue');
    const events = await deadOf('storm-');
    let slowestMs = 0;
    const ringing = (async () => {
      for (let index = 0; index < 40; index++) {
        const startedMs = performance.now();
        expect(await scene.ring('meadow', 'policy.update', `during-${index}`)).toBe(200);
        slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      }
    })();
    const replays = await Promise.all(
      events.map((event) => ask('meadow', '/api/replay', TOKENS.meadow, { events: [event] })),
    );
    await ringing;
    expect(replays.map(({ text }) => text)).toEqual(events.map(() => '{"replayed":1}'));
    // A lock that one thread waits for in itself would take the five seconds of its patience.
    expect(slowestMs).toBeLessThan(4_500);
    await until(async () => (await deadOf('storm-')).length === 0);
  });

  it.each<[string, string, object, string]>([
    ['a policy without a locator', '/api/policy', {}, 'no_locator'],
    ['a locator that is none', '/api/policy', { locator: '../policies' }, 'no_locator'],
    ['a replay of nothing', '/api/replay', { events: [] }, 'no_events'],
    ['a replay of what is no number', '/api/replay', { events: ['1 OR 1'] }, 'no_events'],
    ['a replay of too many', '/api/replay', { events: Array.from({ length: 51 }, (_, n) => n) }, 'no_events'],
  ])('refuses in words: %s', async (_what, path, body, code) => {
    const { status, text } = await ask('meadow', path, TOKENS.meadow, body);
    expect([status, (json(text).error as Record<string, unknown>).code]).toEqual([400, code]);
  });

  it('says in words that Core does not have the policy', async () => {
    const { status, text } = await ask('meadow', '/api/policy', TOKENS.meadow, { locator: 'nobody-1' });
    expect([status, String(json(text).problem)]).toEqual([200, expect.stringContaining('Socotra does not have this')]);
    const looked = { event: 'console.looked', tenant: shortHash('meadow.example'), root: 'policy:nobody-1' };
    await until(async () => scene.app.log.newest.some(({ fields }) => isMatch(fields, looked)));
  });

  it('is shut after ten wrong tokens, for this tenant alone', async () => {
    for (let time = 0; time < 10; time++) await ask('harbor', '/api/status', `wrong-token-number-${time}`);
    const shut = await ask('harbor', '/api/status', TOKENS.harbor);
    expect(shut.status).toBe(429);
    expect(Number(shut.headers.get('retry-after'))).toBeGreaterThan(500);
    expect((await ask('meadow', '/api/status', TOKENS.meadow)).status).toBe(200);
    expect(await scene.ring('harbor', 'policy.issue', 'while-shut')).toBe(200);
    const said = scene.app.log.newest.map(({ fields }) => JSON.stringify(fields)).join('\n');
    expect(said).toContain('too_many_wrong_tokens');
    expect(said).not.toMatch(/console-token|wrong-token-number/);
  });
});
