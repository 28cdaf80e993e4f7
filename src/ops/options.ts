import { parseArgs } from 'node:util';
import type { EventFilter, EventState } from '../queue/operator/traces.js';

const FLAGS = {
  tenant: { type: 'string' },
  type: { type: 'string' },
  reason: { type: 'string' },
  root: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  state: { type: 'string' },
  rate: { type: 'string' },
  limit: { type: 'string' },
  all: { type: 'boolean' },
  yes: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;
type Flag = keyof typeof FLAGS;

const OF_EVENTS: readonly Flag[] = ['tenant', 'type', 'reason', 'root', 'since', 'until', 'state'];
const OF_CHANGES: readonly Flag[] = [...OF_EVENTS, 'all', 'yes', 'rate'];
const SCREEN: readonly Flag[] = ['json', 'help'];

interface Shape {
  readonly flags: readonly Flag[];
  /** How many names follow the command. */
  readonly names: readonly [least: number, most: number];
  readonly missing?: string;
}

const COMMANDS = {
  status: { flags: [], names: [0, 0] },
  where: { flags: ['limit'], names: [1, 1], missing: 'where needs a locator, a record key or an event id.' },
  'dead-letters': { flags: [...OF_EVENTS, 'limit'], names: [0, 0] },
  replay: { flags: OF_CHANGES, names: [0, 500] },
  purge: { flags: OF_CHANGES, names: [0, 500] },
  pause: { flags: [], names: [1, 1], missing: 'pause needs a tenant, as "status" shows it.' },
  resume: { flags: [], names: [1, 1], missing: 'resume needs a tenant, as "status" shows it.' },
} as const satisfies Record<string, Shape>;
export type CommandName = keyof typeof COMMANDS;

/** Of what has ended; what waits is nobody's to change. */
const STATES: readonly EventState[] = ['dead', 'skipped', 'delivered'];

export interface Options {
  readonly command: CommandName;
  readonly names: readonly string[];
  readonly filter: EventFilter;
  readonly yes: boolean;
  readonly rate: number;
  readonly limit: number;
  readonly json: boolean;
}

export type Reading =
  | { readonly kind: 'options'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly problem: string; readonly json: boolean };

/** Reads the command line; a problem is one sentence. */
export function readOptions(args: readonly string[], nowMs: number): Reading {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, strict: false, allowPositionals: true });
  const json = values.json === true;
  const misused = (problem: string): Reading => ({ kind: 'misused', problem, json });
  const [name, ...names] = positionals;
  if (values.help === true || (name === undefined && args.length === 0) || name === 'help') return { kind: 'help' };
  if (name === undefined) return misused('Name a command.');
  if (!isCommand(name)) return misused(`There is no command "${name}"; there is: ${Object.keys(COMMANDS).join(', ')}.`);
  const shape: Shape = COMMANDS[name];
  for (const [flag, value] of Object.entries(values)) {
    if (!isFlag(flag)) return misused(`--${flag} is not known.`);
    if (![...shape.flags, ...SCREEN].includes(flag)) return misused(`${name} has no --${flag}.`);
    if (FLAGS[flag].type === 'string' && (typeof value !== 'string' || /^(-|$)/.test(value))) {
      return misused(`--${flag} needs a value.`);
    }
    if (FLAGS[flag].type === 'boolean' && value !== true) return misused(`--${flag} takes no value.`);
  }
  const [least, most] = shape.names;
  if (names.length < least) return misused(shape.missing ?? '');
  if (names.length > most) return misused(`${name} does not know what to do with "${names[most] ?? ''}".`);
  return readValues(name, names, values, nowMs);
}

type Values = Readonly<Partial<Record<string, string | boolean | readonly (string | boolean)[]>>>;

function readValues(command: CommandName, names: readonly string[], values: Values, nowMs: number): Reading {
  const json = values.json === true;
  const misused = (problem: string): Reading => ({ kind: 'misused', problem, json });
  const textOf = (flag: Flag) => (typeof values[flag] === 'string' ? values[flag] : undefined);
  const sinceMs = timeOf(textOf('since'), nowMs);
  const untilMs = timeOf(textOf('until'), nowMs);
  if (Number.isNaN(sinceMs)) return misused(`--since ${TIME_ADVICE}`);
  if (Number.isNaN(untilMs)) return misused(`--until ${TIME_ADVICE}`);
  const state = STATES.find((known) => known === (textOf('state') ?? 'dead'));
  if (state === undefined) return misused(`--state must be one of ${STATES.join(', ')}.`);
  const rate = numberOf(textOf('rate') ?? '50', 1_000);
  if (rate === undefined) return misused('--rate must be a whole number from 1 to 1000.');
  const limit = numberOf(textOf('limit') ?? '20', 10_000);
  if (limit === undefined) return misused('--limit must be a whole number from 1 to 10000.');
  const narrow = Object.fromEntries(
    Object.entries({
      tenant: textOf('tenant'),
      type: textOf('type'),
      code: textOf('reason'),
      root: textOf('root'),
      sinceMs,
      untilMs,
    }).filter(([, value]) => value !== undefined),
  );
  const filter = { states: [state], ...narrow };
  const isNarrow = Object.keys(narrow).length > 0 || names.length > 0;
  const all = values.all === true;
  if (all && isNarrow) return misused('--all stands alone: leave it out where something else says which events.');
  const isChange = command === 'replay' || command === 'purge';
  if (isChange && !all && !isNarrow) {
    return misused('Say which: event ids, a filter (--reason, --tenant, …), or --all for every dead letter.');
  }
  const options = { command, names, filter, yes: values.yes === true, rate, limit, json };
  return { kind: 'options', options };
}

const TIME_ADVICE = 'must be a time like 2026-11-22 or 2026-11-22T07:00:00Z, or 30min, 2h, 7d for that long ago.';
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** NaN: not a time. A day begins in UTC, as the log counts. */
function timeOf(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit] = /^(\d{1,6})(s|min|h|d)$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) return nowMs - Number(count) * (UNIT_MS[unit] ?? NaN);
  return ISO.test(text) ? Date.parse(text) : NaN;
}

function numberOf(text: string, most: number): number | undefined {
  const value = Number(text);
  return /^\d{1,6}$/.test(text) && value >= 1 && value <= most ? value : undefined;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function isFlag(name: string): name is Flag {
  return Object.hasOwn(FLAGS, name);
}
