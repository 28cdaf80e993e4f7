import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endAllChildren } from './children.ts';
import type { Machine } from './machine.ts';

/** One measured thing of a case, with one number for each round. */
export interface Variant {
  readonly name: string;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
}

/** The raw data of one case. */
export interface CaseData {
  /** What was held fixed, in the words of the page. */
  readonly conditions: Readonly<Record<string, string | number>>;
  readonly variants: readonly Variant[];
  /** Sentences about what could not be measured here. */
  readonly skipped: readonly string[];
}

export interface CaseResult extends CaseData {
  readonly case: string;
  readonly machine: Machine;
}

export interface BenchContext {
  readonly rounds: number;
  /** A look, not a measurement: as little of everything as still shows the way. */
  readonly quick: boolean;
  readonly machine: Machine;
  /** Progress, for whoever waits. */
  readonly say: (line: string) => void;
  /** An empty folder that is gone after the case. */
  readonly folder: () => string;
  /** Called after the case, the latest first, whatever happened. */
  readonly afterwards: (end: () => void | Promise<void>) => void;
}

export interface BenchCase {
  readonly name: string;
  /** What it measures, in a sentence. */
  readonly title: string;
  /** How often it takes each measurement unless told otherwise: fewer where one takes minutes. */
  readonly rounds: number;
  readonly run: (context: BenchContext) => Promise<CaseData>;
}

/** Somebody has stopped the benchmarks before they were through. */
export class InterruptedError extends Error {}

/** Never fulfilled; rejected by the first signal, so that what a case has started is ended all the same. */
function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new InterruptedError('The benchmarks were interrupted.')));
    }
  });
}

/** Runs one case and cleans up behind it. */
export async function runCase(
  benchCase: BenchCase,
  { rounds, quick, machine, say }: Pick<BenchContext, 'rounds' | 'quick' | 'machine' | 'say'>,
): Promise<CaseResult> {
  const ends: (() => void | Promise<void>)[] = [];
  const context: BenchContext = {
    rounds,
    quick,
    machine,
    say: (line) => say(`${benchCase.name}: ${line}`),
    afterwards: (end) => void ends.push(end),
    folder: () => {
      const folder = mkdtempSync(join(tmpdir(), 'socotra-sync-bench-'));
      ends.push(() => rmSync(folder, { recursive: true, force: true }));
      return folder;
    },
  };
  try {
    return { case: benchCase.name, machine, ...(await Promise.race([benchCase.run(context), interruption()])) };
  } catch (error) {
    if (error instanceof InterruptedError) endAllChildren();
    throw error;
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}
