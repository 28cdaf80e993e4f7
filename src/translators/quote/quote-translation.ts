import type { Quote } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import type { QuoteState, RecordOf } from '../../records/canonical-record.js';
import { sum } from '../../records/money.js';
import type { TimelineLine } from '../activity.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import { canonicalRecord, dayOf, ended, voidRecord } from '../record.js';
import { toParty, toPolicy } from '../relations.js';
import { tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';
import { amount, calledBy } from '../wording.js';

export const QUOTE_NEEDS = [...POLICY_NEEDS, 'quote'] as const satisfies readonly SnapshotMember[];

function stateOf(quote: Quote): QuoteState {
  switch (quote.state) {
    case 'draft':
    case 'quoted':
    case 'accepted':
    case 'declined':
    case 'discarded':
      return quote.state;
    default:
      return 'unknown';
  }
}

/** Absent until Core has priced the quote. */
function grossPremiumOf(quote: Quote): string | undefined {
  const premiums = quote.characteristics
    .filter((segment) => segment.replacedMs === undefined)
    .flatMap((segment) => segment.grossPremium ?? []);
  return premiums.length === 0 ? undefined : sum(premiums);
}

function quoteCurrency(input: TranslationInput, quote: Quote): string | undefined {
  return quote.currency ?? input.snapshot.policy?.currency;
}

/** Core names the quotes of a policy 1, 2, 3: `100004200-1` tells them apart among all. */
function nameOf(input: TranslationInput, quote: Quote): string {
  const policy = input.snapshot.policy?.displayId ?? quote.policyLocator;
  return policy === undefined ? quote.name : `${policy}-${quote.name}`;
}

function quoteRecord(input: TranslationInput, quote: Quote, endState: 'discarded' | undefined): RecordOf<'quote'> {
  const state = endState ?? stateOf(quote);
  const record = canonicalRecord(input, 'quote', {
    locator: quote.locator,
    op: state === 'discarded' ? 'void' : 'upsert',
    fields: {
      name: nameOf(input, quote),
      product: quote.productName,
      state,
      startDate: dayOf(input, quote.contractStartMs),
      endDate: dayOf(input, quote.contractEndMs),
      grossPremium: grossPremiumOf(quote),
      currency: quoteCurrency(input, quote),
      selected: quote.selected,
    },
    relations: [...toParty(input, true), ...toPolicy(input, false)],
    changedMs: [quote.createdMs, quote.updatedMs],
  });
  return endState === undefined ? record : ended(input, record);
}

/** `Quote 100004200-1 accepted: premium 1100.00 USD` */
function lineOf(input: TranslationInput, quote: Quote, verb: string): string {
  const premium = amount(': premium', grossPremiumOf(quote), quoteCurrency(input, quote));
  return `Quote ${nameOf(input, quote)} ${verb}${premium}`;
}

/**
 * @param endState only for a discard, which Core may not show for some seconds
 * @param line the whole line, where an event of the policy tells the same change
 */
export function quoteTranslation(
  input: TranslationInput,
  verb: string,
  { endState, line }: { readonly endState?: 'discarded'; readonly line?: TimelineLine | undefined } = {},
): Translation {
  const { quote } = input.snapshot;
  if (quote !== undefined) {
    return tell(input, { line: line ?? lineOf(input, quote, verb), about: quoteRecord(input, quote, endState) });
  }
  const { quoteLocator } = input.event.locators;
  if (quoteLocator === undefined) return tell(input, { line: line ?? `Quote ${verb}` });
  const gone = endState && voidRecord(input, 'quote', quoteLocator, { state: endState });
  return tell(input, { line: line ?? `Quote ${calledBy({ locator: quoteLocator })} ${verb}`, gone });
}
