import type { JsonValue } from '../../http/json.ts';
import type { OdooDatabase, Row } from './odoo-database.ts';
import { userError } from './odoo-exception.ts';
import { RECEIVABLE } from './odoo-seed.ts';

/** Fields of a posted move that no write may touch, in the order in which Odoo names them. */
const FROZEN = ['invoice_date', 'partner_id', 'invoice_line_ids'];

interface Match {
  readonly debit: number;
  readonly credit: number;
  readonly amount: number;
}

/** The books: invoices, payments and what was matched with what. */
export class OdooAccounting {
  readonly #database: OdooDatabase;
  #matches: Match[] = [];
  #numbers = 0;

  constructor(database: OdooDatabase) {
    this.#database = database;
  }

  /** @throws {OdooException} when a posted move would change */
  checkFrozen(move: Row | undefined, touched: readonly string[]): void {
    const frozen = FROZEN.filter((name) => touched.includes(name));
    if (move?.state !== 'posted' || frozen.length === 0) return;
    throw userError(`You cannot modify the following readonly fields on a posted move: ${frozen.join(', ')}`);
  }

  /** Adds up a draft; the lines' taxes come on top. */
  addUp(moveId: number): void {
    const total = this.#database.linesOf('account.move', moveId, 'invoice_line_ids').reduce((sum, line) => {
      const taxes = idsOf(line.tax_ids).map((id) => numberOf(this.#database.get('account.tax', id).amount));
      return sum + numberOf(line.quantity) * numberOf(line.price_unit) * (1 + taxes.reduce((a, b) => a + b, 0) / 100);
    }, 0);
    this.#database.write('account.move', moveId, { amount_total: cents(total), amount_residual: cents(total) });
  }

  postMove(id: number): JsonValue {
    const move = this.#database.get('account.move', id);
    if (move.state !== 'draft') throw userError(`The entry ${String(move.name)} (id ${id}) must be in draft.`);
    if (move.partner_id === false) throw userError("The 'Customer' field is required to validate the invoice.");
    if (this.#database.linesOf('account.move', id, 'invoice_line_ids').length === 0) {
      throw userError('You need to add a line before posting.');
    }
    const total = numberOf(move.amount_total);
    if (total < 0) throw userError('You cannot validate an invoice with a negative total amount.');
    this.#numbers += 1;
    const name = `${move.move_type === 'out_refund' ? 'RINV' : 'INV'}/2026/${String(this.#numbers).padStart(5, '0')}`;
    this.#database.write('account.move', id, { state: 'posted', name });
    this.#receivable({ move_id: id, amount_residual: move.move_type === 'out_refund' ? -total : total });
    return false;
  }

  cancelMove(id: number): JsonValue {
    const move = this.#database.get('account.move', id);
    if (move.state !== 'draft') throw userError('Only draft journal entries can be cancelled.');
    this.#database.write('account.move', id, { state: 'cancel' });
    return null;
  }

  draftMove(id: number): JsonValue {
    const move = this.#database.get('account.move', id);
    if (move.state === 'draft') throw userError('Only posted/cancelled journal entries can be reset to draft.');
    this.#unmatch(this.#itemsOf('move_id', id));
    for (const item of this.#itemsOf('move_id', id)) this.#database.unlink('account.move.line', item.id);
    this.#database.write('account.move', id, { state: 'draft' });
    return null;
  }

  /** Without an outstanding account a payment is posted and makes no entry. */
  postPayment(id: number): JsonValue {
    const payment = this.#database.get('account.payment', id);
    if (payment.state !== 'draft') return null;
    const posted = { state: this.#database.major >= 18 ? 'paid' : 'posted' };
    if (payment.outstanding_account_id === false) {
      this.#database.write('account.payment', id, posted);
      return null;
    }
    const { partner_id = false, currency_id = false } = payment;
    const entry = this.#database.create('account.move', {
      move_type: 'entry',
      state: 'posted',
      partner_id,
      currency_id,
    });
    this.#database.write('account.payment', id, { ...posted, move_id: entry.id });
    const amount = numberOf(payment.amount);
    const open = payment.payment_type === 'inbound' ? -amount : amount;
    this.#receivable({ move_id: entry.id, payment_id: id, amount_residual: open });
    return null;
  }

  draftPayment(id: number): JsonValue {
    const { move_id: entry } = this.#database.get('account.payment', id);
    const items = this.#itemsOf('payment_id', id);
    this.#unmatch(items);
    for (const item of items) this.#database.unlink('account.move.line', item.id);
    this.#database.write('account.payment', id, { state: 'draft', move_id: false });
    if (typeof entry === 'number') this.#database.unlink('account.move', entry);
    return null;
  }

  cancelPayment(id: number): JsonValue {
    const { state } = this.#database.get('account.payment', id);
    if (state !== 'draft') throw userError('Only a draft payment can be cancelled.');
    this.#database.write('account.payment', id, { state: this.#database.major >= 18 ? 'canceled' : 'cancel' });
    return null;
  }

  /** Matches what is open on a line with what is open on an invoice; what is matched already stays as it is. */
  assign(moveId: number, lineId: number): JsonValue {
    if (this.#database.get('account.move', moveId).state !== 'posted')
      throw userError('You can only reconcile posted entries.');
    const line = this.#database.get('account.move.line', lineId);
    for (const own of this.#itemsOf('move_id', moveId)) {
      const [a, b] = [
        numberOf(own.amount_residual),
        numberOf(this.#database.get('account.move.line', line.id).amount_residual),
      ];
      if (a * b >= 0) continue;
      const amount = Math.min(Math.abs(a), Math.abs(b));
      this.#matches.push({ debit: a > 0 ? own.id : line.id, credit: a > 0 ? line.id : own.id, amount });
      this.#move(own.id, a > 0 ? -amount : amount);
      this.#move(line.id, b > 0 ? -amount : amount);
    }
    return null;
  }

  /** The invoices whose open amount this payment lowered. */
  invoicesOf(paymentId: number): readonly number[] {
    const own = new Set(this.#itemsOf('payment_id', paymentId).map(({ id }) => id));
    const others = this.#matches.flatMap(({ debit, credit }) =>
      own.has(debit) ? [credit] : own.has(credit) ? [debit] : [],
    );
    return others.flatMap((id) => idsOf([this.#database.find('account.move.line', id)?.move_id ?? false]));
  }

  #receivable(values: Readonly<Record<string, JsonValue>>): void {
    this.#database.create('account.move.line', { ...values, account_id: RECEIVABLE });
  }

  #itemsOf(field: 'move_id' | 'payment_id', id: number): readonly Row[] {
    return this.#database.rows('account.move.line').filter((row) => row[field] === id && row.account_id === RECEIVABLE);
  }

  #unmatch(items: readonly Row[]): void {
    const ids = new Set(items.map(({ id }) => id));
    for (const { debit, credit, amount } of this.#matches.filter(
      (match) => ids.has(match.debit) || ids.has(match.credit),
    )) {
      this.#move(debit, amount);
      this.#move(credit, -amount);
    }
    this.#matches = this.#matches.filter((match) => !ids.has(match.debit) && !ids.has(match.credit));
  }

  /** An invoice that credit notes alone settle is `reversed`, as Odoo's own `_compute_payment_state` has it. */
  #isBalancedByCredit(lineId: number): boolean {
    const others = this.#matches.flatMap(({ debit, credit }) => (debit === lineId ? [credit] : []));
    const typeOf = (id: number) => {
      const line = this.#database.get('account.move.line', id);
      return line.move_id === false ? '' : this.#database.get('account.move', numberOf(line.move_id)).move_type;
    };
    return others.length > 0 && others.every((id) => typeOf(id) === 'out_refund');
  }

  #move(lineId: number, by: number): void {
    const line = this.#database.get('account.move.line', lineId);
    const open = cents(numberOf(line.amount_residual) + by);
    this.#database.write('account.move.line', lineId, { amount_residual: open });
    const move = this.#database.get('account.move', numberOf(line.move_id));
    if (move.move_type === 'entry') return;
    const settled = this.#isBalancedByCredit(lineId) ? 'reversed' : 'paid';
    const paid = open === 0 ? settled : Math.abs(open) < numberOf(move.amount_total) ? 'partial' : 'not_paid';
    this.#database.write('account.move', move.id, { amount_residual: Math.abs(open), payment_state: paid });
  }
}

export function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function idsOf(value: JsonValue | undefined): readonly number[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter((id) => typeof id === 'number') : [];
}

function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
