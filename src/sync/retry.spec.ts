import { nextTry } from './retry.js';

const SCHEDULE = [1_000, 10_000];
const NOW = 500_000;

describe('nextTry', () => {
  it.each([
    ['first failure, least jitter', { tries: 0, retryAtMs: 0 }, 0, { kind: 'again', tries: 1, retryAtMs: NOW + 500 }],
    [
      'first failure, most jitter',
      { tries: 0, retryAtMs: 0 },
      0.9999,
      { kind: 'again', tries: 1, retryAtMs: NOW + 1_000 },
    ],
    ['second failure', { tries: 1, retryAtMs: NOW }, 0.5, { kind: 'again', tries: 2, retryAtMs: NOW + 7_500 }],
    ['the schedule is over', { tries: 2, retryAtMs: NOW }, 0.5, { kind: 'exhausted' }],
    [
      'never before the time the target named',
      { tries: 0, retryAtMs: 0, retryAfterMs: 60_000 },
      0,
      { kind: 'again', tries: 1, retryAtMs: NOW + 60_000 },
    ],
    [
      'a try that another event brought forward does not count',
      { tries: 2, retryAtMs: NOW + 30_000 },
      0,
      { kind: 'again', tries: 2, retryAtMs: NOW + 30_000 },
    ],
    [
      'brought forward, but the target wants more rest',
      { tries: 1, retryAtMs: NOW + 30_000, retryAfterMs: 40_000 },
      0,
      { kind: 'again', tries: 1, retryAtMs: NOW + 40_000 },
    ],
  ])('%s', (_name, failed, random, expected) => {
    expect(nextTry(failed, SCHEDULE, NOW, random)).toEqual(expected);
  });
});
