import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

/** What the figures were measured on; nothing that names the machine or its owner. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly megahertz: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
}

/** The Standard plan of the Marketplace. */
export const PLAN = { megahertz: 150, memoryBytes: 128 * 1024 * 1024 };

const MEGAHERTZ = /^cpu MHz\s*:\s*([\d.]+)$/m;

export function describeMachine(): Machine {
  const [first] = cpus();
  const megahertz = Number(MEGAHERTZ.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? first?.speed ?? 0);
  return {
    cores: cpus().length,
    model: first?.model ?? 'unknown',
    megahertz,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `Linux ${/^\d+\.\d+/.exec(release())?.[0] ?? ''}`,
    node: process.versions.node,
  };
}

/** The share of one core of this machine that the plan's 150 MHz are. */
export function planCpuShare({ megahertz }: Machine): number {
  if (megahertz <= 0) throw new Error('/proc/cpuinfo does not say how fast this machine is.');
  return PLAN.megahertz / megahertz;
}
