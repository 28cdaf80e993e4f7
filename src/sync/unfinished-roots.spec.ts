import { UnfinishedRoots } from './unfinished-roots.js';

const left = (receivedAtMs: number, againAtMs = 50_000) => ({ receivedAtMs, againAtMs, code: 'timeout' });

type Step = readonly [root: string, unfinished: ReturnType<typeof left> | undefined, nowMs?: number];

it.each<[string, readonly Step[], readonly object[]]>([
  ['nothing was tried', [], []],
  ['one waits', [['r1', left(10)]], [{ root: 'r1', receivedAtMs: 10 }]],
  [
    'one waited and is done',
    [
      ['r1', left(10)],
      ['r1', undefined],
    ],
    [],
  ],
  [
    'another is done',
    [
      ['r1', left(10)],
      ['r2', undefined],
    ],
    [{ root: 'r1' }],
  ],
  [
    'a younger one waits too',
    [
      ['r1', left(10)],
      ['r2', left(20)],
    ],
    [{ root: 'r1', receivedAtMs: 10 }],
  ],
  [
    'an older one waits too',
    [
      ['r1', left(10)],
      ['r2', left(5)],
    ],
    [{ root: 'r2', receivedAtMs: 5 }],
  ],
  [
    'its oldest event is done',
    [
      ['r1', left(10)],
      ['r1', left(20)],
    ],
    [{ root: 'r1', receivedAtMs: 20 }],
  ],
  [
    'it was done elsewhere',
    [
      ['r1', left(10, 100)],
      ['r2', left(20), 60_101],
    ],
    [{ root: 'r2' }],
  ],
])('%s', (_what, steps, expected) => {
  const roots = new UnfinishedRoots();
  for (const [root, unfinished, nowMs = 1_000] of steps) roots.settled('t', root, unfinished, nowMs);
  expect(roots.all(60_101)).toMatchObject(expected.map((one) => ({ tenant: 't', ...one })));
  expect(roots.all(60_101)).toHaveLength(expected.length);
});

it('forgets what was not heard of again', () => {
  const roots = new UnfinishedRoots();
  roots.settled('t', 'r1', left(10, 1_000), 500);
  expect(roots.all(61_000)).toHaveLength(1);
  expect(roots.all(61_001)).toEqual([]);
});
