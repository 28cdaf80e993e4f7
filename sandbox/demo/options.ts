import { parseArgs } from 'node:util';
import type { DemoTargetName } from './demo-target.ts';

const TARGETS: readonly DemoTargetName[] = ['rest', 'hubspot', 'odoo', 'salesforce'];
const FLAGS = {
  once: { type: 'boolean' },
  target: { type: 'string' },
  port: { type: 'string' },
  drop: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean' },
} as const;
export const USAGE =
  'Usage: npm run demo -- [--once] [--target rest|hubspot|odoo|salesforce] [--port N] [--drop PERCENT [--seed N]]';
const MAX_PORT = 65_535;
/** With fewer webhooks than this there would be little left to show. */
const MAX_DROP_PERCENT = 90;
const MAX_SEED = 2_147_483_647;

export interface DemoOptions {
  /** Tear down after the story and say by the exit code whether everything arrived. */
  readonly once: boolean;
  readonly target: DemoTargetName;
  /** Of the page; 0 takes any free one. */
  readonly port: number;
  /** The share of the webhooks that never rings, in percent. */
  readonly dropPercent: number;
  /** Decides which they are; without one, chance does. */
  readonly seed: number | undefined;
}

export type OptionsReading =
  | { readonly kind: 'demo'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly problem: string };

/** Reads the command line; a problem is one sentence. */
export function readOptions(args: readonly string[]): OptionsReading {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, strict: false, allowPositionals: true });
  const [unknown] = [
    ...Object.keys(values)
      .filter((name) => !Object.hasOwn(FLAGS, name))
      .map((name) => `--${name}`),
    ...positionals,
  ];
  if (unknown !== undefined) return misused(`"${unknown}" is not known.`);
  if (values.help === true) return { kind: 'help' };
  const { once = false, target: targetName = 'rest', port = '0', drop = '0', seed } = values;
  const target = TARGETS.find((known) => known === targetName);
  if (target === undefined) {
    return misused(`There is no stand-in for the target "${targetName}"; there is: ${TARGETS.join(', ')}.`);
  }
  if (!isWholeUpTo(MAX_PORT, port)) return misused(`--port must be a whole number from 0 to ${MAX_PORT}.`);
  if (!isWholeUpTo(MAX_DROP_PERCENT, drop)) {
    return misused(`--drop must be a whole number from 0 to ${MAX_DROP_PERCENT}, in percent.`);
  }
  if (seed !== undefined && !isWholeUpTo(MAX_SEED, seed)) {
    return misused(`--seed must be a whole number from 0 to ${MAX_SEED}.`);
  }
  if (seed !== undefined && Number(drop) === 0) return misused('--seed only has a meaning with --drop.');
  return {
    kind: 'demo',
    options: {
      once: once === true,
      target,
      port: Number(port),
      dropPercent: Number(drop),
      seed: seed === undefined ? undefined : Number(seed),
    },
  };
}

function isWholeUpTo(max: number, text: string | boolean): boolean {
  return /^\d{1,10}$/.test(String(text)) && Number(text) <= max;
}

function misused(sentence: string): OptionsReading {
  return { kind: 'misused', problem: `${sentence} ${USAGE}` };
}
