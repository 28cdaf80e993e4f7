import { type CpuProfile, topRows } from '../../bench/kit/cpu-profile.ts';

const frame = (functionName: string, url = '') => ({ functionName, url });
const PROFILE: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)') },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('flush', 'file:///somewhere/app/dist/queue/sqlite/commit-batch.js') },
    { id: 4, callFrame: frame('', 'file:///somewhere/app/node_modules/@nestjs/core/router/router.js') },
    { id: 5, callFrame: frame('flush', 'file:///somewhere/app/dist/queue/sqlite/commit-batch.js'), children: [6] },
    { id: 6, callFrame: frame('exec') },
    { id: 7, callFrame: frame('next', 'node:internal/streams') },
    { id: 8, callFrame: frame('(program)') },
  ],
  samples: [1, 2, 3, 4, 5, 6, 7, 8],
  timeDeltas: [1_000, 9_000, 100, 200, 300, 250, 100, 50],
};

describe('the rows of a profile', () => {
  it('are functions by their share of the busy time, wherever in the tree they were', () => {
    expect(topRows(PROFILE, 2)).toEqual([
      { name: 'flush', from: 'dist/queue/sqlite/commit-batch.js', share: 0.4 },
      { name: 'exec', from: 'dist/queue/sqlite/commit-batch.js', share: 0.25 },
    ]);
  });

  it('say of what is not JavaScript who called it', () => {
    expect(topRows(PROFILE, 9).map(({ name, from }) => `${name} ${from}`)).toContain('(program) V8');
  });

  it('name packages, and never a folder of the machine', () => {
    const rows = topRows(PROFILE, 9);
    expect(rows.map(({ from }) => from)).toContain('@nestjs/core');
    expect(JSON.stringify(rows)).not.toContain('somewhere');
    expect(rows.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });
});
