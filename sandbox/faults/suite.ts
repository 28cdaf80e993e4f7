import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DemoTargetName } from '../demo/demo-target.ts';
import { findPostgres } from '../postgres/find-postgres.ts';
import { openPostgres, type PostgresServer } from '../postgres/postgres-server.ts';
import { readStoryEvents } from '../story/story-events.ts';
import { inChapters } from './chapters.ts';
import type { FaultKind, StoreName } from './fault-kinds.ts';
import { planRun, type RunPlan, undisturbedPlan } from './plan.ts';
import { playUndisturbed, type RunOptions, type RunResult, runOnce } from './run.ts';
import { mountSmallDisk } from './store-under-test.ts';
import type { FieldHistory } from './write-history.ts';

const run = promisify(execFile);

/** The indices of the story's events, chapter by chapter: what plans are made of. */
export function chapterIndices(): readonly (readonly number[])[] {
  const events = readStoryEvents();
  return inChapters(events).map((chapter) => chapter.events.map((event) => events.indexOf(event)));
}

/** The order of states is the same on every store and takes seconds to find out: once for each target. */
export class Undisturbed {
  readonly #byTarget = new Map<DemoTargetName, Promise<FieldHistory>>();

  of(target: DemoTargetName): Promise<FieldHistory> {
    const known = this.#byTarget.get(target) ?? playUndisturbed(undisturbedPlan('sqlite', target, chapterIndices()));
    this.#byTarget.set(target, known);
    return known;
  }
}

/** What this machine cannot do to the app, with the reason as a sentence. */
export async function impossibleKinds(): Promise<ReadonlyMap<FaultKind, string>> {
  const impossible = new Map<FaultKind, string>();
  const folder = await mkdtemp(join(tmpdir(), 'socotra-sync-disk-'));
  const mounted = await mountSmallDisk(folder).then(
    () => true,
    () => false,
  );
  if (mounted) await run('umount', [folder]);
  await rm(folder, { recursive: true });
  if (!mounted) impossible.set('disk-full', 'this user may not mount a small file system');
  const limits = await run('prlimit', ['--version']).then(
    () => true,
    () => false,
  );
  if (!limits) impossible.set('writes-fail', 'there is no prlimit');
  if (findPostgres()?.kind === 'server') impossible.set('database-stop', 'the server is not ours to stop');
  return impossible;
}

/** One place to run in: runs in it take turns, so each place has a server of its own that may be stopped. */
export class Lane {
  #server: PostgresServer | undefined;
  readonly #undisturbed: Undisturbed;

  constructor(undisturbed: Undisturbed) {
    this.#undisturbed = undisturbed;
  }

  async run(plan: RunPlan, options: RunOptions = {}): Promise<RunResult> {
    const undisturbed = await this.#undisturbed.of(plan.target);
    if (plan.store === 'sqlite') return runOnce(plan, undisturbed, options);
    return runOnce(plan, undisturbed, { ...options, server: await this.#serverOf() });
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #serverOf(): Promise<PostgresServer> {
    const source = findPostgres();
    if (source === undefined) throw new Error('There is no PostgreSQL on this machine.');
    this.#server ??= await openPostgres(source);
    return this.#server;
  }
}

export interface SuiteChoices {
  readonly store: StoreName;
  readonly runs: number;
  readonly seed: number;
  readonly only?: FaultKind | undefined;
  readonly target?: DemoTargetName | undefined;
}

export function plansOf({ store, runs, seed, only, target }: SuiteChoices): readonly RunPlan[] {
  const chapters = chapterIndices();
  return Array.from({ length: runs }, (_one, index) => planRun({ seed: seed + index, store, only, target, chapters }));
}

export interface SuiteSurroundings {
  /** How many runs at a time. */
  readonly parallel: number;
  /** Gets every result as soon as it is there. */
  readonly show?: (result: RunResult) => void;
  /** What has begun is ended, nothing more is begun. */
  readonly interrupted?: AbortSignal;
  readonly undisturbed?: Undisturbed;
}

/** Carries the plans out. */
export async function runAll(
  plans: readonly RunPlan[],
  { parallel, show = () => undefined, interrupted, undisturbed = new Undisturbed() }: SuiteSurroundings,
): Promise<readonly RunResult[]> {
  const waiting = [...plans];
  const results: RunResult[] = [];
  const lanes = Array.from({ length: Math.min(parallel, plans.length) }, () => new Lane(undisturbed));
  await Promise.all(
    lanes.map(async (lane) => {
      try {
        for (let plan = waiting.shift(); plan !== undefined && !interrupted?.aborted; plan = waiting.shift()) {
          const result = await lane.run(plan);
          results.push(result);
          show(result);
        }
      } finally {
        await lane.close();
      }
    }),
  );
  return results.toSorted((a, b) => a.seed - b.seed);
}
