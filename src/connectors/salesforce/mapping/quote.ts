import type { QuoteState, RecordOf } from '../../../records/canonical-record.js';
import { localDate } from '../../../records/local-date.js';
import { decimalOf } from '../salesforce.json.js';
import type { Org } from '../salesforce.org.js';
import { type PlannedRow, rowOf } from './planned-row.js';
import { stateInWords } from './words.js';

/** A quote is an opportunity; a new one needs a stage and a day, so where the quote has none its own day stands in. */
export function quoteRow(record: RecordOf<'quote'>, org: Org, timeZone: string): PlannedRow {
  const { fields, op, locator, sourceUpdatedAtMs } = record;
  const { name, product, state, startDate, endDate, grossPremium, currency, selected } = fields;
  const { stages } = org.statuses;
  return rowOf(
    'Opportunity',
    record,
    org,
    {
      Name: name && `Quote ${name}`,
      StageName: op === 'void' ? stages.lost : state && stages[STAGES[state]],
      CloseDate: startDate ?? undefined,
      Amount: decimalOf(grossPremium),
      CurrencyIsoCode: currency,
      Socotra_Status__c: stateInWords(op, state),
      Socotra_Product__c: product,
      Socotra_Currency__c: currency,
      Socotra_Start_Date__c: startDate,
      Socotra_End_Date__c: endDate,
      Socotra_Selected__c: selected,
    },
    { Name: locator, StageName: stages.open, CloseDate: localDate(sourceUpdatedAtMs, timeZone) },
  );
}

const STAGES = {
  draft: 'open',
  quoted: 'open',
  accepted: 'won',
  declined: 'lost',
  discarded: 'lost',
  unknown: 'open',
} as const satisfies Readonly<Record<QuoteState, keyof Org['statuses']['stages']>>;
