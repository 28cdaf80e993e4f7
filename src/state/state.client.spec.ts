import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { Logger } from '../log/logger.js';
import { StateClient } from './state.client.js';

const TTL_MS = 30_000;
const SECRET = 'hunter2-very-secret';

type Step = HttpResponse | Promise<HttpResponse>;

const known = (host = 'demo.test'): HttpResponse => answer(200, JSON.stringify({ tenantHostName: host, settings: {} }));
const LOST: HttpResponse = { kind: 'lost', code: 'timeout' };
const UNREACHABLE: HttpResponse = { kind: 'unreachable', code: 'econnrefused', permanent: false };

function answer(status: number, body = '', headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { kind: 'answer', status, headers, body };
}

/** A State API that gives the answers of `steps` one after the other and refuses every further question. */
function stateApi(...steps: Step[]) {
  const asked: HttpRequest[] = [];
  const slept: number[] = [];
  const lines: string[] = [];
  const clock = { nowMs: 1_000_000 };
  const send = (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request);
    const step = steps.shift();
    return step === undefined ? Promise.reject(new Error('Nobody expected this request.')) : Promise.resolve(step);
  };
  const client = new StateClient(send, new Logger('debug', { write: (line) => lines.push(line) }), {
    baseUrl: 'http://state.test/base',
    ttlMs: TTL_MS,
    now: () => clock.nowMs,
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
  });
  return { client, asked, slept, lines, clock, steps };
}

/** A step that is answered when the test says so. */
function later() {
  return Promise.withResolvers<HttpResponse>();
}

describe('one question', () => {
  it('asks for the key, encoded, below the base address', async () => {
    const { client, asked } = stateApi(known());
    expect(await client.get('a/b ?ü')).toMatchObject({ kind: 'known', stale: false, state: { mappings: [] } });
    expect(asked).toEqual([
      { method: 'GET', url: 'http://state.test/base/state/a%2Fb%20%3F%C3%BC', headers: { accept: 'application/json' } },
    ]);
  });

  it.each<[string, HttpResponse, string]>([
    ['429', answer(429), 'status_429'],
    ['500', answer(500), 'status_500'],
    ['503', answer(503), 'status_503'],
    ['no answer', LOST, 'no_answer'],
    ['no connection', UNREACHABLE, 'no_answer'],
    ['a page instead of JSON', answer(200, '<html>'), 'not_json'],
    ['a list instead of an object', answer(200, '[]'), 'not_json'],
  ])('is repeated twice after %s', async (_what, failure, code) => {
    const recovered = stateApi(failure, failure, known());
    expect(await recovered.client.get('k')).toMatchObject({ kind: 'known', stale: false });
    expect(recovered.slept).toEqual([200, 800]);
    expect(recovered.lines).toEqual([]);

    const failed = stateApi(failure, failure, failure);
    expect(await failed.client.get('k')).toEqual({ kind: 'unavailable' });
    expect(failed.lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ event: 'state.unavailable', code }]);
  });

  it.each([400, 401, 403, 404, 410])('is over with %i: the key is not known', async (status) => {
    const { client, slept } = stateApi(answer(status));
    expect(await client.get('k')).toEqual({ kind: 'unknown_key' });
    expect(slept).toEqual([]);
  });

  it.each([204, 302, 405, 418])('is over with %i, which says nothing about the key', async (status) => {
    const { client, slept } = stateApi(answer(status));
    expect(await client.get('k')).toEqual({ kind: 'unavailable' });
    expect(slept).toEqual([]);
  });
});

describe('the memory', () => {
  it('answers for as long as told and then asks anew', async () => {
    const { client, asked, clock } = stateApi(known('a.test'), known('b.test'));
    const first = await client.get('k');
    clock.nowMs += TTL_MS - 1;
    expect(await client.get('k')).toEqual(first);
    expect(asked).toHaveLength(1);
    clock.nowMs += 1;
    expect(await client.get('k')).not.toEqual(first);
    expect(asked).toHaveLength(2);
  });

  it('keeps keys apart', async () => {
    const { client } = stateApi(known('a.test'), known('b.test'));
    const [a, b] = [await client.get('a'), await client.get('b')];
    expect(a).not.toEqual(b);
    expect([await client.get('a'), await client.get('b')]).toEqual([a, b]);
  });

  it('is passed by on request, and forgotten on request', async () => {
    const { client, asked } = stateApi(known(), known(), known());
    await client.get('k');
    await client.refresh('k');
    expect(asked).toHaveLength(2);
    client.forget('k');
    await client.get('k');
    expect(asked).toHaveLength(3);
  });

  it('holds an unknown key for five seconds', async () => {
    const { client, clock } = stateApi(answer(404), known());
    await client.get('k');
    clock.nowMs += 4_999;
    expect(await client.get('k')).toEqual({ kind: 'unknown_key' });
    clock.nowMs += 1;
    expect(await client.get('k')).toMatchObject({ kind: 'known' });
  });

  it('lets a key go that the State API no longer knows', async () => {
    const { client, clock } = stateApi(known(), answer(404));
    await client.get('k');
    clock.nowMs += TTL_MS;
    expect(await client.get('k')).toEqual({ kind: 'unknown_key' });
  });

  it('does not bring such a key back while the State API is away', async () => {
    const { client, clock } = stateApi(known(), answer(404), LOST, LOST, LOST);
    await client.get('k');
    clock.nowMs += TTL_MS;
    await client.get('k');
    expect(await client.get('k')).toEqual({ kind: 'unknown_key' });
    clock.nowMs += 5_000;
    expect(await client.get('k')).toEqual({ kind: 'unavailable' });
  });
});

describe('while the State API does not answer', () => {
  it('a known key keeps its last state, marked stale, and is asked for every five seconds', async () => {
    const { client, asked, clock, steps } = stateApi(known(), LOST, LOST, LOST);
    await client.get('k');
    clock.nowMs += TTL_MS;
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: true });
    expect(asked).toHaveLength(4);
    clock.nowMs += 4_999;
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: true });
    expect(asked).toHaveLength(4);
    clock.nowMs += 1;
    steps.push(known());
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
  });

  it('an unknown key is never answered for', async () => {
    const { client, clock } = stateApi(answer(404), LOST, LOST, LOST, LOST, LOST, LOST);
    await client.get('k');
    clock.nowMs += 5_000;
    expect(await client.get('k')).toEqual({ kind: 'unavailable' });
    expect(await client.get('k')).toEqual({ kind: 'unavailable' });
  });

  it('a key that was never answered for is asked for every five seconds too, however many call', async () => {
    const { client, asked, clock, steps } = stateApi(answer(429), answer(429), answer(429));
    for (let call = 0; call < 100; call++) expect(await client.get('k')).toEqual({ kind: 'unavailable' });
    expect(await client.getFresh('k')).toEqual({ kind: 'unavailable' });
    expect(asked).toHaveLength(3);
    clock.nowMs += 5_000;
    steps.push(known());
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
    expect(await client.getFresh('k')).toMatchObject({ kind: 'known', stale: false });
  });

  it.each<[string, string, readonly number[], number]>([
    ['none', '0', [200, 800], 5_000],
    ['a wait of one second', '1', [], 5_000],
    ['20 seconds', '20', [], 20_000],
    ['an hour', '3600', [], 30_000],
    ['something unreadable', 'soon', [200, 800], 5_000],
  ])('is left alone as it wishes: %s', async (_what, wish, slept, pauseMs) => {
    const busy = () => answer(429, '', { 'retry-after': wish });
    const { client, asked, clock, steps, ...api } = stateApi(busy(), busy(), busy());
    expect(await client.get('k')).toEqual({ kind: 'unavailable' });
    expect([asked.length, api.slept]).toEqual([slept.length + 1, slept]);
    steps.length = 0;
    clock.nowMs += pauseMs - 1;
    expect(await client.get('k')).toEqual({ kind: 'unavailable' });
    clock.nowMs += 1;
    steps.push(known());
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
  });

  it('Start asks for such a key all the same', async () => {
    const { client, steps } = stateApi(LOST, LOST, LOST);
    await client.get('k');
    steps.push(known());
    expect(await client.readAnew('k', 1_000)).toMatchObject({ kind: 'known' });
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
  });

  it('a question that hung since before Start makes nothing of its answer old', async () => {
    const hanging = later();
    const { client, clock, lines, steps } = stateApi(known(), hanging.promise, known(), LOST, LOST);
    await client.get('k');
    clock.nowMs += TTL_MS;
    const before = client.getFresh('k');
    expect(await client.readAnew('k', 1_000)).toMatchObject({ kind: 'known' });
    hanging.resolve(LOST);
    expect(await before).toEqual({ kind: 'unavailable' });
    expect(await client.getFresh('k')).toMatchObject({ kind: 'known', stale: false });
    expect([lines, steps]).toEqual([[], []]);
  });

  it('what must not be old is unavailable, and asked for anew once a pause is over', async () => {
    const { client, asked, clock, steps } = stateApi(known(), LOST, LOST, LOST);
    expect(await client.getFresh('k')).toMatchObject({ kind: 'known' });
    clock.nowMs += TTL_MS - 1;
    expect(await client.getFresh('k')).toMatchObject({ kind: 'known' });
    clock.nowMs += 1;
    expect(await client.getFresh('k')).toEqual({ kind: 'unavailable' });
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: true });
    expect(await client.getFresh('k')).toEqual({ kind: 'unavailable' });
    expect(asked).toHaveLength(4);
    clock.nowMs += 5_000;
    steps.push(known());
    expect(await client.getFresh('k')).toMatchObject({ kind: 'known', stale: false });
    expect(asked).toHaveLength(5);
  });

  it('a refreshed state is never the last one', async () => {
    const { client } = stateApi(known(), LOST, LOST, LOST);
    await client.get('k');
    expect(await client.refresh('k')).toEqual({ kind: 'unavailable' });
  });

  it('a wait ends in time: the last state, or none', async () => {
    const { promise, resolve } = later();
    const { client, clock } = stateApi(known(), promise, promise);
    await client.get('k');
    clock.nowMs += TTL_MS;
    expect(await client.get('k', 20)).toMatchObject({ kind: 'known', stale: true });
    expect(await client.get('never-seen', 20)).toEqual({ kind: 'unavailable' });
    resolve(known());
    expect(await client.get('k', 20)).toMatchObject({ kind: 'known', stale: false });
  });

  it('a known key waits half a second for its state, whatever the caller would', async () => {
    const { client, clock } = stateApi(known(), later().promise);
    await client.get('k');
    clock.nowMs += TTL_MS;
    const startedMs = performance.now();
    expect(await client.get('k', 10_000)).toMatchObject({ kind: 'known', stale: true });
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });

  it('says so again when it was well in between', async () => {
    const { client, clock, lines } = stateApi(LOST, LOST, LOST, known(), LOST, LOST, LOST);
    for (let outage = 0; outage < 3; outage++) {
      await client.get('k');
      clock.nowMs += TTL_MS;
    }
    expect(lines).toHaveLength(2);
  });

  it('says so in a line that carries neither key nor settings', async () => {
    const { client, lines } = stateApi(answer(500, SECRET), answer(500, SECRET), answer(500, SECRET));
    await client.get(SECRET);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain(SECRET);
  });
});

it('asks once per key, however many wait', async () => {
  const { promise, resolve } = later();
  const { client, asked } = stateApi(promise, known('b.test'));
  const waiting = [client.get('a'), client.get('a'), client.refresh('a'), client.get('b')];
  resolve(known('a.test'));
  const [first, second, third, other] = await Promise.all(waiting);
  expect(asked).toHaveLength(2);
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(other).not.toEqual(first);
  expect(await client.get('a')).toEqual(first);
});

describe('an answer that names no tenant', () => {
  const nameless = (body: object = { status: 'maintenance' }) => answer(200, JSON.stringify(body));
  const jwt = `a.${Buffer.from('{"tenant.uuid":"u"}').toString('base64url')}.c`;

  it.each<[string, object]>([
    ['a page in JSON', { status: 'maintenance' }],
    ['half a state', { settings: { target: 'rest' }, socotraApiUrl: 'https://core.test', token: 'opaque' }],
  ])('makes nobody else of a known one: %s', async (_what, body) => {
    const { client, clock, lines, steps } = stateApi(known(), nameless(body), nameless(body), nameless(body));
    const { state } = (await client.get('k')) as { state: object };
    clock.nowMs += TTL_MS;
    expect(await client.get('k')).toEqual({ kind: 'known', stale: true, state });
    expect(await client.getFresh('k')).toEqual({ kind: 'unavailable' });
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { event: 'state.unavailable', code: 'no_tenant' },
    ]);
    clock.nowMs += 5_000;
    steps.push(known());
    expect(await client.get('k')).toEqual({ kind: 'known', stale: false, state });
  });

  it('will do for a key whose tenant never had a name, time and again', async () => {
    const { client, clock } = stateApi(nameless(), nameless({ settings: {} }));
    const first = await client.get('k');
    clock.nowMs += TTL_MS;
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
    expect(first).toMatchObject({ kind: 'known', stale: false });
  });

  it('is another one where the token does, or where the key means somebody else by now', async () => {
    const { client, clock } = stateApi(known(), nameless({ token: jwt }), known('other.test'));
    const tenants: unknown[] = [];
    for (let times = 0; times < 3; times++) {
      tenants.push((await client.get('k')) as { state: { tenant: string } });
      clock.nowMs += TTL_MS;
    }
    expect(tenants).toMatchObject(Array(3).fill({ kind: 'known', stale: false }));
  });
});

describe('what is asked for anew', () => {
  it('does not wait for what was asked before, which may be older than what was just saved', async () => {
    const { promise, resolve } = later();
    const { client } = stateApi(promise, known('new.test'));
    const before = client.get('k');
    const anew = await client.readAnew('k', 1_000);
    expect(anew).toMatchObject({ kind: 'known', stale: false });
    resolve(known('old.test'));
    expect(await before).not.toEqual(anew);
    expect(await client.get('k')).toEqual(anew);
  });

  it('is never the last state: not after a failure, and not when it takes too long', async () => {
    const { client } = stateApi(known(), LOST, LOST, LOST, later().promise);
    await client.get('k');
    expect(await client.readAnew('k', 1_000)).toEqual({ kind: 'unavailable' });
    expect(await client.readAnew('k', 20)).toEqual({ kind: 'unavailable' });
  });
});

describe('a flood of forged keys', () => {
  it('pushes out nobody whose state is known', async () => {
    const { client, asked, steps } = stateApi(known());
    const first = await client.get('k');
    steps.push(...Array.from({ length: 6_000 }, () => answer(404)));
    for (let forged = 0; forged < 6_000; forged++) await client.get(`forged-${forged}`);
    expect(await client.get('k')).toEqual(first);
    expect(asked).toHaveLength(6_001);
  });

  it('has no more than 500 questions under way, and known keys are still asked for', async () => {
    const slow = later();
    const { client, asked, clock, steps } = stateApi(known());
    await client.get('k');
    clock.nowMs += TTL_MS;
    steps.push(...Array.from({ length: 500 }, () => slow.promise), known('other.test'));
    const flood = Array.from({ length: 700 }, (_, forged) => client.get(`forged-${forged}`));
    expect(await Promise.all(flood.slice(500))).toEqual(Array.from({ length: 200 }, () => ({ kind: 'unavailable' })));
    expect(await client.get('k')).toMatchObject({ kind: 'known', stale: false });
    expect(asked).toHaveLength(502);
    slow.resolve(answer(404));
    expect(new Set((await Promise.all(flood.slice(0, 500))).map(({ kind }) => kind))).toEqual(new Set(['unknown_key']));
    steps.push(answer(404));
    expect(await client.get('forged-late')).toEqual({ kind: 'unknown_key' });
  });
});
