import { readFileSync } from 'node:fs';

/** Memory of one process in kB, as the kernel counts it. */
export interface MemoryUse {
  /** Everything in RAM, also what is shared with other processes. */
  readonly residentKb: number;
  /** Shared pages divided by the number of their users. */
  readonly proportionalKb: number;
  /** What would be free if the process ended: private clean and private dirty pages. */
  readonly privateKb: number;
}

/** `/proc` counts processor time in ticks; Linux shows user space a hundred a second (sysconf(3), _SC_CLK_TCK). */
const MICROSECONDS_PER_TICK = 10_000;
/** Places of `utime` and `stime` behind the name of the program (proc_pid_stat(5), fields 14 and 15). */
const USER_TIME = 11;
const SYSTEM_TIME = 12;

/** User and system time in microseconds out of `/proc/<pid>/stat`. The name of the program may hold blanks and brackets. */
export function cpuMicrosOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
  if (!Number.isFinite(ticks)) throw new Error('/proc/<pid>/stat is not as expected.');
  return ticks * MICROSECONDS_PER_TICK;
}

/** Out of `/proc/<pid>/smaps_rollup`. */
export function memoryUseOf(rollup: string): MemoryUse {
  const kb = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1];
    if (found === undefined) throw new Error(`/proc/<pid>/smaps_rollup has no ${name}.`);
    return Number(found);
  };
  return {
    residentKb: kb('Rss'),
    proportionalKb: kb('Pss'),
    privateKb: kb('Private_Clean') + kb('Private_Dirty'),
  };
}

/** User and system time that the process has used so far, all its threads, in microseconds. */
export function cpuMicros(pid: number): number {
  return cpuMicrosOf(readProc(pid, 'stat'));
}

export function memoryUse(pid: number): MemoryUse {
  return memoryUseOf(readProc(pid, 'smaps_rollup'));
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (cause) {
    throw new Error('The benchmarks read /proc, which only Linux has: run them there, or in a container.', { cause });
  }
}
