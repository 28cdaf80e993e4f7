import { RecentlyUsed } from '../recently-used.js';
import type { LocalDate } from './canonical-record.js';

/** Making an Intl.DateTimeFormat is slow and holds memory; a tenant has one zone, so a few dozen serve a whole container. */
const MAX_FORMATS = 64;
const formats = new Map<string, Intl.DateTimeFormat>();

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function createFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
}

/** The zone's name comes from the tenant's token, so an unknown one is expected: then days are UTC days. */
function formatOrUtc(timeZone: string): Intl.DateTimeFormat {
  try {
    return createFormat(timeZone);
  } catch (error) {
    if (error instanceof RangeError) return createFormat('UTC');
    throw error;
  }
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const oldest = formats.keys().next();
  if (formats.size >= MAX_FORMATS && oldest.done !== true) formats.delete(oldest.value);
  const format = formatOrUtc(timeZone);
  formats.set(timeZone, format);
  return format;
}

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The days of a policy come again with each of its records, and to ask ICU costs as much as hashing a record. */
const days = new RecentlyUsed<Day>(1_000);

function dayOf(instantMs: number, timeZone: string): Day {
  const name = `${instantMs} ${timeZone}`;
  const known = days.get(name);
  if (known !== undefined) return known;
  const day = readDay(instantMs, timeZone);
  days.set(name, day);
  return day;
}

function readDay(instantMs: number, timeZone: string): Day {
  const parts = formatOf(timeZone).formatToParts(instantMs);
  const numberOf = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  return { year: numberOf('year'), month: numberOf('month'), day: numberOf('day') };
}

/**
 * The calendar day of an instant in the tenant's time zone, `2024-09-01`. Core marks days by instants: a term begins at
 * local midnight, an invoice is due in the last millisecond of a local day.
 *
 * @param instantMs milliseconds since the epoch, within the range of a JavaScript date
 * @param timeZone IANA name; an unknown one counts as UTC
 */
export function localDate(instantMs: number, timeZone: string): LocalDate {
  const { year, month, day } = dayOf(instantMs, timeZone);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The same day for sentences, `1 Sep 2024`; month names are ours, because ICU versions disagree on `Sep` and `Sept`. */
export function longDate(instantMs: number, timeZone: string): string {
  const { year, month, day } = dayOf(instantMs, timeZone);
  return `${day} ${MONTHS[month - 1] ?? ''} ${year}`;
}
