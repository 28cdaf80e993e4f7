import { type ReasonPlace, reasonFor } from '../../src/ops/reasons.ts';
import type { Labels } from '../logql/plan.ts';
import type { Panel, Unit } from '../panels.ts';
import type { ReadCounts } from './log-reader.ts';

/** What a row of a table means, and what helps. */
export interface RowWords {
  readonly meaning: string;
  readonly remedy: string;
}

const UNKNOWN_CODE = "A code of the target's own: its page in docs/connectors has it.";

/** Why a late tenant is late, where its state says it all; see docs/operations.md, `tenant.late`. */
const STATES: Readonly<Partial<Record<string, RowWords>>> = {
  due: {
    meaning: 'In hand, or others are before it.',
    remedy: 'If it stays so, the load is too high or the worker is stuck.',
  },
  not_called: {
    meaning: 'Nobody has called for this tenant since the app began, so its key is not known.',
    remedy: 'A webhook or Start ends it; a probe too, unless the tenant was stopped (look for tenant.stopped).',
  },
  stopped: {
    meaning: 'The customer stopped it; what was left is kept.',
    remedy: 'Nothing: a Start goes on with it.',
  },
};
const PLACES: Readonly<Partial<Record<string, ReasonPlace>>> = {
  paused: 'paused',
  retrying: 'retry',
  resting: 'retry',
};

/** The words for a row of this panel; undefined: its labels say all. */
export function rowWords({ reasons }: Panel, { state, code = '' }: Labels): RowWords | undefined {
  if (reasons === undefined) return undefined;
  const ofState = state === undefined ? undefined : STATES[state];
  if (ofState) return ofState;
  const place = state === undefined ? reasons : PLACES[state];
  const found = place && code !== '' ? reasonFor(place, code) : undefined;
  if (found) return { meaning: found.meaning, remedy: found.remedy ?? '' };
  return code === ''
    ? { meaning: 'It was asked to rest, or its target does not answer.', remedy: '' }
    : { meaning: UNKNOWN_CODE, remedy: '' };
}

/** What was read, in one or two sentences. */
export function countsInWords({ own, foreign, garbage, isCutOff }: ReadCounts): string {
  const others = [
    ...(foreign > 0 ? [`${amount(foreign)} other JSON ${foreign === 1 ? 'line' : 'lines'}`] : []),
    ...(garbage > 0 ? [`${amount(garbage)} other ${garbage === 1 ? 'line' : 'lines'}`] : []),
  ];
  return [
    `${amount(own)} ${own === 1 ? 'line' : 'lines'} of Socotra Sync.`,
    ...(others.length > 0 ? [`${others.join(' and ')} left out.`] : []),
    ...(isCutOff ? ['The last line is cut off.'] : []),
  ].join(' ');
}

export function amount(count: number): string {
  return count.toLocaleString('en');
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A value as a person writes it: `1.5 s`, `88 MB`, `0.25/s`. */
export function valueInWords(value: number, unit: Unit): string {
  switch (unit) {
    case 'milliseconds':
      return durationInWords(value);
    case 'bytes':
      return `${Math.round(value / 1_000_000)} MB`;
    case 'per second':
      return `${rounded(value)}/s`;
    case 'count':
      return amount(Math.round(value));
  }
}

function durationInWords(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${rounded(ms / SECOND)} s`;
  if (ms < HOUR) return inTwo(ms, [MINUTE, 'min'], [SECOND, 's']);
  if (ms < DAY) return inTwo(ms, [HOUR, 'h'], [MINUTE, 'min']);
  return inTwo(ms, [DAY, 'd'], [HOUR, 'h']);
}

type NamedUnit = readonly [ms: number, name: string];

function inTwo(ms: number, [large, largeName]: NamedUnit, [small, smallName]: NamedUnit): string {
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(2)));
}
