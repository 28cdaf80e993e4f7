import type { GracePeriod } from '../../core/entities.js';
import type { TimelineLine } from '../activity.js';
import type { TranslationInput } from '../translator.js';
import { calledBy, onDay } from '../wording.js';
import { invoiceRecord, invoicesOf } from './invoice-record.js';
import { totalOf } from './invoice-translation.js';

/** The latest grace period that waits for the bill. */
function gracePeriodFor({ snapshot }: TranslationInput, invoiceLocator: string): GracePeriod | undefined {
  const { gracePeriods = [], gracePeriod } = snapshot;
  return [...(gracePeriod === undefined ? [] : [gracePeriod]), ...gracePeriods]
    .filter((candidate) => candidate.invoiceLocator === invoiceLocator)
    .toSorted((a, b) => (a.startMs ?? 0) - (b.startMs ?? 0))
    .at(-1);
}

/**
 * The one line of a bill that was not paid in time and of the grace period that opens with it (`invoice.pastDue`,
 * `policy.gracePeriod`). It happened when the due time had passed, whenever Core noticed.
 */
export function pastDueLine(input: TranslationInput, invoiceLocator: string): TimelineLine {
  const invoice = invoicesOf(input).find(({ locator }) => locator === invoiceLocator);
  const grace = onDay(input, '; grace period ends', gracePeriodFor(input, invoiceLocator)?.endMs);
  const bill =
    invoice === undefined
      ? 'An invoice is past due'
      : `Invoice ${calledBy(invoice)} past due${totalOf(input, ':', invoice)}${onDay(input, ' was due', invoice.dueMs)}`;
  return {
    sentence: `${bill}${grace}`,
    type: 'invoice.pastDue',
    identity: ['invoice.pastDue', invoiceLocator],
    occurredAtMs: invoice?.dueMs === undefined ? input.event.occurredAtMs : invoice.dueMs + 1,
    about: invoice && invoiceRecord(input, invoice),
    isHearsay: invoice === undefined,
  };
}
