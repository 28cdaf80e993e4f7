import type { RecordOf } from '../../../records/canonical-record.js';
import type { OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, secondOf } from './cells.js';
import { escapeHtml } from './facts.js';

/** The record of Odoo whose chatter the line stands in. */
export interface ChatterPlace {
  readonly model: string;
  readonly id: number;
}

/**
 * A line of the timeline: a note in the chatter. Written as a `mail.message` with an external id and not by
 * `message_post`, which posts it again with every try.
 */
export function activityRow({ key, fields }: RecordOf<'activity'>, place: ChatterPlace): OdooRow {
  return {
    cells: {
      ...noteCells(key, place, fields.subject ?? ''),
      ...cell('date', fields.occurredAt && secondOf(fields.occurredAt)),
      ...customCells(fields),
    },
  };
}

/** A remark of the connector's own in the chatter of a document. */
export function remarkRow(key: string, place: ChatterPlace, text: string): OdooRow {
  return { cells: noteCells(key, place, text) };
}

function noteCells(key: string, { model, id }: ChatterPlace, text: string) {
  return {
    id: externalId(key),
    model,
    res_id: String(id),
    body: `<p>${escapeHtml(text)}</p>`,
    message_type: 'comment',
    // An internal note: nobody is sent an e-mail.
    'subtype_id/id': 'mail.mt_note',
  };
}
