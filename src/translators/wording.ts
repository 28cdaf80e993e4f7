import type { Modification } from '../core/entities.js';
import { longDate } from '../records/local-date.js';
import { formatMoney, formatSigned } from '../records/money.js';
import type { DecimalString } from '../records/canonical-record.js';
import type { TranslationInput } from './translator.js';

// Pieces of timeline sentences. Each is empty where Core did not give the fact, so the sentence only gets plainer.

/** `, effective 1 Sep 2024` */
export function effectiveOn(input: TranslationInput, instantMs: number | undefined): string {
  return onDay(input, ', effective', instantMs);
}

/** The given words and the day of the instant (milliseconds since the epoch), ` due 1 Jun 2024` for `' due'`. */
export function onDay(input: TranslationInput, words: string, instantMs: number | undefined): string {
  return instantMs === undefined ? '' : `${words} ${longDate(instantMs, input.timeZone)}`;
}

/** ` 1 Jun 2024 to 1 Jun 2025`, after the given words. */
export function period(
  input: TranslationInput,
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
