import type { RecordOf } from '../../../records/canonical-record.js';
import { isOverClaim } from '../../claim-status.js';
import type { Delivery } from '../../connector.js';
import { claimTitle, wordsOf } from '../../record-text.js';
import type { OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, relatedCell, relatedKey } from './cells.js';
import type { Fact } from './facts.js';

/** Key of the project that holds the claims: a task without one is private to its assignees. */
export const CLAIMS_PROJECT_KEY = 'insurance_claims';

/** What the task is called; undefined: the record does not say. */
export function taskTitle({ fields, locator }: RecordOf<'claim'>): string | undefined {
  return fields.number && claimTitle(fields.number, locator);
}

/** A claim: `project.task`. @param description merged from {@link claimFacts} */
export function claimRow(record: RecordOf<'claim'>, delivery: Delivery, description?: string): OdooRow {
  const { key, fields } = record;
  return {
    cells: {
      id: externalId(key),
      ...cell('name', taskTitle(record)),
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
  if (op === 'void' || fields.status?.toLowerCase() === 'discarded') return '1_canceled';
  const isOver = isOverClaim(op, fields.status);
  return isOver === undefined ? undefined : isOver ? '1_done' : '01_in_progress';
}

/** What a task has no field for. */
export function claimFacts({ fields }: RecordOf<'claim'>, delivery: Delivery): readonly Fact[] {
  return [
    ['Claim number', fields.number],
    ['Claim status', fields.status && wordsOf(fields.status)],
    ['Policy', relatedKey(delivery, 'policy')],
    ['Product', fields.product],
    ['Loss date', fields.lossDate],
    ['Reported', fields.reportedDate],
    ['Cause', fields.cause],
    ['What happened', fields.description],
    ['Reserve', fields.reserve && [fields.reserve, fields.currency].filter(Boolean).join(' ')],
  ];
}
