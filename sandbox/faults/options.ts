import { parseArgs } from 'node:util';
import { DEMO_TARGETS, type DemoTargetName } from '../demo/demo-target.ts';
import { FAULT_KINDS, type FaultKind, factsOf, isFaultKind, type StoreName, STORES } from './fault-kinds.ts';

const FLAGS = {
  store: { type: 'string' },
  runs: { type: 'string' },
  seed: { type: 'string' },
  only: { type: 'string' },
  target: { type: 'string' },
  parallel: { type: 'string' },
  json: { type: 'string' },
  report: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export const USAGE = `Usage: npm run faults -- [--store sqlite|postgres|both] [--runs N] [--seed S] [--only <kind of fault>]
                         [--target rest|hubspot|odoo|salesforce] [--parallel N] [--json <folder>]
       npm run faults -- --report        writes the tables of docs/reliability.md from the results`;
const MOST_RUNS = 100_000;
const MOST_PARALLEL = 16;
const MAX_SEED = 2_147_483_647;
const DEFAULT_RUNS = '20';

export interface FaultOptions {
  readonly stores: readonly StoreName[];
  /** For each store. */
  readonly runs: number;
  /** Of the first run; the next ones count up. */
  readonly seed: number;
  readonly only: FaultKind | undefined;
  readonly target: DemoTargetName | undefined;
  readonly parallel: number;
  /** The folder in which the results are kept, one file for each store; `undefined`: they are not kept. */
  readonly json: string | undefined;
}

export type OptionsReading =
  | { readonly kind: 'run'; readonly options: FaultOptions }
  | { readonly kind: 'report' }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly problem: string };

/** Reads the command line; a problem is one sentence. */
export function readOptions(args: readonly string[]): OptionsReading {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, strict: false, allowPositionals: true });
  const unknown = [
    ...Object.keys(values)
      .filter((name) => !Object.hasOwn(FLAGS, name))
      .map((name) => `--${name}`),
    ...positionals,
  ][0];
  if (unknown !== undefined) return misused(`"${unknown}" is not known.`);
  if (values.help === true) return { kind: 'help' };
  if (values.report === true) return { kind: 'report' };
  const { store = 'both', runs = DEFAULT_RUNS, seed = '1', parallel = '2', only, target, json } = values;
  const stores = store === 'both' ? STORES : STORES.filter((name) => name === store);
  if (stores.length === 0) return misused('--store must be sqlite, postgres or both.');
  if (!isWhole(runs, 1, MOST_RUNS)) return misused(`--runs must be a whole number from 1 to ${MOST_RUNS}.`);
  if (!isWhole(seed, 0, MAX_SEED)) return misused(`--seed must be a whole number from 0 to ${MAX_SEED}.`);
  if (!isWhole(parallel, 1, MOST_PARALLEL)) {
    return misused(`--parallel must be a whole number from 1 to ${MOST_PARALLEL}.`);
  }
  if (json === true || json === '') return misused('--json needs the name of a folder.');
  const kind = typeof only === 'string' && isFaultKind(only) ? only : undefined;
  if (only !== undefined && kind === undefined) {
    return misused(`--only must be one of ${Object.keys(FAULT_KINDS).join(', ')}.`);
  }
  const able = stores.filter((name) => kind === undefined || factsOf(kind).stores.includes(name));
  if (able.length === 0) return misused(`${String(only)} cannot happen to ${String(store)}.`);
  const targetName = isTarget(target) ? target : undefined;
  if (target !== undefined && targetName === undefined) {
    return misused(`--target must be one of ${Object.keys(DEMO_TARGETS).join(', ')}.`);
  }
  if (kind !== undefined && targetName !== undefined && factsOf(kind).targets?.includes(targetName) === false) {
    return misused(`${kind} cannot happen to ${targetName}.`);
  }
  return {
    kind: 'run',
    options: {
      stores: able,
      runs: Number(runs),
      seed: Number(seed),
      only: kind,
      target: targetName,
      parallel: Number(parallel),
      json: typeof json === 'string' ? json : undefined,
    },
  };
}

function isTarget(name: string | boolean | undefined): name is DemoTargetName {
  return typeof name === 'string' && Object.hasOwn(DEMO_TARGETS, name);
}

function isWhole(text: string | boolean, least: number, most: number): boolean {
  return /^\d{1,10}$/.test(String(text)) && Number(text) >= least && Number(text) <= most;
}

function misused(sentence: string): OptionsReading {
  return { kind: 'misused', problem: `${sentence}\n${USAGE}` };
}
