import type { QuoteState, RecordOf } from '../../../records/canonical-record.js';
import type { Pipeline, QuoteStage } from '../hubspot.pipelines.js';
import { flag, noonOf, propertiesOf, statusInWords, titled, type Written } from './values.js';

const STAGES: Readonly<Record<QuoteState, QuoteStage>> = {
  draft: 'Draft',
  quoted: 'Quoted',
  accepted: 'Accepted',
  declined: 'Declined',
  discarded: 'Discarded',
  unknown: 'Other',
};

/** A quote is a deal; it is expected to close when the cover begins. */
export function quoteDealOf({ fields, locator, op }: RecordOf<'quote'>, pipeline: Pipeline<QuoteStage>): Written {
  const { name, product, state, startDate, endDate, grossPremium, currency, selected } = fields;
  const stage = op === 'void' ? 'Discarded' : state && STAGES[state];
  return {
    properties: propertiesOf({
      dealname: titled('Quote', name),
      pipeline: pipeline.id,
      dealstage: stage && pipeline.stageIds[stage],
      amount: grossPremium,
      deal_currency_code: currency,
      closedate: noonOf(startDate),
      socotra_number: name,
      socotra_product: product,
      socotra_status: statusInWords(op, state),
      socotra_effective_date: startDate,
      socotra_expiration_date: endDate,
      socotra_gross_premium: grossPremium,
      socotra_currency: currency,
      socotra_selected: flag(selected),
      socotra_locator: locator,
    }),
    fallbacks: { dealname: `Quote ${locator}`, dealstage: pipeline.stageIds.Other },
  };
}
