import { jest } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { stateAnswer, stateServiceOver } from '../../test/support/state-of.ts';
import { CatchUpService } from '../catch-up/catch-up.service.js';
import type { Connector, Target, VerifyResult } from '../connectors/connector.js';
import { restConnector } from '../connectors/rest/rest.connector.js';
import { RequestError } from '../errors/request-error.js';
import type { HttpResponse } from '../http/exchange.js';
import { Logger } from '../log/logger.js';
import { StateClient } from '../state/state.client.js';
import { StateService } from '../state/state.service.js';
import { Tenants } from '../state/tenants.js';
import { OperatorPauses } from '../sync/operator-pauses.js';
import { SyncWorker } from '../sync/sync.worker.js';
import { TargetFactory } from '../sync/target-factory.js';
import { LifecycleService } from './lifecycle.service.js';

/** What needs no network: answers for each state, deadlines, what is forgotten. The rest is in `test/e2e`. */

const CORE = { socotraApiUrl: 'https://core.test', token: 'token' };

function stateWith(settings: Readonly<Record<string, string>>, core: object = CORE): HttpResponse {
  const answer = stateAnswer(settings);
  return answer.kind === 'answer'
    ? { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), ...core }) }
    : answer;
}

interface Parts {
  readonly state?: HttpResponse;
  /** Until then a flush goes on. */
  readonly flushed?: Promise<void>;
  readonly target?: () => Promise<HttpResponse>;
  /** Why the event stream cannot be read. */
  readonly coreTrouble?: string;
  readonly pausedByOperator?: boolean;
  /** Until then the event stream is looked at. */
  readonly looked?: Promise<undefined>;
}

async function scene(parts: Parts = {}) {
  const {
    state = stateWith({}),
    target,
    flushed = Promise.resolve(),
    coreTrouble,
    pausedByOperator = false,
    looked = Promise.resolve(undefined),
  } = parts;
  const known = new Tenants();
  const lines: string[] = [];
  const calls: string[] = [];
  const unexpected = () => Promise.reject(new Error('Nobody expected this.'));
  const accepted = (): Promise<HttpResponse> => Promise.resolve({ kind: 'answer', status: 200, headers: {}, body: '' });
  const targetFor = (): Partial<Target> => ({
    settings: { 'api-url': 'https://crm.test', auth: 'none' },
    request: target ?? accepted,
    accessToken: unexpected,
    now: () => 1_716_305_400_450,
    tenant: 'abc123',
    environment: 'production',
  });
  const provide = (token: unknown, useValue: object) => ({ provide: token as string, useValue });
  const module = await Test.createTestingModule({
    providers: [
      LifecycleService,
      provide(
        StateService,
        stateServiceOver(() => state, known),
      ),
      provide(StateClient, { forget: (key: string) => calls.push(`forget key ${key}`) }),
      provide(Tenants, { forget: () => calls.push('forget tenant') }),
      provide(TargetFactory, { targetFor }),
      provide(CatchUpService, {
        begin: async () => void calls.push('begin catch-up'),
        troubleOf: () => looked.then(() => coreTrouble),
      }),
      provide(OperatorPauses, { isPaused: () => pausedByOperator }),
      provide(SyncWorker, {
        resume: () => calls.push('resume'),
        flush: (_tenant: string, { deadlineMs, hurry }: { deadlineMs: number; hurry: boolean }) => {
          const what = hurry ? 'flush' : 'flush without hurry';
          calls.push(deadlineMs > 40_000 && deadlineMs <= 50_000 ? what : `${what} ${deadlineMs}`);
          return flushed.then(() => ({ delivered: 3, left: 1 }));
        },
      }),
      provide(Logger, new Logger('debug', { write: (line) => lines.push(line) })),
    ],
  }).compile();
  const service = module.get(LifecycleService);
  return {
    start: (key = 'key') => StateService.runAs(key, () => service.start()),
    stop: (key = 'key') => StateService.runAs(key, () => service.stop()),
    calls,
    keys: () => known.names().map((tenant) => known.keyOf(tenant)),
    lines: () => lines.map((line): unknown => JSON.parse(line)),
  };
}

async function refusalOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => 'nothing was refused',
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestError)) throw error;
  return { status: error.getStatus(), code: error.code, message: error.message };
}

const TENANT = expect.stringMatching(/^[0-9a-f]{12}$/);

describe('Start', () => {
  it('resumes the tenant and leaves one line', async () => {
    const { start, calls, lines } = await scene();
    expect(await start()).toMatchObject({ status: 'started', warnings: [] });
    expect(calls).toEqual(['resume', 'begin catch-up']);
    expect(lines()).toMatchObject([{ event: 'tenant.started', tenant: TENANT, target: 'rest', profile: 'all' }]);
  });

  it.each<[string, Parts, number, string, string]>([
    ['no settings', { state: stateWith({ target: '' }) }, 422, 'settings_invalid', 'Choose a target system'],
    ['no Core', { state: stateWith({}, {}) }, 422, 'core_not_connected', 'connect the tenant again'],
    [
      'a forged key',
      { state: { kind: 'answer', status: 404, headers: {}, body: '' } },
      401,
      'unknown_key',
      'x-smp-key',
    ],
    ['no State API', { state: { kind: 'lost', code: 'timeout' } }, 503, 'state_unavailable', 'start the app again'],
  ])('is refused for %s, in words', async (_what, parts, status, code, words) => {
    const { start, calls } = await scene(parts);
    expect(await refusalOf(start())).toEqual({ status, code, message: expect.stringContaining(words) });
    expect(calls).toEqual([]);
  });

  describe('with a target that never answers', () => {
    beforeEach(() => void jest.useFakeTimers());
    afterEach(() => void jest.useRealTimers());
    const never = () => new Promise<HttpResponse>(() => undefined);

    it('is refused in time', async () => {
      const { start, lines } = await scene({ target: never });
      const refusal = refusalOf(start());
      await jest.advanceTimersByTimeAsync(50_000);
      expect(await refusal).toMatchObject({ status: 502, code: 'target_timeout' });
      expect(lines()).toMatchObject([{ event: 'tenant.start_refused', tenant: TENANT, code: 'target_timeout' }]);
    });

    it('waits for a slow one as long as the platform does', async () => {
      const slow = () =>
        new Promise<HttpResponse>((resolve) => {
          setTimeout(() => resolve({ kind: 'answer', status: 200, headers: {}, body: '' }), 45_000);
        });
      const { start } = await scene({ target: slow });
      const answer = start();
      await jest.advanceTimersByTimeAsync(45_000);
      expect(await answer).toMatchObject({ status: 'started' });
    });

    it('is a warning in time when the check is lenient', async () => {
      const { start, calls } = await scene({ target: never, state: stateWith({ 'start-check': 'lenient' }) });
      const answer = start();
      await jest.advanceTimersByTimeAsync(50_000);
      expect(await answer).toMatchObject({ warnings: ['The target did not answer in time.'] });
      expect(calls).toContain('resume');
    });
  });

  it('lenient does not excuse what the customer must change', async () => {
    const gone = () => Promise.resolve<HttpResponse>({ kind: 'answer', status: 410, headers: {}, body: '' });
    const { start } = await scene({ target: gone, state: stateWith({ 'start-check': 'lenient' }) });
    expect(await refusalOf(start())).toMatchObject({ status: 422, code: 'target_gone' });
  });
});

describe('Start with a target that must be prepared', () => {
  const calls: string[] = [];
  const scripted = (verified: VerifyResult, ensured: VerifyResult): Partial<Connector> => ({
    verify: () => {
      calls.push('verify');
      return Promise.resolve(verified);
    },
    ensureSchema: () => {
      calls.push('ensure schema');
      return Promise.resolve(ensured);
    },
  });
  const fine = (...warnings: string[]): VerifyResult => ({ ok: true, ...(warnings.length > 0 && { warnings }) });
  const failed = (cause: 'settings' | 'unreachable' | 'resting', message: string): VerifyResult => ({
    ok: false,
    cause,
    code: 'no_scope',
    message,
  });

  /** The REST connector plays one that needs a schema. */
  async function startWith(verified: VerifyResult, ensured: VerifyResult, startCheck = 'strict') {
    const own = { ...restConnector };
    calls.length = 0;
    Object.assign(restConnector, scripted(verified, ensured));
    try {
      const { start } = await scene({ state: stateWith({ 'start-check': startCheck }) });
      return await start();
    } finally {
      Reflect.deleteProperty(restConnector, 'ensureSchema');
      Object.assign(restConnector, own);
    }
  }

  it('prepares it after it was verified, and hands on what both warn of', async () => {
    const answer = await startWith(fine('No claims here.'), fine('No custom objects.'));
    expect(answer).toEqual({ status: 'started', warnings: ['No claims here.', 'No custom objects.'] });
    expect(calls).toEqual(['verify', 'ensure schema']);
  });

  it('does not prepare what could not be verified', async () => {
    const refusal = await refusalOf(startWith(failed('settings', 'Make a new token.'), fine()));
    expect(refusal).toEqual({ status: 422, code: 'no_scope', message: 'Make a new token.' });
    expect(calls).toEqual(['verify']);
  });

  it.each([
    ['the customer must change something', 'settings', 422],
    ['the target does not answer', 'unreachable', 502],
  ] as const)('is refused when it cannot be prepared because %s', async (_what, cause, status) => {
    const refusal = await refusalOf(startWith(fine('No claims here.'), failed(cause, 'Add the scope.')));
    expect(refusal).toEqual({ status, code: 'no_scope', message: 'Add the scope.' });
  });

  it('is a warning when the check is lenient and the target does not answer', async () => {
    const answer = await startWith(fine(), failed('unreachable', 'Try again later.'), 'lenient');
    expect(answer.warnings).toEqual(['Try again later.']);
  });

  it.each(['strict', 'lenient'])(
    'is a warning when the check is %s and the target asks for rest',
    async (startCheck) => {
      const resting = failed('resting', 'It asks for rest.');
      expect(await startWith(resting, fine(), startCheck)).toMatchObject({ warnings: ['It asks for rest.'] });
      expect(await startWith(fine(), resting, startCheck)).toMatchObject({ warnings: ['It asks for rest.'] });
    },
  );

  it('is no warning when the check is lenient but the customer must change something', async () => {
    const refusal = await refusalOf(startWith(fine(), failed('settings', 'Add the scope.'), 'lenient'));
    expect(refusal).toMatchObject({ status: 422, code: 'no_scope' });
  });
});

it.each([
  [undefined, []],
  ['state_unavailable', []],
  ['core_malformed', []],
  ['core_calls_limited', []],
  ['core_unauthorized', [expect.stringContaining('connect the tenant again')]],
  ['aux_data_unauthorized', [expect.stringContaining('connect the tenant again')]],
  ['core_forbidden', [expect.stringContaining('event stream')]],
  ['core_timeout', [expect.stringContaining('syncing begins when it does')]],
])('what Start notices of Core is a warning: %s', async (coreTrouble, warnings) => {
  const { start } = await scene(coreTrouble === undefined ? {} : { coreTrouble });
  expect(await start()).toEqual({ status: 'started', warnings });
});

it('Start says that the operator has paused the tenant, which it does not end', async () => {
  const { start } = await scene({ pausedByOperator: true });
  const warnings = [expect.stringContaining('The operator has paused the app')];
  expect(await start()).toEqual({ status: 'started', warnings });
});

describe('Stop', () => {
  it('flushes, then forgets tenant and key', async () => {
    const { stop, calls, lines } = await scene();
    expect(await stop('route-1')).toEqual({ delivered: 3, left: 1 });
    expect(calls).toEqual(['flush', 'forget tenant', 'forget key route-1']);
    expect(lines()).toMatchObject([{ event: 'tenant.stopped', tenant: TENANT, delivered: 3, left: 1 }]);
  });

  it('leaves a tenant alone that was started meanwhile', async () => {
    let flush = () => {};
    const { start, stop, calls, lines } = await scene({ flushed: new Promise((resolve) => (flush = resolve)) });
    const stopping = stop();
    await start();
    flush();
    expect(await stopping).toEqual({ delivered: 3, left: 1 });
    expect(calls).toEqual(['flush', 'resume', 'begin catch-up']);
    expect(lines()).toMatchObject([{ event: 'tenant.started' }]);
    await stop();
    expect(calls).toContain('forget tenant');
  });

  it('counts when it is called while a slow Start goes on', async () => {
    const answered = Promise.withResolvers<HttpResponse>();
    const { start, stop, calls, lines } = await scene({ target: () => answered.promise });
    const starting = refusalOf(start());
    await stop();
    answered.resolve({ kind: 'answer', status: 200, headers: {}, body: '' });
    expect(await starting).toMatchObject({ status: 409, code: 'stopped_meanwhile' });
    expect(calls).toEqual(['flush', 'forget tenant', 'forget key key']);
    expect(lines().at(-1)).toMatchObject({ event: 'tenant.start_refused', tenant: TENANT, code: 'stopped_meanwhile' });
    expect(await start()).toMatchObject({ status: 'started' });
  });

  it('counts when it is called while a Start only waits for Core any more', async () => {
    const looked = Promise.withResolvers<undefined>();
    const { start, stop, calls, lines } = await scene({ looked: looked.promise });
    const starting = refusalOf(start());
    while (!calls.includes('begin catch-up')) await new Promise(setImmediate);
    await stop();
    looked.resolve(undefined);
    expect(await starting).toMatchObject({ status: 409, code: 'stopped_meanwhile' });
    expect(lines()).toMatchObject([
      { event: 'tenant.stopped' },
      { event: 'tenant.start_refused', code: 'stopped_meanwhile' },
    ]);
  });

  it('counts when it is called after a Start, however long the Stop before that takes', async () => {
    let flush = () => {};
    const { start, stop, calls } = await scene({ flushed: new Promise((resolve) => (flush = resolve)) });
    const first = stop();
    await start();
    const second = stop();
    flush();
    await Promise.all([first, second]);
    expect(calls.filter((call) => call === 'forget tenant')).toHaveLength(1);
    expect(calls.slice(-2)).toEqual(['forget tenant', 'forget key key']);
  });

  it('of several that wait for each other, the last one made counts', async () => {
    let flush = () => {};
    const { start, stop, calls } = await scene({ flushed: new Promise((resolve) => (flush = resolve)) });
    const stops = [stop(), stop()];
    await start();
    stops.push(stop());
    flush();
    await Promise.all(stops);
    expect(calls.at(-1)).toBe('forget key key');
  });

  it('works for a tenant whose settings are unusable', async () => {
    const { stop } = await scene({ state: stateWith({ target: '' }) });
    expect(await stop()).toEqual({ delivered: 3, left: 1 });
  });

  it('without a known key forgets nothing', async () => {
    const { stop, calls } = await scene({ state: { kind: 'answer', status: 404, headers: {}, body: '' } });
    expect(await refusalOf(stop())).toMatchObject({ status: 401 });
    expect(calls).toEqual([]);
  });

  it('hurries a tenant twice, however often it is called', async () => {
    const { stop, calls } = await scene();
    for (let call = 0; call < 4; call++) await stop();
    const flushes = calls.filter((call) => call.startsWith('flush'));
    expect(flushes).toEqual(['flush', 'flush', 'flush without hurry', 'flush without hurry']);
  });
});

it('of two Starts with different keys the later one counts, whichever ends first', async () => {
  const answered = Promise.withResolvers<HttpResponse>();
  const well: HttpResponse = { kind: 'answer', status: 200, headers: {}, body: '' };
  const target = jest.fn((): Promise<HttpResponse> => Promise.resolve(well)).mockReturnValueOnce(answered.promise);
  const { start, keys } = await scene({ target });
  const earlier = start('old');
  while (target.mock.calls.length === 0) await new Promise(setImmediate);
  await start('new');
  answered.resolve(well);
  expect(await earlier).toMatchObject({ status: 'started' });
  expect(keys()).toEqual(['new']);
});

it('Starts and Stops of one tenant share nothing with those of others', async () => {
  const { start, stop, calls } = await scene();
  const keys = ['key-1', 'key-2', 'key-3'];
  await Promise.all(keys.map((key) => start(key)));
  expect(calls.filter((call) => call === 'resume')).toHaveLength(3);
  await Promise.all(keys.map((key) => stop(key)));
  expect(calls.filter((call) => call.startsWith('forget key'))).toEqual(keys.map((key) => `forget key ${key}`));
});

it('many Starts and Stops at once are two of each', async () => {
  const { start, stop, calls, lines } = await scene();
  const stops = await Promise.all(Array.from({ length: 50 }, () => stop()));
  const starts = await Promise.all(Array.from({ length: 50 }, () => start()));
  expect([new Set(stops).size, new Set(starts).size]).toEqual([2, 2]);
  expect(calls.filter((call) => call === 'forget tenant')).toHaveLength(2);
  expect(calls.filter((call) => call === 'resume')).toHaveLength(2);
  expect(lines()).toHaveLength(4);
});
