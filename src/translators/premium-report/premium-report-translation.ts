import type { PremiumReport } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import type { RecordOf } from '../../records/canonical-record.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import { canonicalRecord, dayOf, ended, instantOf, voidRecord } from '../record.js';
import { toPolicy } from '../relations.js';
import { tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';
import { amount, calledBy, period } from '../wording.js';

export const PREMIUM_REPORT_NEEDS = [...POLICY_NEEDS, 'premiumReport'] as const satisfies readonly SnapshotMember[];

function numberOf(report: PremiumReport): string {
  return report.displayId ?? report.locator;
}

/** A reversed or revised report did count once, so only a discarded one is void, even while Core still shows a draft. */
function premiumRow(input: TranslationInput, report: PremiumReport, isDiscard: boolean): RecordOf<'premium_row'> {
  const state = isDiscard ? 'discarded' : report.state;
  const record = canonicalRecord(input, 'premium_row', {
    locator: report.locator,
    op: state === 'discarded' ? 'void' : 'upsert',
    fields: {
      number: numberOf(report),
      state,
      periodStart: dayOf(input, report.startMs),
      periodEnd: dayOf(input, report.endMs),
      dueDate: dayOf(input, report.invoiceDueMs),
      issuedAt: instantOf(report.issuedMs),
      grossPremium: report.grossPremium,
      grossTaxes: report.grossTaxes,
      grossFees: report.grossFees,
      grossCommissions: report.grossCommissions,
      currency: input.snapshot.policy?.currency,
    },
    relations: toPolicy(input, false),
    changedMs: [report.createdMs, report.updatedMs, report.issuedMs],
  });
  return isDiscard ? ended(input, record) : record;
}

/**
 * @param verb what happened, `issued`
 * @param endState for an event after which Core may no longer have the report: the state in which it ended
 */
export function premiumReportTranslation(input: TranslationInput, verb: string, endState?: string): Translation {
  const { premiumReport: report, policy } = input.snapshot;
  if (report !== undefined) {
    const premium = amount(': premium', report.grossPremium, policy?.currency);
    return tell(input, {
      line: `Premium report ${calledBy(report)}${period(input, ' for', report.startMs, report.endMs)} ${verb}${premium}`,
      about: premiumRow(input, report, endState === 'discarded'),
    });
  }
  const { premiumReportLocator: locator } = input.event.locators;
  if (locator === undefined) return tell(input, { line: `Premium report ${verb}` });
  const gone = endState === undefined ? undefined : voidRecord(input, 'premium_row', locator, { state: endState });
  return tell(input, { line: `Premium report ${calledBy({ locator })} ${verb}`, gone });
}
