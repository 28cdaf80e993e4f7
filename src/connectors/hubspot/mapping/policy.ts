import type { PolicyStatus, RecordOf } from '../../../records/canonical-record.js';
import type { Pipeline, PolicyStage } from '../hubspot.pipelines.js';
import { propertiesOf, statusInWords, titled, type Value, type Written } from './values.js';

type Policy = RecordOf<'policy'>;

const STAGES: Readonly<Record<PolicyStatus, PolicyStage>> = {
  quote: 'Quote',
  issued: 'Issued',
  in_force: 'In force',
  in_grace_period: 'Grace period',
  cancelled: 'Cancelled',
  reinstated: 'Reinstated',
  lapsed: 'Lapsed',
  expired: 'Expired',
};

/** A policy in an account with custom objects. */
export function policyObjectOf(policy: Policy): Written {
  return {
    properties: propertiesOf(ownProperties(policy)),
    fallbacks: { socotra_number: policy.locator },
  };
}

/** A policy in an account without: a deal in a pipeline of its own. */
export function policyDealOf(policy: Policy, pipeline: Pipeline<PolicyStage>): Written {
  const { number, status, termPremium, currency, issuedAt } = policy.fields;
  const stage = policy.op === 'void' ? 'Discarded' : status && STAGES[status];
  return {
    properties: propertiesOf({
      dealname: titled('Policy', number),
      pipeline: pipeline.id,
      dealstage: stage && pipeline.stageIds[stage],
      amount: termPremium,
      deal_currency_code: currency,
      closedate: issuedAt,
      ...ownProperties(policy),
    }),
    fallbacks: { dealname: `Policy ${policy.locator}`, dealstage: pipeline.stageIds.Quote },
  };
}

/** The roll-ups, which stand for the invoices, payments and changes that HubSpot has no record for. */
function ownProperties({ fields, locator, op }: Policy): Readonly<Record<string, Value>> {
  return {
    socotra_number: fields.number,
    socotra_product: fields.product,
    socotra_status: statusInWords(op, fields.status),
    socotra_effective_date: fields.effectiveDate,
    socotra_expiration_date: fields.expirationDate,
    socotra_issued_at: fields.issuedAt,
    socotra_currency: fields.currency,
    socotra_term_premium: fields.termPremium,
    socotra_taxes: fields.taxes,
    socotra_fees: fields.fees,
    socotra_payment_schedule: fields.paymentSchedule,
    socotra_cancellation_date: fields.cancellationDate,
    socotra_cancellation_reason: fields.cancellationReason,
    socotra_balance_due: fields.balanceDue,
    socotra_paid_to_date: fields.paidToDate,
    socotra_past_due_since: fields.pastDueSince,
    socotra_next_renewal_date: fields.nextRenewalDate,
    socotra_last_change: fields.lastChange,
    socotra_locator: locator,
  };
}
