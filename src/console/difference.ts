import { Big } from 'big.js';
import type { HeldRecord } from '../connectors/connector.js';

/** One field of a record: what would be written, what is there, whether that would change anything. */
export interface FieldDifference {
  readonly field: string;
  readonly wanted: string;
  /** Absent: nothing is there yet, or the target cannot be asked. */
  readonly held?: string;
  readonly differs: boolean;
}

/** Field by field; what would change comes first. */
export function differenceOf({ wanted, held }: Pick<HeldRecord, 'wanted' | 'held'>): readonly FieldDifference[] {
  const fields = Object.entries(wanted).map(([field, value]): FieldDifference => {
    const now = held === undefined ? undefined : (held[field] ?? '');
    return {
      field,
      wanted: value,
      ...(now !== undefined && { held: now }),
      differs: !isSameValue(value, now ?? ''),
    };
  });
  return fields.toSorted((a, b) => Number(b.differs) - Number(a.differs));
}

const NUMBER = /^-?\d+(\.\d+)?$/;
/** With a time: Odoo writes a space and no zone, Salesforce an offset without a colon. */
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/;

/** Whether two texts stand for the same value, however the target writes it. */
export function isSameValue(a: string, b: string): boolean {
  if (a === b) return true;
  if (NUMBER.test(a) && NUMBER.test(b)) return new Big(a).eq(new Big(b));
  const [first, second] = [instantOf(a), instantOf(b)];
  if (first !== undefined && second !== undefined) return first === second;
  return withoutPadding(a) === withoutPadding(b);
}

function instantOf(text: string): number | undefined {
  const [, day, time, zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const instant = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(instant) ? undefined : instant;
}

function withoutPadding(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}
