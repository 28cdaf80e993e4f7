import { generatedPart } from './report.ts';
import type { RunResult } from './run.ts';

const RESULT: RunResult = {
  seed: 7,
  store: 'sqlite',
  target: 'rest',
  plan: [],
  kinds: ['kill-at-commit', 'core-outage'],
  findings: [],
  accepted: 75,
  refused: 12,
  restarts: 4,
  commits: 60,
  commitKills: ['8 before', '24 before', '8 after'],
  delivered: 52,
  skipped: 23,
  deadLetters: 3,
  replayed: 3,
  durationMs: 1,
};
const LOST = { promise: 'lost', sentence: 'The event e-1 was answered 200 and is nowhere.' } as const;

describe('the generated part of the report', () => {
  it('counts each run in the row of each of its kinds, and once in all', () => {
    const part = generatedPart({ sqlite: [RESULT, { ...RESULT, seed: 8, kinds: ['core-outage'] }], postgres: [] });
    expect(part).toContain('| SIGKILL at commit boundaries | 1 | 4 | 75 | 12 | 0 | 0 | 0 | 0 | 3 | 3 |');
    expect(part).toContain('| Core away | 2 | 8 | 150 | 24 | 0 | 0 | 0 | 0 | 6 | 6 |');
    expect(part).toContain('| all | 2 | 8 | 150 | 24 | 0 | 0 | 0 | 0 | 6 | 6 |');
    expect(part).toContain('**2 runs, 150 events answered 200');
    expect(part).toContain('seeds 7 to 8');
    expect(part).toContain('4 kills immediately before a commit, at 2 different ones, from the first to number 24');
  });

  it('does not keep quiet about what was broken', () => {
    const part = generatedPart({ sqlite: [], postgres: [{ ...RESULT, findings: [LOST, LOST] }] });
    expect(part).toContain('| Core away | 1 | 4 | 75 | 12 | 2 | 0 | 0 | 0 | 3 | 3 |');
    expect(part).toContain('2 events lost');
  });
});
