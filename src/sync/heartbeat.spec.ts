import { Heartbeat } from './heartbeat.js';

/** `[at, what the worker noticed, silentMs, backlogAgeMs]`, one after the other on one heartbeat. */
type Step = readonly [number, (heartbeat: Heartbeat) => void, number, number];

const nothing = () => undefined;
const busy = (heartbeat: Heartbeat) => heartbeat.looked(false);
const idle = (heartbeat: Heartbeat) => heartbeat.looked(true);
const took = (lateMs: number) => (heartbeat: Heartbeat) => heartbeat.took(lateMs);

it.each<[string, readonly Step[]]>([
  ['a worker that has not looked yet is silent since the start', [[5_000, nothing, 5_000, 0]]],
  [
    'each look is a sign of life',
    [
      [5_000, busy, 0, 0],
      [6_000, nothing, 1_000, 0],
      [7_000, idle, 0, 0],
    ],
  ],
  ['work that was late when it was taken tells the age', [[1_000, took(70_000), 1_000, 70_000]]],
  ['work that comes before its time is not late', [[0, took(-50), 0, 0]]],
  [
    'work in time does not hide what another tenant waits for',
    [
      [0, took(70_000), 0, 70_000],
      [1_000, took(0), 1_000, 70_000],
    ],
  ],
  [
    'later work counts at once',
    [
      [0, took(10), 0, 10],
      [1, took(70_000), 1, 70_000],
    ],
  ],
  [
    'a minute later the next work counts',
    [
      [0, took(70_000), 0, 70_000],
      [60_000, took(20), 60_000, 20],
    ],
  ],
  [
    'what stays in hand stays late, however long',
    [
      [0, took(70_000), 0, 70_000],
      [900_000, busy, 0, 70_000],
    ],
  ],
  [
    'nothing due and nothing in hand: all is done',
    [
      [0, took(70_000), 0, 70_000],
      [5, idle, 0, 0],
    ],
  ],
])('%s', (_what, steps) => {
  let nowMs = 0;
  const heartbeat = new Heartbeat(() => nowMs);
  for (const [atMs, notice, silentMs, backlogAgeMs] of steps) {
    nowMs = atMs;
    notice(heartbeat);
    expect(heartbeat.read()).toEqual({ silentMs, backlogAgeMs });
  }
});
