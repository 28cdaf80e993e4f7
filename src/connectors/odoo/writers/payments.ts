import type { Asked, DeliveryResult, Failure } from '../../connector.js';
import { recordKey } from '../../../records/record-key.js';
import { customCells, externalId, relatedKey } from '../mapping/cells.js';
import { memoField, paymentRow } from '../mapping/payment.js';
import type { OdooAccount } from '../odoo.account.js';
import type { Odoo } from '../odoo.api.js';
import { loadRows, upsertRows } from '../odoo.load.js';
import { postingOf } from '../odoo.settings.js';
import { findBankJournal } from './bank-journal.js';
import { externalIdsOf } from '../odoo.external-ids.js';
import { assignReversal, assignTo, type Move, readMoves } from './moves.js';
import { textOf } from '../../kit/json.js';
import { type DeliveryOf, knownIds, type Writer, type Writing } from './writing.js';
import { stopAfter } from '../../kit/rest-of-connection.js';

type PaymentDelivery = DeliveryOf<'payment'>;

/** 17: draft, posted, cancel; from 18 on: draft, in_process, paid, canceled, rejected. */
export interface Payment {
  readonly id: number;
  readonly state: 'draft' | 'posted' | 'canceled';
  readonly memo: string;
  /** Without an entry a posted payment counts for nothing. */
  readonly hasEntry: boolean;
}

const ESSENTIAL: ReadonlySet<string> = new Set([
  ...['id', 'payment_type', 'partner_type', 'partner_id', 'amount', 'currency_id', 'date', 'memo', 'ref', 'journal_id'],
]);

/** One after the other: each is several calls, and none may be made twice. */
export const writePayments: Writer<'payment'> = async (deliveries, writing) => {
  const results: DeliveryResult[] = [];
  for (const delivery of deliveries) {
    const stop = stopAfter(results);
    results.push(stop ?? (await writePayment(delivery, writing)));
  }
  return results;
};

async function writePayment(delivery: PaymentDelivery, writing: Writing): Promise<DeliveryResult> {
  const { record } = delivery;
  const isReversed = record.op === 'void' || record.fields.reversed === true;
  const invoice = await invoiceOf(delivery, writing);
  if (!invoice.ok && !(isReversed && invoice.failure.outcome === 'dependency')) return invoice.failure;
  const found = await findPayment(delivery, writing);
  if (!found.ok) return found.failure;
  // Its invoice is void as well and never came to Odoo: nobody would ever send it.
  if (!invoice.ok && found.value === undefined) return { outcome: 'skipped', code: 'nothing_to_void' };
  const paid = invoice.ok ? invoice.value : undefined;
  const written = found.value ? await rewrite(delivery, found.value, writing) : await create(delivery, paid, writing);
  if (written.outcome !== 'delivered') return written;
  const payment = found.value ?? { id: Number(written.targetId), state: 'draft', memo: '', hasEntry: false };
  const done = isReversed ? await reopen(delivery, payment, paid, writing) : await bookIfWanted(payment, paid, writing);
  if (!done.ok) return done.failure;
  const isTakenBack = isReversed && payment.state !== 'canceled' && written.change === 'unchanged';
  return isTakenBack ? { ...written, change: 'updated' } : written;
}

/** The invoice that is paid; undefined: the payment names none. */
async function invoiceOf(delivery: PaymentDelivery, { odoo, target }: Writing): Promise<Asked<Move | undefined>> {
  const key = relatedKey(delivery, 'invoice');
  if (key === undefined) return { ok: true, value: undefined };
  const id = Number(delivery.relatedIds.get(key) ?? 0);
  if (id === 0) return { ok: false, failure: { outcome: 'dependency', code: 'related_record_unknown' } };
  const moves = await readMoves(odoo, [id]);
  if (!moves.ok) return moves;
  const move = moves.value.get(id);
  const names = await externalIdsOf(odoo, 'account.move', move === undefined ? [] : [id]);
  if (!names.ok) return names;
  // An id alone may be somebody else's by now, as in `findMoves`.
  const isOwn =
    names.value.get(id) === externalId(key) ||
    (move !== undefined && recordKey(target.environment, 'invoice', move.ref) === key);
  return move && isOwn
    ? { ok: true, value: move }
    : { ok: false, failure: { outcome: 'dependency', code: 'record_missing' } };
}

/** Looked for by its memo and confirmed by its external id, never by its id alone: a repeated write would change its amount or its account. */
async function findPayment(delivery: PaymentDelivery, { odoo, account }: Writing): Promise<Asked<Payment | undefined>> {
  const { key } = delivery.record;
  const domain = ['|', [memoField(account.major), 'ilike', key], ['id', 'in', knownIds([delivery])]];
  const payments = await searchPayments(odoo, domain, memoField(account.major));
  if (!payments.ok) return payments;
  const names = await externalIdsOf(
    odoo,
    'account.payment',
    payments.value.map(({ id }) => id),
  );
  if (!names.ok) return names;
  const own = ({ id, memo }: Payment) =>
    names.value.get(id) === externalId(key) || (String(id) === delivery.targetId && memo.includes(key));
  return { ok: true, value: payments.value.find(own) };
}

async function searchPayments(
  odoo: Odoo,
  domain: readonly unknown[],
  memo: 'memo' | 'ref',
): Promise<Asked<readonly Payment[]>> {
  const rows = await odoo.searchRead('account.payment', domain, ['state', 'move_id', memo]);
  if (!rows.ok) return rows;
  const payments = rows.value.flatMap(({ id, state, move_id: entry, [memo]: text }): Payment[] => {
    const hasEntry = Array.isArray(entry);
    return typeof id === 'number' ? [{ id, state: paymentState(state), memo: textOf(text), hasEntry }] : [];
  });
  return { ok: true, value: payments };
}

function paymentState(state: unknown): Payment['state'] {
  if (state === 'draft') return 'draft';
  return state === 'cancel' || state === 'canceled' || state === 'rejected' ? 'canceled' : 'posted';
}

async function create(
  delivery: PaymentDelivery,
  invoice: Move | undefined,
  { odoo, account }: Writing,
): Promise<DeliveryResult> {
  const journal = await findBankJournal(odoo);
  if (!journal.ok) return journal.failure;
  if (journal.value === undefined) return NO_JOURNAL;
  const place = placeFor(account, journal.value, invoice);
  const entry = { delivery, row: paymentRow(delivery.record, delivery, place) };
  const [result] = await upsertRows({ odoo, model: 'account.payment', essential: ESSENTIAL }, [entry]);
  return result ?? { outcome: 'unknown_outcome', code: 'no_result_for_record' };
}

function placeFor({ major }: OdooAccount, journalId: number, invoice: Move | undefined) {
  return { major, journalId, partnerId: invoice?.partnerId };
}

const NO_JOURNAL: Failure = {
  outcome: 'rejected',
  code: 'no_bank_journal',
  advice: 'Odoo has no bank journal that the user may see: create one in Invoicing, then replay the payment.',
};

/** Of a payment that is there only the tenant's own fields are written: amounts and journal stay as they were. */
async function rewrite(
  { record, targetId }: PaymentDelivery,
  { id }: Payment,
  { odoo }: Writing,
): Promise<DeliveryResult> {
  const change = targetId === String(id) ? 'unchanged' : 'updated';
  const there: DeliveryResult = { outcome: 'delivered', change, targetId: String(id) };
  if (record.fields.custom === undefined) return there;
  const cells = { id: externalId(record.key), ...customCells(record.fields) };
  const done = await loadRows(odoo, 'account.payment', [{ cells }]);
  return done.ok ? { ...there, change: 'updated' } : done.failure;
}

const POSTED_BY_HAND: Failure = {
  outcome: 'rejected',
  code: 'payment_posted_by_hand',
  advice: 'The payment was reversed in Core and somebody posted it in Odoo: cancel it there.',
};

/** Takes a reversed payment back. What it had paid is open again: of a void invoice its credit note can balance it now. */
async function reopen(
  delivery: PaymentDelivery,
  payment: Payment,
  invoice: Move | undefined,
  writing: Writing,
): Promise<Asked<unknown>> {
  const taken = await takeBack(payment, writing);
  const key = relatedKey(delivery, 'invoice');
  if (!taken.ok || invoice?.state !== 'posted' || key === undefined) return taken;
  return postingOf(writing.target.settings) === 'draft' ? taken : assignReversal(writing.odoo, key, invoice);
}

/** A reversed payment: cancelled, whatever it was. */
async function takeBack({ id, state }: Payment, { odoo, target }: Writing): Promise<Asked<unknown>> {
  if (state === 'canceled') return { ok: true, value: undefined };
  if (state === 'posted') {
    if (postingOf(target.settings) === 'draft') return { ok: false, failure: POSTED_BY_HAND };
    const drafted = await odoo.call({ model: 'account.payment', method: 'action_draft', ids: [id] });
    if (!drafted.ok) return drafted;
  }
  return odoo.call({ model: 'account.payment', method: 'action_cancel', ids: [id] });
}

const CANCELED_BY_HAND: Failure = {
  outcome: 'rejected',
  code: 'payment_canceled_by_hand',
  advice: 'Somebody cancelled the payment in Odoo, but in Core it stands: set it back to draft there, then replay it.',
};

const NO_ENTRY: Failure = {
  outcome: 'rejected',
  code: 'payment_without_entry',
  advice:
    'Odoo made no journal entry: set an outstanding account on the payment methods of the bank journal, set the payment back to draft, then replay it.',
};

/** Posts the payment and assigns it to its invoice; each step may be repeated. */
async function bookIfWanted(
  { id, state }: Payment,
  invoice: Move | undefined,
  { odoo, target, account }: Writing,
): Promise<Asked<unknown>> {
  if (postingOf(target.settings) === 'draft') return { ok: true, value: undefined };
  if (state === 'canceled') return { ok: false, failure: CANCELED_BY_HAND };
  const owed = invoice?.total === 0 ? undefined : invoice;
  if (owed !== undefined && owed.state !== 'posted') return { ok: false, failure: invoiceNotPosted(owed) };
  if (state === 'draft') {
    const posted = await odoo.call({ model: 'account.payment', method: 'action_post', ids: [id] });
    if (!posted.ok) return posted;
  }
  const after = await searchPayments(odoo, [['id', '=', id]], memoField(account.major));
  if (!after.ok) return after;
  if (after.value[0]?.hasEntry !== true) return { ok: false, failure: NO_ENTRY };
  return owed === undefined ? after : assignTo(odoo, owed.id, [['payment_id', '=', id]]);
}

/** A draft is posted when it is written again; a cancelled invoice cannot be paid. */
function invoiceNotPosted({ state }: Move): Failure {
  if (state === 'draft') return { outcome: 'dependency', code: 'invoice_not_posted' };
  const advice = 'The invoice of this payment is cancelled in Odoo: assign the payment there by hand.';
  return { outcome: 'rejected', code: 'invoice_canceled', advice };
}
