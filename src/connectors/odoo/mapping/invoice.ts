import type { InvoiceLine, RecordOf } from '../../../records/canonical-record.js';
import { localDate } from '../../../records/local-date.js';
import { isNegative, negate } from '../../../records/money.js';
import type { RecordKey } from '../../../records/record-key.js';
import type { Delivery } from '../../connector.js';
import { dayOf } from '../../kit/day-of.js';
import type { Cells, OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, relatedCell, relatedKey } from './cells.js';

export type MoveType = 'out_invoice' | 'out_refund';

/** Money back is a credit note of positive lines; undefined where the record does not say its total. */
export function moveTypeOf({ fields }: RecordOf<'invoice'>): MoveType | undefined {
  if (fields.total === undefined) return undefined;
  return isNegative(fields.total) ? 'out_refund' : 'out_invoice';
}

/** Every external id of a line of this invoice begins so. */
export function linePrefix(key: string): string {
  return externalId(`${key}_`);
}

function lineId(key: string, line: Pick<InvoiceLine, 'key'>): string {
  return `${linePrefix(key)}${line.key}`;
}

/**
 * An invoice or credit note: `account.move`, a draft.
 *
 * @param moveType of the record, or what Odoo already holds it as
 * @param removedLines external ids of lines that Odoo holds and the record no longer has
 */
export function invoiceRow(
  record: RecordOf<'invoice'>,
  delivery: Delivery,
  moveType: MoveType,
  removedLines: readonly string[] = [],
): OdooRow {
  const { key, locator, fields } = record;
  const lines = fields.lines?.map((line) => lineCells(lineId(key, line), line, moveType));
  const gone = fields.lines === undefined ? [] : removedLines.map(removedLine);
  return {
    cells: {
      id: externalId(key),
      move_type: moveType,
      ...relatedCell('partner_id', relatedKey(delivery, 'party')),
      ...cell('invoice_date', dayOf(fields.issuedAt, delivery)),
      ...cell('invoice_date_due', fields.dueDate),
      // By which it is found again, also by people.
      ref: locator,
      ...cell('payment_reference', fields.number),
      ...cell('invoice_origin', relatedKey(delivery, 'policy')),
      ...cell('currency_id', fields.currency),
      ...customCells(fields),
    },
    ...(lines && { lines: [...lines, ...gone] }),
  };
}

/** Without an id of its own a line is added again with every write. */
function lineCells(id: string, { description, amount }: InvoiceLine, moveType: MoveType): Cells {
  return {
    'invoice_line_ids/id': id,
    'invoice_line_ids/name': description,
    'invoice_line_ids/quantity': '1',
    'invoice_line_ids/price_unit': moveType === 'out_refund' ? negate(amount) : amount,
    // The total is Core's, taxes included: Odoo's default sales tax must not come on top.
    'invoice_line_ids/tax_ids': '',
  };
}

/** `load` deletes no line; one of no quantity counts for nothing. */
function removedLine(id: string): Cells {
  return {
    'invoice_line_ids/id': id,
    'invoice_line_ids/name': 'Removed',
    'invoice_line_ids/quantity': '0',
    'invoice_line_ids/price_unit': '0',
    'invoice_line_ids/tax_ids': '',
  };
}

/** What may still be written to a posted invoice: nothing of the books. */
export function postedRow({ key, locator, fields }: RecordOf<'invoice'>): OdooRow {
  return { cells: { id: externalId(key), ref: locator, ...customCells(fields) } };
}

/** A posted invoice as Odoo holds it. */
export interface PostedInvoice {
  readonly name: string;
  readonly moveType: MoveType;
  readonly partnerId: number | undefined;
  readonly currencyId: number | undefined;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: string;
    readonly priceUnit: string;
    readonly taxIds: readonly number[];
  }[];
}

/** The opposite of a posted invoice that fell away in Core: posted is for good, so it is balanced, not changed. */
export function reversalRow(
  record: RecordOf<'invoice'>,
  { event, timeZone }: Delivery,
  posted: PostedInvoice,
): OdooRow {
  const key = reversalKey(record.key);
  return {
    cells: {
      id: externalId(key),
      move_type: posted.moveType === 'out_refund' ? 'out_invoice' : 'out_refund',
      ...cell('partner_id/.id', posted.partnerId?.toString()),
      invoice_date: localDate(event.occurredAtMs, timeZone),
      ref: reversalRef(posted),
      invoice_origin: posted.name,
      ...cell('currency_id/.id', posted.currencyId?.toString()),
    },
    lines: posted.lines.map(({ name, quantity, priceUnit, taxIds }, index) => ({
      'invoice_line_ids/id': `${linePrefix(key)}${index + 1}`,
      'invoice_line_ids/name': name,
      'invoice_line_ids/quantity': quantity,
      'invoice_line_ids/price_unit': priceUnit,
      'invoice_line_ids/tax_ids/.id': taxIds.join(','),
    })),
  };
}

/** What the credit note of a void invoice is called, and its external id's name. */
export function reversalRef({ name }: Pick<PostedInvoice, 'name'>): string {
  return `Reversal of ${name}`;
}

export function reversalKey(invoice: RecordKey): string {
  return `${invoice}_reversal`;
}
