import type { RecordOf } from '../../../records/canonical-record.js';
import type { ClaimStage, Pipeline } from '../hubspot.pipelines.js';
import { isOverClaim } from '../../claim-status.js';
import { claimTitle } from '../../record-text.js';
import { propertiesOf, statusInWords, type Written } from './values.js';

/** A claim is a ticket. Its status is the insurer's own word: what is not known to be new or over is open. */
export function ticketOf({ fields, locator, op }: RecordOf<'claim'>, pipeline: Pipeline<ClaimStage>): Written {
  const { number, product, status, lossDate, reportedDate, cause, description, reserve, currency } = fields;
  const stage = stageOf(op, status);
  return {
    properties: propertiesOf({
      subject: number && claimTitle(number, locator),
      hs_pipeline: pipeline.id,
      hs_pipeline_stage: stage && pipeline.stageIds[stage],
      content: description,
      socotra_number: number,
      socotra_product: product,
      socotra_status: statusInWords(op, status),
      socotra_loss_date: lossDate,
      socotra_reported_date: reportedDate,
      socotra_cause: cause,
      socotra_reserve: reserve,
      socotra_currency: currency,
      socotra_locator: locator,
    }),
    fallbacks: { subject: claimTitle(locator, locator), hs_pipeline_stage: pipeline.stageIds.New },
  };
}

/** Core's own word is `pending`; processes that insurers make up themselves have others. */
const NEW_WORDS: ReadonlySet<string> = new Set(['pending', 'draft', 'new']);

function stageOf(op: 'upsert' | 'void', status: string | undefined): ClaimStage | undefined {
  const word = status?.toLowerCase();
  if (op === 'void' || word === 'discarded') return 'Discarded';
  if (!word) return undefined;
  if (isOverClaim(op, status)) return 'Closed';
  return NEW_WORDS.has(word) ? 'New' : 'Open';
}
