import type { Dispatcher } from 'undici';
import { type PooledRequest, poolExchange } from './pool-exchange.js';

/** A pool that does nothing by itself: what it was given to answer. */
function idlePool() {
  const handlers: Dispatcher.DispatchHandler[] = [];
  const dispatch: Dispatcher['dispatch'] = (_options, handler) => {
    handlers.push(handler);
    return true;
  };
  // Safe: of a pool only this one method is called.
  return { pool: { dispatch } as Dispatcher, handlers };
}

function controller() {
  const aborted: Error[] = [];
  const one: Dispatcher.DispatchController = {
    aborted: false,
    paused: false,
    reason: null,
    abort: (reason) => void aborted.push(reason),
    pause: () => undefined,
    resume: () => undefined,
  };
  return { one, aborted };
}

const REQUEST: PooledRequest = {
  method: 'POST',
  url: 'https://crm.example.com/records',
  headers: {},
  body: '{}',
  totalMs: 60_000,
  maxAnswerBytes: 1_000,
};

it('what got no connection in its time is not sent any more when one is free', async () => {
  const { pool, handlers } = idlePool();
  await expect(poolExchange(pool)({ ...REQUEST, totalMs: 1 })).rejects.toMatchObject({ name: 'TimeoutError' });
  const late = controller();
  handlers[0]?.onRequestStart?.(late.one, {});
  expect(late.aborted).toMatchObject([{ name: 'TimeoutError' }]);
});

it('ten announcements may come before the answer, and not one more', async () => {
  const { pool, handlers } = idlePool();
  const [patient, tired] = [poolExchange(pool)(REQUEST), poolExchange(pool)(REQUEST)];
  for (const [index, count] of [10, 11].entries()) {
    const { one } = controller();
    const handler = handlers[index];
    handler?.onRequestStart?.(one, {});
    for (let sent = 0; sent < count; sent += 1) handler?.onResponseStart?.(one, 103, {});
    if (count === 10) {
      handler?.onResponseStart?.(one, 200, {});
      handler?.onResponseEnd?.(one, {});
    }
  }
  await expect(tired).rejects.toMatchObject({ code: 'answer_too_large' });
  expect(await patient).toEqual({ status: 200, headers: {}, body: '' });
});
