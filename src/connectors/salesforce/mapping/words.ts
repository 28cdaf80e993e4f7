import type { LocalDate } from '../../../records/canonical-record.js';
import type { Org } from '../salesforce.org.js';
import type { ObjectName } from '../salesforce.objects.js';

/** A word of ours as people write it: `in_grace_period`, `inGracePeriod` and `IN_GRACE` begin with a capital, then words. */
export function inWords(word: string): string;
export function inWords(word: string | null | undefined): string | null | undefined;
export function inWords(word: string | null | undefined): string | null | undefined {
  if (!word) return word;
  const words = word
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What stands in a field for the state of a record: a void one ended before it counted. */
export function stateInWords(op: 'upsert' | 'void', state: string | undefined): string | undefined {
  return op === 'void' ? 'Void' : (inWords(state) ?? undefined);
}

/**
 * The value of an org's picklist that says one of these words, the first that there is; undefined: it has none, and the
 * field is left alone. Picklists differ from org to org, and many take nothing else.
 */
export function pick(org: Org, object: ObjectName, field: string, words: readonly string[]): string | undefined {
  const values = org.objects.get(object)?.get(field)?.values ?? [];
  return words.flatMap((word) => values.filter((value) => plain(value) === plain(word))).at(0);
}

/**
 * Where only an instant can be written for a day: noon UTC is on that day for everybody between UTC-12 and UTC+11.
 */
export function noonOf(day: LocalDate | null | undefined): string | null | undefined {
  return day ? `${day}T12:00:00.000Z` : day;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Whether the text is a day, `2024-02-29`, that a calendar has. */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}
