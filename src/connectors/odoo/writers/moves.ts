import { Big } from 'big.js';
import type { DecimalString } from '../../../records/canonical-record.js';
import type { Asked } from '../../connector.js';
import { externalId } from '../mapping/cells.js';
import { type MoveType, type PostedInvoice, reversalKey, reversalRef } from '../mapping/invoice.js';
import type { RecordKey } from '../../../records/record-key.js';
import type { Odoo } from '../odoo.api.js';
import { externalIdsOf } from '../odoo.external-ids.js';
import { type JsonObject, textOf } from '../../kit/json.js';
import { idsIn, many2one } from '../odoo.json.js';
import { type DeliveryOf, knownIds } from './writing.js';

/** An invoice or credit note as Odoo holds it. */
export interface Move {
  readonly id: number;
  readonly state: 'draft' | 'posted' | 'cancel';
  readonly moveType: MoveType;
  readonly name: string;
  /** Never negative, also for a credit note. */
  readonly total: unknown;
  readonly partnerId: number | undefined;
  readonly currencyId: number | undefined;
  readonly lineIds: readonly number[];
  /** The locator, where it is ours. */
  readonly ref: string;
  /** A credit note balances it, ours or somebody's. */
  readonly isReversed: boolean;
}

const FIELDS = [
  'name',
  'ref',
  'state',
  'payment_state',
  'move_type',
  'amount_total',
  'partner_id',
  'currency_id',
  'invoice_line_ids',
];

/**
 * The moves that these records were written as, by record key. They are looked for by their reference and confirmed by
 * their external id, so that it makes no difference whether the id map still knows them. An id alone proves nothing: in a
 * database that was restored from a backup it is somebody else's by now.
 */
export async function findMoves(
  odoo: Odoo,
  deliveries: readonly DeliveryOf<'invoice'>[],
): Promise<Asked<ReadonlyMap<string, Move>>> {
  const locators = deliveries.map(({ record }) => record.locator);
  const domain = ['|', ['ref', 'in', locators], ['id', 'in', knownIds(deliveries)]];
  const rows = await odoo.searchRead('account.move', domain, FIELDS);
  if (!rows.ok) return rows;
  const moves = rows.value.flatMap((row) => readMove(row) ?? []);
  const names = await externalIdsOf(
    odoo,
    'account.move',
    moves.map(({ id }) => id),
  );
  if (!names.ok) return names;
  const found = deliveries.flatMap(({ record, targetId }): [string, Move][] => {
    const own = ({ id, ref }: Move) =>
      names.value.get(id) === externalId(record.key) || (String(id) === targetId && ref === record.locator);
    const move = moves.find(own);
    return move === undefined ? [] : [[record.key, move]];
  });
  return { ok: true, value: new Map(found) };
}

export async function readMoves(odoo: Odoo, ids: readonly number[]): Promise<Asked<ReadonlyMap<number, Move>>> {
  if (ids.length === 0) return { ok: true, value: new Map() };
  const rows = await odoo.searchRead('account.move', [['id', 'in', ids]], FIELDS);
  if (!rows.ok) return rows;
  return { ok: true, value: new Map(rows.value.flatMap((row) => readMove(row) ?? []).map((move) => [move.id, move])) };
}

function readMove(row: JsonObject): Move | undefined {
  const { id, state, move_type: moveType } = row;
  if (typeof id !== 'number' || (state !== 'draft' && state !== 'posted' && state !== 'cancel')) return undefined;
  return {
    id,
    state,
    moveType: moveType === 'out_refund' ? 'out_refund' : 'out_invoice',
    // A draft has no number yet.
    name: textOf(row['name']) || textOf(row['ref']),
    total: row['amount_total'],
    partnerId: many2one(row['partner_id'])?.id,
    currencyId: many2one(row['currency_id'])?.id,
    lineIds: idsIn(row['invoice_line_ids']),
    ref: textOf(row['ref']),
    isReversed: row['payment_state'] === 'reversed',
  };
}

/** Odoo's money is a float; the record's is exact. */
export function isSameTotal({ total }: Move, exact: DecimalString): boolean {
  return (
    typeof total === 'number' && Number.isFinite(total) && new Big(total).round(2).eq(new Big(exact).abs().round(2))
  );
}

/** The lines of a posted invoice, to be balanced. */
export async function readPosted(odoo: Odoo, move: Move): Promise<Asked<PostedInvoice>> {
  const rows = await odoo.searchRead(
    'account.move.line',
    [['id', 'in', move.lineIds]],
    ['name', 'quantity', 'price_unit', 'tax_ids'],
  );
  if (!rows.ok) return rows;
  const lines = rows.value.map((row) => ({
    name: textOf(row['name']),
    quantity: String(row['quantity'] ?? 1),
    priceUnit: String(row['price_unit'] ?? 0),
    taxIds: idsIn(row['tax_ids']),
  }));
  const { name, moveType, partnerId, currencyId } = move;
  return { ok: true, value: { name, moveType, partnerId, currencyId, lines } };
}

/** Posts a draft; when somebody else did so in the meantime, it is posted all the same. */
export async function postMove(odoo: Odoo, id: number): Promise<Asked<unknown>> {
  const posted = await odoo.call({ model: 'account.move', method: 'action_post', ids: [id] });
  if (posted.ok || posted.failure.outcome !== 'rejected') return posted;
  const after = await readMoves(odoo, [id]);
  return after.ok && after.value.get(id)?.state === 'posted' ? { ok: true, value: undefined } : posted;
}

/**
 * Assigns what is open on the receivable lines found by `domain` (of a payment or credit note) to an invoice. What is
 * assigned already has nothing open any more.
 */
export async function assignTo(odoo: Odoo, invoiceId: number, domain: readonly unknown[]): Promise<Asked<unknown>> {
  const receivable = ['account_id.account_type', '=', 'asset_receivable'];
  const lines = await odoo.searchRead('account.move.line', [...domain, receivable], ['id', 'amount_residual']);
  if (!lines.ok) return lines;
  for (const { id, amount_residual: open } of lines.value) {
    if (typeof id !== 'number' || open === 0) continue;
    const args = { line_id: id };
    const assigned = await odoo.call({
      model: 'account.move',
      method: 'js_assign_outstanding_line',
      ids: [invoiceId],
      args,
    });
    if (!assigned.ok) return assigned;
  }
  return { ok: true, value: undefined };
}

/**
 * Assigns the posted credit note of a void invoice to it, as far as both are open: an earlier try may have ended before
 * that, and while a payment was assigned there was nothing to assign it to.
 */
export async function assignReversal(odoo: Odoo, key: RecordKey, invoice: Move): Promise<Asked<unknown>> {
  const domain = [
    ['ref', '=', reversalRef(invoice)],
    ['state', '=', 'posted'],
  ];
  const notes = await odoo.searchRead('account.move', domain, ['id']);
  if (!notes.ok) return notes;
  const ids = notes.value.flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
  const names = await externalIdsOf(odoo, 'account.move', ids);
  if (!names.ok) return names;
  const own = ids.filter((id) => names.value.get(id) === externalId(reversalKey(key)));
  return own.length === 0 ? names : assignTo(odoo, invoice.id, [['move_id', 'in', own]]);
}
