import type { GracePeriod, Policy } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import { awaiting, ownLine } from '../activity.js';
import { tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';
import { amount, calledBy } from '../wording.js';

export const GRACE_PERIOD_NEEDS = [...POLICY_NEEDS, 'gracePeriod'] as const satisfies readonly SnapshotMember[];

/** ` for invoice 100004270 of 97.15 USD`, the bill that the grace period waits for. */
function billOf(policy: Policy | undefined, invoiceLocator: string | undefined): string {
  const invoice = policy?.invoices.find((candidate) => candidate.locator === invoiceLocator);
  if (invoice === undefined) return '';
  return ` for invoice ${calledBy(invoice)}${amount(' of', invoice.totalDue, invoice.currency ?? policy?.currency)}`;
}

/**
 * A grace period is no record of its own: it shows in the status of the policy and on its timeline.
 *
 * @param endsIt the event says that it is over
 */
export function gracePeriodTranslation(
  input: TranslationInput,
  verb: string,
  facts: (gracePeriod: GracePeriod | undefined) => string,
  { endsIt = false } = {},
): Translation {
  const { policy, gracePeriod } = input.snapshot;
  const bill = billOf(policy, gracePeriod?.invoiceLocator ?? input.event.locators.invoiceLocator);
  const sentence = `Grace period${bill} ${verb}${facts(gracePeriod)}`;
  const isEarly = endsIt && gracePeriod !== undefined && gracePeriod.settledMs === undefined;
  return tell(input, { line: isEarly ? awaiting('settlement', ownLine(input, undefined, sentence)) : sentence });
}
