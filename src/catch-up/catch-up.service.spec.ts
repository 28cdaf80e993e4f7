import { jest } from '@jest/globals';
import { fakeQueue } from '../../test/support/fake-queue.ts';
import { readConfig } from '../config/config.js';
import { Logger } from '../log/logger.js';
import type { WaitingSpan } from '../queue/queue.js';
import { Tenants } from '../state/tenants.js';
import type { TenantReader } from '../tenants/tenant-reader.js';
import { CatchUpService } from './catch-up.service.js';

/** A tenant whose Core has one more empty page at each run, and a queue in which waits what the test says. */
function scene() {
  let cursor: string | undefined;
  let mirror: string | undefined;
  let waiting: WaitingSpan | undefined;
  let pages = 0;
  let ended = (): void => undefined;
  let stream: ((path: string) => object) | undefined;
  let aux: () => object = () => ({ kind: 'not_found' });
  const lines: object[] = [];
  const queue = fakeQueue({
    cursor: () => Promise.resolve(cursor),
    saveCursor: async (_tenant, saved) => void (cursor = saved),
    waitingSpan: () => Promise.resolve(waiting),
  });
  const core = {
    get: (path: string) =>
      Promise.resolve(
        path.startsWith('/auxData/')
          ? aux()
          : (stream?.(path) ?? { kind: 'found', value: { events: [], pagingToken: `page-${++pages}` } }),
      ),
    put: (_path: string, { auxData: [entry] }: { auxData: [{ value: string }] }) => {
      mirror = entry.value;
      return Promise.resolve({ kind: 'found' });
    },
  };
  const tenant = {
    state: { tenant: 't', settings: { ok: true } },
    settings: { connection: 'c', backfill: 'none' },
    core,
  };
  const reader: Pick<TenantReader, 'read'> = { read: () => Promise.resolve({ kind: 'ready', tenant } as never) };
  const tenants = new Tenants();
  tenants.remember('t', 'key', 'fingerprint');
  const config = readConfig({ SMP_STATE_API: 'http://state.test', CATCH_UP_INTERVAL_MS: '0' });
  const logger = new Logger('info', {
    write: (line) => {
      lines.push(JSON.parse(line) as object);
      if (line.includes('catchup.completed')) ended();
    },
  });
  const service = new CatchUpService(config, queue, tenants, reader as TenantReader, logger);
  return {
    lines,
    tenants,
    reader,
    /** Has the stream read once, which Core answers with `answer`; without one it answers with a page. */
    async readWith(answer?: () => object) {
      stream = answer;
      await service.begin('t', 'none');
      await turns();
    },
    /** As after a restart: nobody calls Start, the service itself looks whose turn it is. */
    goOn: () => service.onApplicationBootstrap(),
    /** What Core answers from now on about its stream and about the mirror, and what waits in the queue. */
    set(answers: {
      readonly stream: (path: string) => object;
      readonly aux: () => object;
      readonly span?: WaitingSpan;
    }) {
      ({ stream, aux, span: waiting } = answers);
    },
    places: () => ({ cursor: textOf(cursor), mirror: textOf(mirror) }),
    end: () => service.beforeApplicationShutdown(),
    /** Has the stream read once while this waits. @returns where the two places then say to go on */
    async readWhile(span: WaitingSpan | undefined) {
      waiting = span;
      const end = new Promise<void>((resolve) => (ended = resolve));
      await service.begin('t', 'none');
      await end;
      // The line is written a moment before the run is over, and until then there is no next one.
      await new Promise(setImmediate);
      return { cursor: textOf(cursor), mirror: textOf(mirror) };
    },
  };
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

function textOf(position: string | undefined): string | undefined {
  if (position === undefined) return undefined;
  const { pagingToken } = JSON.parse(position) as { readonly pagingToken?: string };
  return pagingToken ?? 'start';
}

it('mirrors where it is, unless an event that waits here would be passed by that', async () => {
  const { readWhile } = scene();
  expect(await readWhile(undefined)).toEqual({ cursor: 'page-1', mirror: 'page-1' });
  expect(await readWhile({ first: 4, last: 6 })).toEqual({ cursor: 'page-2', mirror: 'page-1' });
  expect(await readWhile({ first: 6, last: 9 })).toEqual({ cursor: 'page-3', mirror: 'page-1' });
  expect(await readWhile({ first: 7, last: 9 })).toEqual({ cursor: 'page-4', mirror: 'page-2' });
  expect(await readWhile(undefined)).toEqual({ cursor: 'page-5', mirror: 'page-5' });
});

it('mirrors where the stream began when the first events of a tenant already wait', async () => {
  const { readWhile } = scene();
  expect(await readWhile({ first: 1, last: 1 })).toEqual({ cursor: 'page-1', mirror: 'start' });
});

it('says a trouble once, and that it is over with the page that could be read', async () => {
  const { readWith, lines } = scene();
  const forbidden = () => ({ kind: 'forbidden' });
  for (const answer of [forbidden, forbidden, undefined, forbidden]) await readWith(answer);
  expect(lines).toMatchObject([
    { event: 'catchup.failed', tenant: 't', code: 'core_forbidden', retryInMs: 30_000 },
    { event: 'catchup.completed', tenant: 't' },
    { event: 'catchup.failed', tenant: 't', code: 'core_forbidden' },
  ]);
});

it('does not say that a stream was read of which nothing was, because the tenant was stopped meanwhile', async () => {
  const { readWith, lines, tenants, reader } = scene();
  const { read } = reader;
  reader.read = async () => {
    const readiness = await read('t');
    tenants.forget('t');
    return readiness;
  };
  await readWith();
  expect(lines).toEqual([]);
});

describe('with an empty disk, while Core does not know the mirror although there is one', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  const AWAY = { stream: () => ({ kind: 'not_found' }), aux: () => ({ kind: 'not_found' }) };
  const MIRRORED = { kind: 'found', value: { value: '{"pagingToken":"mirrored"}' } };

  /** One run while Core is away, and then one when it is back; what it was asked for then. */
  async function readAfterwards(span?: WaitingSpan) {
    const { goOn, set, places, end } = scene();
    const asked: string[] = [];
    set(AWAY);
    goOn();
    jest.advanceTimersByTime(1_000);
    await turns();
    const stream = (path: string) => {
      asked.push(path.slice(path.indexOf('?') + 1));
      return { kind: 'found', value: { events: [], pagingToken: 'now' } };
    };
    set({ stream, aux: () => MIRRORED, ...(span && { span }) });
    jest.advanceTimersByTime(31_000);
    await turns();
    await end();
    return { asked, ...places() };
  }

  it('the mirror is asked again, and nothing between it and now is lost', async () => {
    const { asked, ...places } = await readAfterwards();
    expect(asked[0]).toBe('pagingToken=mirrored');
    expect(places).toEqual({ cursor: 'now', mirror: 'now' });
  });

  it('the mirror does not pass what waits by going to where the stream seemed to begin', async () => {
    const { asked, ...places } = await readAfterwards({ first: 1, last: 2 });
    expect(asked[0]).toBe('pagingToken=mirrored');
    expect(places).toEqual({ cursor: 'now', mirror: undefined });
  });
});
