import type { RecordOf } from '../../../records/canonical-record.js';
import type { Delivery } from '../../connector.js';
import type { OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, relatedCell, relatedKey, wordsOf } from './cells.js';
import type { Fact } from './facts.js';

/** Key of the project that holds the claims: a task without one is private to its assignees. */
export const CLAIMS_PROJECT_KEY = 'insurance_claims';

/** A claim: `project.task`. @param description merged from {@link claimFacts} */
export function claimRow(record: RecordOf<'claim'>, delivery: Delivery, description?: string): OdooRow {
  const { key, fields } = record;
  return {
    cells: {
      id: externalId(key),
      ...cell('name', fields.number && `Claim ${fields.number}`),
      'project_id/id': externalId(CLAIMS_PROJECT_KEY),
      ...relatedCell('partner_id', relatedKey(delivery, 'party')),
      ...cell('state', taskState(record)),
      ...cell('description', description),
      ...customCells(fields),
    },
  };
}

/** Odoo's states of a task (17 and later); its stages are the tenant's own and stay as they are. */
function taskState({ op, fields }: RecordOf<'claim'>): string | undefined {
  if (op === 'void' || fields.status === 'discarded') return '1_canceled';
  if (fields.status === undefined) return undefined;
  return fields.status === 'closed' ? '1_done' : '01_in_progress';
}

/** What a task has no field for. */
export function claimFacts({ fields }: RecordOf<'claim'>, delivery: Delivery): readonly Fact[] {
  return [
    ['Claim status', fields.status && wordsOf(fields.status)],
    ['Policy', relatedKey(delivery, 'policy')],
    ['Product', fields.product],
    ['Loss date', fields.lossDate],
    ['Reported', fields.reportedDate],
    ['Cause', fields.cause],
    ['What happened', fields.description],
    ['Reserve', fields.reserve],
  ];
}
