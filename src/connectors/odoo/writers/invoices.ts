import type { Asked, DeliveryResult, Failure } from '../../connector.js';
import { remarkRow } from '../mapping/activity.js';
import { invoiceRow, linePrefix, moveTypeOf, postedRow, reversalRow } from '../mapping/invoice.js';
import type { Odoo } from '../odoo.api.js';
import { externalIdsOf } from '../odoo.external-ids.js';
import { type LoadEntry, loadRows, upsertRows } from '../odoo.load.js';
import { postingOf } from '../odoo.settings.js';
import {
  assignReversal,
  assignTo,
  findMoves,
  isSameTotal,
  type Move,
  postMove,
  readMoves,
  readPosted,
} from './moves.js';
import { allFailed, type DeliveryOf, withRefused, type Writer, type Writing } from './writing.js';

type Invoice = DeliveryOf<'invoice'>;

/** What may be done to an invoice, after what Core says of it and what Odoo already made of it. */
export type InvoicePlan = 'load' | 'cancel' | 'reverse' | 'write-off' | 'leave' | 'nothing-to-void';

const ESSENTIAL: ReadonlySet<string> = new Set([
  'id',
  'move_type',
  'partner_id',
  'currency_id',
  'ref',
  'invoice_line_ids',
]);

/** A posted invoice is in the books: it is balanced by a credit note, never changed. */
export function planOf(
  { op, fields }: Invoice['record'],
  move: Pick<Move, 'state' | 'isReversed'> | undefined,
): InvoicePlan {
  const isVoid = op === 'void' || fields.status === 'void';
  // A draft of what nobody owes would be posted one day.
  if (move === undefined) return isVoid || fields.status === 'written_off' ? 'nothing-to-void' : 'load';
  switch (move.state) {
    case 'draft':
      return isVoid || fields.status === 'written_off' ? 'cancel' : 'load';
    case 'posted':
      if (isVoid) return move.isReversed ? 'leave' : 'reverse';
      return fields.status === 'written_off' ? 'write-off' : 'leave';
    case 'cancel':
      return 'leave';
  }
}

export const writeInvoices: Writer<'invoice'> = async (deliveries, writing) => {
  const { odoo } = writing;
  const found = await findMoves(odoo, deliveries);
  if (!found.ok) return allFailed(deliveries, found.failure);
  const moveOf = ({ record }: Invoice) => found.value.get(record.key);
  const loading = deliveries.filter((delivery) => planOf(delivery.record, moveOf(delivery)) === 'load');
  const removed = await removedLines(odoo, loading, found.value);
  if (!removed.ok) return allFailed(deliveries, removed.failure);
  const entries = loading.map((delivery): LoadEntry => {
    const moveType = moveTypeOf(delivery.record) ?? moveOf(delivery)?.moveType ?? 'out_invoice';
    return { delivery, row: invoiceRow(delivery.record, delivery, moveType, removed.value.get(delivery.record.key)) };
  });
  const loaded = await upsertRows({ odoo, model: 'account.move', essential: ESSENTIAL }, entries);
  const results = new Map(loading.map((delivery, index) => [delivery, loaded[index]]));
  const written: DeliveryResult[] = [];
  for (const delivery of deliveries) {
    const result = results.get(delivery);
    written.push(
      result ? await postIfWanted(delivery, result, writing) : await settle(delivery, moveOf(delivery), writing),
    );
  }
  return written;
};

/** Lines that Odoo holds under our ids and the record no longer has, by record key. */
async function removedLines(
  odoo: Odoo,
  deliveries: readonly Invoice[],
  moves: ReadonlyMap<string, Move>,
): Promise<Asked<ReadonlyMap<string, readonly string[]>>> {
  const lineIds = deliveries.flatMap(({ record }) => moves.get(record.key)?.lineIds ?? []);
  const names = await externalIdsOf(odoo, 'account.move.line', lineIds);
  if (!names.ok) return names;
  const removed = deliveries.map(({ record: { key, fields } }): [string, readonly string[]] => {
    const current = new Set(fields.lines?.map((line) => `${linePrefix(key)}${line.key}`));
    const held = (moves.get(key)?.lineIds ?? []).map((id) => names.value.get(id) ?? '');
    return [key, held.filter((name) => name.startsWith(linePrefix(key)) && !current.has(name))];
  });
  return { ok: true, value: new Map(removed) };
}

/** Posts what was written as a draft, when the tenant wants that and Odoo comes to the same total. */
async function postIfWanted(
  { record }: Invoice,
  result: DeliveryResult,
  { odoo, target }: Writing,
): Promise<DeliveryResult> {
  if (result.outcome !== 'delivered' || postingOf(target.settings) === 'draft') return result;
  const id = Number(result.targetId);
  const moves = await readMoves(odoo, [id]);
  if (!moves.ok) return moves.failure;
  const move = moves.value.get(id);
  if (move === undefined) return { outcome: 'retry', code: 'record_missing' };
  // Odoo posts no invoice without lines.
  if (move.state !== 'draft' || move.lineIds.length === 0) return result;
  if (record.fields.total !== undefined && !isSameTotal(move, record.fields.total)) return TOTAL_DIFFERS;
  const posted = await postMove(odoo, id);
  return posted.ok ? result : posted.failure;
}

const TOTAL_DIFFERS: Failure = {
  outcome: 'rejected',
  code: 'total_differs',
  advice: 'Odoo comes to another total than Core and the invoice stays a draft: look for taxes that Odoo added.',
};

/** Everything but writing a draft. */
async function settle(delivery: Invoice, move: Move | undefined, writing: Writing): Promise<DeliveryResult> {
  const { record } = delivery;
  const plan = planOf(record, move);
  if (move === undefined || plan === 'nothing-to-void') return { outcome: 'skipped', code: 'nothing_to_void' };
  const change = delivery.targetId === String(move.id) ? 'unchanged' : 'updated';
  const there: DeliveryResult = { outcome: 'delivered', change, targetId: String(move.id) };
  switch (plan) {
    case 'cancel': {
      const done = await writing.odoo.call({ model: 'account.move', method: 'button_cancel', ids: [move.id] });
      return done.ok ? { ...there, change: 'updated' } : done.failure;
    }
    case 'reverse': {
      const done = await reverse(delivery, move, writing);
      return done.ok ? { ...there, change: 'updated' } : done.failure;
    }
    case 'write-off': {
      // Whether and where a loss is booked is the accountants' decision; they are told.
      const place = { model: 'account.move', id: move.id };
      const remark = remarkRow(`${record.key}_written_off`, place, 'Written off in Socotra');
      const done = await loadRows(writing.odoo, 'mail.message', [remark]);
      return done.ok ? { ...there, change: 'updated' } : done.failure;
    }
    case 'load':
    case 'leave':
      return leave(delivery, move, there, writing);
  }
}

/** A posted or cancelled invoice keeps its books; the tenant's own fields may still change. */
async function leave(
  { record }: Invoice,
  move: Move,
  there: DeliveryResult,
  { odoo }: Writing,
): Promise<DeliveryResult> {
  const isVoid = record.op === 'void' || record.fields.status === 'void' || record.fields.status === 'written_off';
  if (move.state === 'cancel') return isVoid ? there : withRefused(there, { field: 'state', code: 'canceled_in_odoo' });
  // What the accountants posted stands, and payments of it still come: they are told, not kept waiting.
  const isOther = !isVoid && record.fields.total !== undefined && !isSameTotal(move, record.fields.total);
  const left = isOther ? withRefused(there, { field: 'amount_total', code: 'posted_invoice_differs' }) : there;
  if (record.fields.custom === undefined) return left;
  const done = await loadRows(odoo, 'account.move', [postedRow(record)]);
  return done.ok ? { ...left, ...(left.outcome === 'delivered' && { change: 'updated' as const }) } : done.failure;
}

async function reverse(delivery: Invoice, move: Move, { odoo, target }: Writing): Promise<Asked<unknown>> {
  const posted = await readPosted(odoo, move);
  if (!posted.ok) return posted;
  const loaded = await loadRows(odoo, 'account.move', [reversalRow(delivery.record, delivery, posted.value)]);
  const isForPeople = postingOf(target.settings) === 'draft';
  if (!loaded.ok) {
    // An earlier try wrote the credit note, and it was posted.
    if (loaded.failure.code !== 'posted_move') return loaded;
    return isForPeople ? { ok: true, value: undefined } : assignReversal(odoo, delivery.record.key, move);
  }
  const [id] = loaded.value;
  if (id === undefined || isForPeople) return { ok: true, value: undefined };
  const done = await postMove(odoo, id);
  return done.ok ? assignTo(odoo, move.id, [['move_id', '=', id]]) : done;
}
