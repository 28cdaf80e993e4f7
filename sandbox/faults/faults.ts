import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import cliProgress from 'cli-progress';
import colors from 'picocolors';
import { findPostgres } from '../postgres/find-postgres.ts';
import type { FaultKind } from './fault-kinds.ts';
import { type FaultOptions, readOptions, USAGE } from './options.ts';
import type { RunPlan } from './plan.ts';
import { pageWithTables, PAGE } from './report.ts';
import { keepResult, readResults, RESULTS, tidyResults } from './results.ts';
import type { RunResult } from './run.ts';
import { runTable } from './run-table.ts';
import { impossibleKinds, plansOf, runAll } from './suite.ts';

/** Exit codes of the command. */
const KEPT = 0;
const BROKEN = 1;
const MISUSED = 2;

const print = (line: string) => process.stdout.write(`${line}\n`);

async function faults(options: FaultOptions): Promise<number> {
  const stores = options.stores.filter((store) => store === 'sqlite' || findPostgres() !== undefined);
  if (stores.length < options.stores.length) {
    print('No PostgreSQL here: the runs on it are left out (install it, or set TEST_DATABASE_URL).');
  }
  const plans = stores.flatMap((store) => plansOf({ ...options, store }));
  const possible = leaveOut(plans, await impossibleKinds());
  const results = await runWithProgress(possible, options);
  const { json } = options;
  if (json !== undefined)
    for (const store of new Set(results.map((result) => result.store))) await tidyResults(json, store);
  print(runTable(results));
  const broken = results.filter(({ findings }) => findings.length > 0);
  for (const result of broken) for (const line of linesOf(result, options)) print(line);
  if (broken.length > 0) return BROKEN;
  print(colors.green(`${results.length} runs: nothing lost, nothing twice, nothing old over something new.`));
  return KEPT;
}

/** What this machine cannot do is said once for each kind. */
function leaveOut(plans: readonly RunPlan[], impossible: ReadonlyMap<FaultKind, string>): readonly RunPlan[] {
  const has = (plan: RunPlan, kind: FaultKind) => plan.faults.some((fault) => fault.kind === kind);
  for (const [kind, reason] of impossible) {
    const count = plans.filter((plan) => has(plan, kind)).length;
    if (count > 0) print(`${count} runs with ${kind} are left out, because ${reason}.`);
  }
  return plans.filter((plan) => ![...impossible.keys()].some((kind) => has(plan, kind)));
}

async function runWithProgress(plans: readonly RunPlan[], options: FaultOptions): Promise<readonly RunResult[]> {
  const { parallel, json } = options;
  const interrupted = onInterrupt();
  const keep = (result: RunResult) => {
    if (json !== undefined) keepResult(json, result);
  };
  if (!process.stdout.isTTY) {
    const show = (result: RunResult) => {
      keep(result);
      print(lineOf(result));
    };
    return runAll(plans, { parallel, show, interrupted });
  }
  const bars = new cliProgress.MultiBar(
    { format: '{bar} {value}/{total} {broken}', clearOnComplete: true, gracefulExit: false },
    cliProgress.Presets.shades_classic,
  );
  let broken = 0;
  const bar = bars.create(plans.length, 0, { broken: '' });
  const show = (result: RunResult) => {
    keep(result);
    bars.log(`${lineOf(result)}\n`);
    broken += result.findings.length > 0 ? 1 : 0;
    bar.increment(1, { broken: broken === 0 ? '' : `${broken} broken` });
  };
  const results = await runAll(plans, { parallel, show, interrupted });
  bars.stop();
  return results;
}

/** Runs that have begun are ended properly: a second Ctrl-C does not wait for them. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

function lineOf({ store, seed, target, kinds, findings, accepted, restarts, durationMs }: RunResult): string {
  const verdict = findings.length === 0 ? colors.green('kept  ') : colors.red('broken');
  const facts = `${accepted} accepted, ${restarts} restarts, ${(durationMs / 1000).toFixed(1)} s`;
  return `${verdict} ${store.padEnd(8)} ${String(seed).padStart(6)} ${target.padEnd(10)} ${kinds.join(', ')} (${facts})`;
}

/** What is wrong with a run, how it came to it, and how it is repeated. */
function linesOf({ store, seed, findings, plan }: RunResult, { only, target }: FaultOptions): readonly string[] {
  const narrow = [only === undefined ? '' : ` --only ${only}`, target === undefined ? '' : ` --target ${target}`];
  return [
    '',
    colors.red(`Seed ${seed} on ${store}:`),
    ...findings.map(({ promise, sentence }) => `  ${promise}: ${sentence}`),
    ...plan.map((line) => colors.dim(`  ${line}`)),
    `  Again: npm run faults -- --store ${store} --runs 1 --seed ${seed}${narrow.join('')}`,
  ];
}

async function writeReport(): Promise<number> {
  const folder = fileURLToPath(RESULTS);
  writeFileSync(
    PAGE,
    await pageWithTables({ sqlite: readResults(folder, 'sqlite'), postgres: readResults(folder, 'postgres') }),
  );
  print('docs/reliability.md is up to date.');
  return KEPT;
}

const reading = readOptions(process.argv.slice(2));
switch (reading.kind) {
  case 'help':
    print(USAGE);
    break;
  case 'misused':
    process.stderr.write(`${reading.problem}\n`);
    process.exitCode = MISUSED;
    break;
  case 'report':
    process.exitCode = await writeReport();
    break;
  case 'run':
    process.exitCode = await faults(reading.options);
    break;
}
