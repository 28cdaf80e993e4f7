import { jest } from '@jest/globals';
import { fakeQueue } from '../../test/support/fake-queue.ts';
import { readConfig } from '../config/config.js';
import { Logger } from '../log/logger.js';
import { LockNotGivenError, QueueUnavailableError, type WaitingSpan } from '../queue/queue.js';
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
  const stored: string[] = [];
  let isHeldElsewhere = false;
  let isFull = false;
  let underWay = 0;
  let mostUnderWay = 0;
  const queue = fakeQueue({
    append: async ({ id }) => {
      mostUnderWay = Math.max(mostUnderWay, ++underWay);
      await new Promise(setImmediate);
      underWay--;
      if (isFull) throw new QueueUnavailableError('The disk is full.');
      stored.push(id);
      return 'appended';
    },
    cursor: () => Promise.resolve(cursor),
    saveCursor: async (_tenant, saved) => void (cursor = saved),
    waitingSpan: () => Promise.resolve(waiting),
    runAlone: (_names, task) => (isHeldElsewhere ? Promise.reject(new LockNotGivenError('It is.')) : task()),
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
    state: { tenant: 't', settings: { ok: true, settings: { profile: 'all' } } },
    settings: { connection: 'c', backfill: 'none' },
    core,
  };
  const reader: Pick<TenantReader, 'read'> = { read: () => Promise.resolve({ kind: 'ready', tenant } as never) };
  /** From the next run on the tenant has this profile. */
  const changeProfile = (profile: string) => {
    const changed = { ...tenant, state: { tenant: 't', settings: { ok: true, settings: { profile } } } };
    reader.read = () => Promise.resolve({ kind: 'ready', tenant: changed } as never);
  };
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
    stored,
    mostUnderWay: () => mostUnderWay,
    service,
    changeProfile,
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
    /** Another replica reads the stream, or does not any more. */
    readElsewhere: (does: boolean) => void (isHeldElsewhere = does),
    /** The queue takes no events, or does again. */
    fill: (does: boolean) => void (isFull = does),
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

  it('where the first look begins is kept before it, for Core may be away for long', async () => {
    const { goOn, set, places, end } = scene();
    set(AWAY);
    goOn();
    jest.advanceTimersByTime(1_000);
    await turns();
    await end();
    expect(places()).toEqual({ cursor: 'start', mirror: undefined });
  });

  it('the mirror does not pass what waits by going to where the stream seemed to begin', async () => {
    const { asked, ...places } = await readAfterwards({ first: 1, last: 2 });
    expect(asked[0]).toBe('pagingToken=mirrored');
    expect(places).toEqual({ cursor: 'now', mirror: undefined });
  });
});

/** An event about something that the profile `crm` does not sync. */
const report = (id: string) => ({ id, type: 'premiumReport.create', timestamp: '1', data: { policyLocator: 'p' } });
const page = (pagingToken: string, ...ids: string[]) => ({
  kind: 'found',
  value: { events: ids.map(report), pagingToken },
});

describe('settings that change during a run', () => {
  it('Start has the stream read with the new ones, also what was on its way meanwhile', async () => {
    const { changeProfile, lines, places, service, set, stored } = scene();
    const onItsWay = Promise.withResolvers<object>();
    const pages = [onItsWay.promise, page('1', 'after-start'), page('1')];
    set({ stream: () => pages.shift() ?? page('1'), aux: () => ({ kind: 'not_found' }) });
    changeProfile('crm');
    await service.begin('t', 'none');
    await turns();
    changeProfile('all');
    await service.begin('t', 'none');
    onItsWay.resolve(page('1', 'after-start'));
    await turns();
    expect(stored).toEqual(['after-start']);
    expect(lines).toMatchObject([{ event: 'catchup.completed', read: 1, gaps: 1, outcome: 'complete' }]);
    expect(places().cursor).toBe('1');
  });

  it('Start hears of the trouble of its own run, not of the one before', async () => {
    const { service, set } = scene();
    const onItsWay = Promise.withResolvers<object>();
    const answers = [onItsWay.promise, { kind: 'unauthorized' }];
    set({ stream: () => answers.shift() ?? page('1'), aux: () => ({ kind: 'not_found' }) });
    await service.begin('t', 'none');
    await turns();
    await service.begin('t', 'none');
    const trouble = service.troubleOf('t', 1_000);
    onItsWay.resolve({ kind: 'malformed', problem: 'of the old settings' });
    expect(await trouble).toBe('core_unauthorized');
  });

  it('are those of the next page, without Start too', async () => {
    const { changeProfile, lines, service, set, stored, tenants } = scene();
    const pages = [page('1', 'before'), page('2', 'after'), page('2')];
    const stream = () => {
      // The first page was asked for when they were as before.
      changeProfile('all');
      tenants.remember('t', 'key', 'changed');
      return pages.shift() ?? page('2');
    };
    set({ stream, aux: () => ({ kind: 'not_found' }) });
    changeProfile('crm');
    await service.begin('t', 'none');
    await turns();
    expect(stored).toEqual(['after']);
    const ignored = { event: 'catchup.ignored', tenant: 't', eventId: 'before', code: 'outside_profile' };
    expect(lines[0]).toMatchObject(ignored);
  });
});

it('stores a page that is longer than it should be in parts', async () => {
  const { mostUnderWay, service, set, stored } = scene();
  const ids = Array.from({ length: 1_201 }, (_, index) => `e-${index}`);
  const pages = [page('1', ...ids)];
  set({ stream: () => pages.shift() ?? page('1'), aux: () => ({ kind: 'not_found' }) });
  await service.begin('t', 'none');
  await turns();
  expect(stored).toEqual(ids);
  expect(mostUnderWay()).toBe(500);
});

it('does not pass a page that could not be stored: it is read again', async () => {
  const { fill, places, service, set, stored } = scene();
  const stream = (path: string) => (path.includes('pagingToken=1') ? page('1') : page('1', 'e-1', 'e-2'));
  set({ stream, aux: () => ({ kind: 'not_found' }) });
  fill(true);
  await service.begin('t', 'none');
  await turns();
  expect([stored, places()]).toEqual([[], { cursor: 'start', mirror: undefined }]);
  fill(false);
  await service.begin('t', 'none');
  await turns();
  expect([stored, places()]).toEqual([['e-1', 'e-2'], { cursor: '1', mirror: '1' }]);
});

it('does not say that a stream was read whose later page could not be', async () => {
  const { lines, places, service, set } = scene();
  const answers = [page('1', 'e-1'), { kind: 'forbidden' }, { kind: 'forbidden' }];
  set({ stream: () => answers.shift() ?? page('1'), aux: () => ({ kind: 'not_found' }) });
  await service.begin('t', 'none');
  await turns();
  expect(lines).toMatchObject([{ event: 'catchup.failed', code: 'core_forbidden' }]);
  expect(places()).toEqual({ cursor: '1', mirror: undefined });
});

it('asks for no further page when the process is ending', async () => {
  const { end, places, service, set, stored } = scene();
  const onItsWay = Promise.withResolvers<object>();
  const pages = [onItsWay.promise, page('2', 'e-2')];
  set({ stream: () => pages.shift() ?? page('2'), aux: () => ({ kind: 'not_found' }) });
  await service.begin('t', 'none');
  await turns();
  service.onModuleDestroy();
  onItsWay.resolve(page('1', 'e-1'));
  await end();
  expect([stored, places().cursor]).toEqual([['e-1'], '1']);
});

it('leaves the stream to the replica that reads it, and says nothing of that', async () => {
  const { readWith, readElsewhere, lines, places } = scene();
  await readWith();
  const before = lines.length;
  readElsewhere(true);
  await readWith();
  expect([places().cursor, lines.slice(before)]).toEqual(['page-1', []]);
  readElsewhere(false);
  await readWith();
  expect(places().cursor).toBe('page-2');
});
