import type { RecordOf } from '../../../records/canonical-record.js';
import type { Delivery } from '../../connector.js';
import { wordsOf } from '../../record-text.js';
import type { OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, relatedCell, relatedKey } from './cells.js';
import type { Fact } from './facts.js';

/** What the opportunity is called; undefined: the record does not say. */
export function quoteTitle({ fields }: RecordOf<'quote'>): string | undefined {
  return fields.name && `Quote ${fields.name}`;
}

/** A quote: `crm.lead`, an opportunity. @param description merged from {@link quoteFacts} */
export function quoteRow(record: RecordOf<'quote'>, delivery: Delivery, description?: string): OdooRow {
  const { key, fields } = record;
  return {
    cells: {
      id: externalId(key),
      ...cell('name', quoteTitle(record)),
      // No e-mail address: Odoo would copy it onto the contact.
      ...relatedCell('partner_id', relatedKey(delivery, 'party')),
      type: 'opportunity',
      ...cell('expected_revenue', fields.grossPremium),
      ...cell('date_deadline', fields.startDate),
      ...cell('description', description),
      ...customCells(fields),
    },
  };
}

/** What an opportunity has no field for. */
export function quoteFacts({ fields }: RecordOf<'quote'>): readonly Fact[] {
  return [
    ['Quote state', fields.state && wordsOf(fields.state)],
    ['Product', fields.product],
    ['Cover from', fields.startDate],
    ['Cover until', fields.endDate],
    ['Currency', fields.currency],
  ];
}

/** How the quote ended; undefined: it is still open. */
export function quoteEnd({ op, fields }: RecordOf<'quote'>): 'won' | 'lost' | undefined {
  if (op === 'void' || fields.state === 'declined' || fields.state === 'discarded') return 'lost';
  return fields.state === 'accepted' ? 'won' : undefined;
}
