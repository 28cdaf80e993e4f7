import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = '/sys/fs/cgroup';
const PERIOD_MICROS = 100_000;
const REMOVAL_ATTEMPTS = 20;
const REMOVAL_WAIT_MS = 100;

export interface Limits {
  readonly memoryBytes?: number;
  /** Share of one core: 0.075 is 7.5 ms in every 100 ms. */
  readonly cpuShare?: number;
}

/** A control group of Linux with limits, for one process at a time. */
export interface ControlGroup {
  /** The command that runs `command` inside: it is a member before its first instruction. */
  inside(command: readonly string[]): readonly string[];
  /** What the kernel could not take back: all that the group holds but cached files. Files that are mapped, such as code, count. */
  heldBytes(): number;
  /** The same and the cached files that were used lately: of a queue that is worked on, its file. */
  workingSetBytes(): number;
  /** The highest count of all pages ever, cached files included. */
  peakBytes(): number;
  /** How many processes the kernel has killed for want of memory. */
  kills(): number;
  /** Once its process has ended. */
  remove(): Promise<void>;
}

interface Layout {
  readonly folders: readonly string[];
  readonly limits: (limits: Limits) => readonly (readonly [file: string, value: string])[];
  readonly usage: string;
  readonly peak: string;
  readonly files: { readonly inactive: RegExp; readonly active: RegExp; readonly mapped: RegExp };
  readonly statistics: string;
  readonly events: string;
}

const KILLS = /^oom_kill (\d+)$/m;

/** @returns undefined where control groups cannot be written */
export function createControlGroup(limits: Limits): ControlGroup | undefined {
  const name = `socotra-sync-bench-${process.pid}-${counter++}`;
  const layout = layoutFor(name);
  if (layout === undefined) return undefined;
  try {
    for (const folder of layout.folders) mkdirSync(folder);
    for (const [file, value] of layout.limits(limits)) writeFileSync(file, value);
  } catch {
    // Some of it may exist: it goes again, and the case says that it was left out.
    void removeFolders(layout.folders);
    return undefined;
  }
  const number = (file: string) => Number(readFileSync(file, 'utf8'));
  const found = (file: string, pattern: RegExp) => Number(pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  return {
    inside: (command) => {
      const enter = layout.folders.map((folder) => `echo $$ > ${join(folder, 'cgroup.procs')}`).join(' && ');
      return ['/bin/sh', '-c', `${enter} && exec "$0" "$@"`, ...command];
    },
    heldBytes: () => {
      const { inactive, active, mapped } = layout.files;
      const [unused, used, code] = [inactive, active, mapped].map((pattern) => found(layout.statistics, pattern));
      return number(layout.usage) - (unused ?? 0) - (used ?? 0) + (code ?? 0);
    },
    workingSetBytes: () => number(layout.usage) - found(layout.statistics, layout.files.inactive),
    peakBytes: () => number(layout.peak),
    kills: () => found(layout.events, KILLS),
    remove: () => removeFolders(layout.folders),
  };
}

let counter = 0;

function layoutFor(name: string): Layout | undefined {
  const [memory, cpu] = [join(ROOT, 'memory', name), join(ROOT, 'cpu', name)];
  if (isWritable(join(ROOT, 'memory')) && isWritable(join(ROOT, 'cpu'))) return version1(memory, cpu);
  const controllers = join(ROOT, 'cgroup.subtree_control');
  if (!existsSync(controllers) || !isWritable(ROOT)) return undefined;
  const available = readFileSync(controllers, 'utf8').split(/\s/);
  return available.includes('memory') && available.includes('cpu') ? version2(join(ROOT, name)) : undefined;
}

function version1(memory: string, cpu: string): Layout {
  return {
    folders: [memory, cpu],
    limits: ({ memoryBytes, cpuShare }) => [
      ...(memoryBytes === undefined ? [] : [[join(memory, 'memory.limit_in_bytes'), String(memoryBytes)] as const]),
      ...(cpuShare === undefined ? [] : [[join(cpu, 'cpu.cfs_quota_us'), quota(cpuShare)] as const]),
    ],
    usage: join(memory, 'memory.usage_in_bytes'),
    peak: join(memory, 'memory.max_usage_in_bytes'),
    statistics: join(memory, 'memory.stat'),
    files: {
      inactive: /^total_inactive_file (\d+)$/m,
      active: /^total_active_file (\d+)$/m,
      mapped: /^total_mapped_file (\d+)$/m,
    },
    events: join(memory, 'memory.oom_control'),
  };
}

function version2(folder: string): Layout {
  return {
    folders: [folder],
    limits: ({ memoryBytes, cpuShare }) => [
      ...(memoryBytes === undefined ? [] : [[join(folder, 'memory.max'), String(memoryBytes)] as const]),
      ...(memoryBytes === undefined ? [] : [[join(folder, 'memory.swap.max'), '0'] as const]),
      ...(cpuShare === undefined ? [] : [[join(folder, 'cpu.max'), `${quota(cpuShare)} ${PERIOD_MICROS}`] as const]),
    ],
    usage: join(folder, 'memory.current'),
    peak: join(folder, 'memory.peak'),
    statistics: join(folder, 'memory.stat'),
    files: { inactive: /^inactive_file (\d+)$/m, active: /^active_file (\d+)$/m, mapped: /^file_mapped (\d+)$/m },
    events: join(folder, 'memory.events'),
  };
}

function quota(cpuShare: number): string {
  return String(Math.round(cpuShare * PERIOD_MICROS));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    for (let attempt = 0; attempt < REMOVAL_ATTEMPTS && existsSync(folder); attempt++) {
      try {
        rmdirSync(folder);
      } catch {
        // The kernel removes nothing that is in use, and a process that has ended is on its way out a little longer.
        await sleep(REMOVAL_WAIT_MS);
      }
    }
  }
}
