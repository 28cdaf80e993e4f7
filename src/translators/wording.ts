import type { Modification } from '../core/entities.js';
import { longDate } from '../records/local-date.js';
import { formatMoney, formatSigned } from '../records/money.js';
import type { DecimalString } from '../records/canonical-record.js';
import type { LevelInput } from './translator.js';

// Pieces of timeline sentences. Each is empty where Core did not give the fact, so the sentence only gets plainer.

/** Up to here a locator is a number that people can read and type. */
const READABLE_LENGTH = 12;
const SHORT_LENGTH = 6;

/**
 * What an entity is called in a sentence: its number, else its locator. Nobody reads 36 characters of a UUID on a
 * timeline; its end, `…cefb69`, tells two of them apart, and the record itself holds it in full.
 */
export function calledBy(entity: { readonly displayId?: string; readonly locator: string }): string {
  const name = entity.displayId ?? entity.locator;
  return name.length > READABLE_LENGTH && name === entity.locator ? `…${name.slice(-SHORT_LENGTH)}` : name;
}

/** `, effective 1 Sep 2024` */
export function effectiveOn(input: LevelInput, instantMs: number | undefined): string {
  return onDay(input, ', effective', instantMs);
}

/** The given words and the day of the instant (milliseconds since the epoch), ` due 1 Jun 2024` for `' due'`. */
export function onDay(input: LevelInput, words: string, instantMs: number | undefined): string {
  return instantMs === undefined ? '' : `${words} ${longDate(instantMs, input.timeZone)}`;
}

/** ` 1 Jun 2024 to 1 Jun 2025`, after the given words. */
export function period(
  input: LevelInput,
  words: string,
  startMs: number | undefined,
  endMs: number | undefined,
): string {
  if (startMs === undefined || endMs === undefined) return '';
  return `${words} ${longDate(startMs, input.timeZone)} to ${longDate(endMs, input.timeZone)}`;
}

/** The given words and the amount, ` of 97.15 USD` for `' of'`. */
export function amount(words: string, value: DecimalString | undefined, currency: string | undefined): string {
  return value === undefined ? '' : `${words} ${formatMoney(value, currency)}`;
}

/** `: premium +89.75 USD` */
export function premiumChange(modification: Modification | undefined, currency: string | undefined): string {
  return modification?.premiumChange === undefined
    ? ''
    : `: premium ${formatSigned(modification.premiumChange, modification.currency ?? currency)}`;
}
