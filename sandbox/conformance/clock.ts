import { setTimeout as sleep } from 'node:timers/promises';

/** The time in which a case happens. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets this much time pass. */
  advance(ms: number): Promise<void>;
  /** Moves on where that takes no time, so that a quick test does not wait for limits that nobody else would meet. */
  leap(ms: number): void;
  /** Gives the program its own time back. */
  restore(): void;
}

/**
 * Time that passes when a case says so, on top of the real one: nobody waits for minutes. The whole program sees it,
 * the app as well as the stand-in, so only one may be open at a time.
 */
export function movableClock(): Clock {
  const realNow = Date.now;
  let offsetMs = 0;
  const now = () => realNow() + offsetMs;
  Object.assign(Date, { now });
  return {
    now,
    advance: (ms) => {
      offsetMs += ms;
      return Promise.resolve();
    },
    leap: (ms) => void (offsetMs += ms),
    restore: () => void Object.assign(Date, { now: realNow }),
  };
}

/** A server that cannot be told what time it is has to be waited for, but not for ever. */
const LONGEST_WAIT_MS = 30_000;

export function realClock(): Clock {
  return {
    now: Date.now,
    advance: (ms) => sleep(Math.min(ms, LONGEST_WAIT_MS)),
    leap: () => undefined,
    restore: () => undefined,
  };
}
