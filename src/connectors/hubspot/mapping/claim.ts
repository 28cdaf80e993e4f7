import type { RecordOf } from '../../../records/canonical-record.js';
import type { ClaimStage, Pipeline } from '../hubspot.pipelines.js';
import { claimTitle } from '../../record-text.js';
import { propertiesOf, statusInWords, type Written } from './values.js';

/** A claim is a ticket. Its status is the insurer's own word: what is not known to be new or over is open. */
export function ticketOf({ fields, locator, op }: RecordOf<'claim'>, pipeline: Pipeline<ClaimStage>): Written {
  const { number, product, status, lossDate, reportedDate, cause, description, reserve } = fields;
  const stage = op === 'void' ? 'Discarded' : status && stageOf(status);
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
      socotra_locator: locator,
    }),
    fallbacks: { subject: claimTitle(locator, locator), hs_pipeline_stage: pipeline.stageIds.New },
  };
}

function stageOf(status: string): ClaimStage {
  switch (status.toLowerCase()) {
    case 'draft':
    case 'new':
      return 'New';
    case 'closed':
    case 'settled':
    case 'denied':
    case 'withdrawn':
      return 'Closed';
    case 'discarded':
      return 'Discarded';
    default:
      return 'Open';
  }
}
