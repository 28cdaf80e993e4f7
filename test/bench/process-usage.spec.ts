import { cpuMicros, cpuMicrosOf, memoryUse, memoryUseOf } from '../../bench/kit/process-usage.ts';

const STAT =
  '42 (node (app) x) S 1 42 42 0 -1 4194560 9000 0 12 0 150 30 0 0 20 0 11 0 100 1000 900 18446744073709551615';
const ROLLUP = `5591f5f0a000-7ffc7dd9f000 ---p 00000000 00:00 0                          [rollup]
Rss:              131072 kB
Pss:               90000 kB
Pss_Dirty:           112 kB
Shared_Clean:      60000 kB
Shared_Dirty:          0 kB
Private_Clean:      1024 kB
Private_Dirty:     70048 kB
`;

describe('what the kernel says of a process', () => {
  it('is processor time in microseconds, whatever the program is called', () => {
    expect(cpuMicrosOf(STAT)).toBe(1_800_000);
  });

  it('is memory: resident, proportional and private', () => {
    expect(memoryUseOf(ROLLUP)).toEqual({ residentKb: 131_072, proportionalKb: 90_000, privateKb: 71_072 });
  });

  it.each([
    ['stat', () => cpuMicrosOf('42 (node) S 1')],
    ['smaps_rollup', () => memoryUseOf('Rss: many kB')],
  ])('is refused when /proc/<pid>/%s is not as expected', (file, read) => {
    expect(read).toThrow(file);
  });

  const itOnLinux = process.platform === 'linux' ? it : it.skip;

  itOnLinux('is read of this very process', () => {
    expect(cpuMicros(process.pid)).toBeGreaterThan(0);
    const { residentKb, privateKb } = memoryUse(process.pid);
    expect(residentKb).toBeGreaterThan(privateKb);
  });

  it('needs a process, and Linux', () => {
    expect(() => cpuMicros(0)).toThrow('only Linux');
  });
});
