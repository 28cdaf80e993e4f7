import { jest } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { answered } from '../../../test/support/fake-target.ts';
import type { HttpResponse } from '../../http/exchange.js';
import type { ConnectionLimits, Failure } from '../connector.js';
import { ConnectionLimiter } from './connection-limiter.js';

const OK = answered(200);
const BUSY = answered(429);
const never = () => undefined;

function limiterWith(limits: ConnectionLimits) {
  const clock = { nowMs: 1_000_000 };
  return { limiter: new ConnectionLimiter(limits, () => clock.nowMs), clock };
}

/** Exchanges that end when the test says so. */
function slowExchanges() {
  const running: ((response: HttpResponse) => void)[] = [];
  const exchange = () => {
    const { promise, resolve } = Promise.withResolvers<HttpResponse>();
    running.push(resolve);
    return promise;
  };
  return { exchange, running };
}

it('lets only so many through at a time, in the order in which they came', async () => {
  const { limiter } = limiterWith({ concurrent: 2 });
  const { exchange, running } = slowExchanges();
  const answers = [1, 2, 3].map(() => limiter.run(exchange, never));
  await nextTurn();
  expect(running).toHaveLength(2);
  running[0]?.(answered(201));
  expect(await answers[0]).toEqual(answered(201));
  await nextTurn();
  expect(running).toHaveLength(3);
  running.forEach((end) => end(OK));
  expect(await Promise.all(answers.slice(1))).toEqual([OK, OK]);
});

describe('the burst', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function burstOfTwo() {
    const { limiter } = limiterWith({ concurrent: 10, burst: { requests: 2, perMs: 10_000 } });
    const counter = { started: 0 };
    const exchange = () => {
      counter.started += 1;
      return Promise.resolve(OK);
    };
    return { limiter, counter, exchange };
  }

  it('also counts what started just before', async () => {
    const { limiter, counter, exchange } = burstOfTwo();
    await limiter.run(exchange, never);
    await jest.advanceTimersByTimeAsync(9_000);
    const answers = [1, 2, 3].map(() => limiter.run(exchange, never));
    await jest.advanceTimersByTimeAsync(1_100);
    expect(counter.started).toBe(3);
    await jest.advanceTimersByTimeAsync(9_000);
    expect(counter.started).toBe(4);
    await Promise.all(answers);
  });

  it('lets no more start in any stretch of time', async () => {
    const { limiter, counter, exchange } = burstOfTwo();
    const answers = [1, 2, 3, 4, 5].map(() => limiter.run(exchange, never));
    await jest.advanceTimersByTimeAsync(9_900);
    expect(counter.started).toBe(2);
    await jest.advanceTimersByTimeAsync(200);
    expect(counter.started).toBe(4);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(counter.started).toBe(5);
    expect(await Promise.all(answers)).toEqual(Array(5).fill(OK));
  });
});

describe('after a throttling answer', () => {
  const throttled = (retryAfterMs?: number) => (): Failure => ({
    outcome: 'throttled',
    code: 'status_429',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  const unexpected = () => Promise.reject(new Error('Nobody expected this exchange.'));

  it.each([
    ['for as long as the target said', 40_000, 40_000],
    ['for ten seconds when it did not say', undefined, 10_000],
  ])('the connection rests %s', async (_what, retryAfterMs, restMs) => {
    const { limiter, clock } = limiterWith({ concurrent: 1 });
    expect(await limiter.run(() => Promise.resolve(BUSY), throttled(retryAfterMs))).toEqual(BUSY);
    expect(await limiter.run(unexpected, never)).toEqual({ kind: 'held', retryAfterMs: restMs });
    clock.nowMs += restMs - 1;
    expect(await limiter.run(unexpected, never)).toEqual({ kind: 'held', retryAfterMs: 1 });
    clock.nowMs += 1;
    expect(await limiter.run(() => Promise.resolve(OK), never)).toEqual(OK);
  });

  it('what waited in line is not sent', async () => {
    const { limiter } = limiterWith({ concurrent: 1 });
    const answers = [limiter.run(() => Promise.resolve(BUSY), throttled(5_000)), limiter.run(unexpected, never)];
    expect(await Promise.all(answers)).toEqual([BUSY, { kind: 'held', retryAfterMs: 5_000 }]);
  });

  it('the longest of several rests counts', async () => {
    const { limiter } = limiterWith({ concurrent: 2 });
    const busy = () => Promise.resolve(BUSY);
    await Promise.all([limiter.run(busy, throttled(30_000)), limiter.run(busy, throttled(5_000))]);
    expect(await limiter.run(unexpected, never)).toEqual({ kind: 'held', retryAfterMs: 30_000 });
  });

  it.each<Failure>([
    { outcome: 'retry', code: 'status_500', retryAfterMs: 9 },
    { outcome: 'auth', code: 'target_unauthorized' },
    { outcome: 'unreachable', code: 'econnrefused' },
  ])('no other failure makes it rest: %j', async (failure) => {
    const { limiter } = limiterWith({ concurrent: 1 });
    await limiter.run(
      () => Promise.resolve(answered(500)),
      () => failure,
    );
    expect(await limiter.run(() => Promise.resolve(OK), never)).toEqual(OK);
  });
});
