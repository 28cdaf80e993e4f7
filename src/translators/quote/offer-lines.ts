import type { Policy } from '../../core/entities.js';
import type { TimelineLine } from '../activity.js';
import { CREATE } from '../policy/policy-status.js';
import type { TranslationInput } from '../translator.js';
import { amount, period } from '../wording.js';

/** Instants that Core sets within one call agree within some milliseconds; people need longer for a second quote. */
const SAME_CALL_MS = 10_000;

/** The first quote is opened by the call that creates the policy; any other is an event of its own. */
export function isFirstQuote({ event, snapshot }: TranslationInput, policy: Policy): boolean {
  const quoteCreatedMs = snapshot.quote?.createdMs ?? event.occurredAtMs;
  return policy.createdMs !== undefined && Math.abs(quoteCreatedMs - policy.createdMs) <= SAME_CALL_MS;
}

/** The one line of a new policy and its first quote (`policy.create`, `policy.quote.create`). */
export function draftedLine(input: TranslationInput, policy: Policy): TimelineLine {
  const cover = period(input, ', cover', policy.originalContractStartMs, policy.originalContractEndMs);
  return {
    sentence: `Policy ${policy.displayId} drafted as a quote${cover}`,
    type: 'policy.create',
    identity: ['policy.create', policy.locator],
    occurredAtMs: policy.createdMs ?? input.event.occurredAtMs,
  };
}

/**
 * The one line of an accepted quote and its finalized policy (`policy.quote.accept`, `policy.finalize`). Only the first
 * names the quote, so the price comes from the policy. A second acceptance moves the line: before the issue only the
 * last one counts.
 */
export function acceptedLine(input: TranslationInput, policy: Policy): TimelineLine {
  const creation = policy.modifications.find(({ name }) => name === CREATE);
  const premium = amount(': premium', creation?.premiumChange, policy.currency);
  return {
    sentence: `Policy ${policy.displayId} accepted, ready to be issued${premium}`,
    type: 'policy.quote.accept',
    identity: ['policy.quote.accept', policy.locator],
    occurredAtMs: input.event.occurredAtMs,
    isHearsay: true,
  };
}
