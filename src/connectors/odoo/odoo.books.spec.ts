import { jest } from '@jest/globals';
import { FULL_RECORDS } from '../../../test/support/deliveries.ts';
import { OdooLife, outcomesOf } from '../../../test/support/odoo-life.ts';
import type { OdooOptions } from '../../../sandbox/targets/odoo/odoo.ts';
import type { CanonicalRecord, RecordOf } from '../../records/canonical-record.js';
import { type InvoicePlan, planOf } from './writers/invoices.js';

/** Invoices and payments against the stand-in of Odoo's books: emulated. */

const TO_PARTY = { name: 'policyholder', kind: 'party', key: 'p-pty-77', required: true } as const;
const TO_INVOICE = { name: 'invoice', kind: 'invoice', key: 'p-inv-1', required: true } as const;
const PARTY = FULL_RECORDS.party;
const PAYMENT: RecordOf<'payment'> = {
  ...FULL_RECORDS.payment,
  relations: [TO_INVOICE],
  fields: { number: '100004240', amount: '1200.75', currency: 'USD', direction: 'in', reversed: false },
};

function invoice(fields: RecordOf<'invoice'>['fields'] = {}, op: 'upsert' | 'void' = 'upsert'): RecordOf<'invoice'> {
  const { total = '1200.75' } = fields;
  const lines = [{ key: '1', description: 'Premium', amount: total }];
  const usual = { number: '100004230', status: 'open', currency: 'USD', total, balance: total, lines } as const;
  return { ...FULL_RECORDS.invoice, op, relations: [TO_PARTY], fields: { ...usual, lines: [...lines], ...fields } };
}

const payment = (fields: RecordOf<'payment'>['fields']): RecordOf<'payment'> => {
  return { ...PAYMENT, fields: { ...PAYMENT.fields, ...fields } };
};

let life: OdooLife;

async function open(options: OdooOptions): Promise<void> {
  life = await OdooLife.open(options);
}

afterEach(() => life.close());

const moves = () => life.database.rows('account.move').filter(({ move_type }) => move_type !== 'entry');
const byHand = (method: 'postMove' | 'cancelMove' | 'draftMove', key: CanonicalRecord['key']) => {
  life.standIn.accounting[method](Number(life.ids.get(key)));
};

it.each<[RecordOf<'invoice'>, 'draft' | 'posted' | 'cancel' | undefined, InvoicePlan]>([
  [invoice(), undefined, 'load'],
  [invoice({}, 'void'), undefined, 'nothing-to-void'],
  [invoice({ status: 'written_off' }), undefined, 'nothing-to-void'],
  [invoice(), 'draft', 'load'],
  [invoice({ status: 'paid' }), 'draft', 'load'],
  [invoice({}, 'void'), 'draft', 'cancel'],
  [invoice({ status: 'void' }), 'draft', 'cancel'],
  [invoice({ status: 'written_off' }), 'draft', 'cancel'],
  [invoice(), 'posted', 'leave'],
  [invoice({}, 'void'), 'posted', 'reverse'],
  [invoice({ status: 'written_off' }), 'posted', 'write-off'],
  [invoice({}, 'void'), 'cancel', 'leave'],
])('%#: an invoice that Odoo holds as %2$s', async (record, state, plan) => {
  await open({});
  expect(planOf(record, state && { state, isReversed: false })).toBe(plan);
});

it('what somebody has balanced already is not balanced again', () => {
  expect(planOf(invoice({}, 'void'), { state: 'posted', isReversed: true })).toBe('leave');
  expect(planOf(invoice({ status: 'written_off' }), { state: 'posted', isReversed: true })).toBe('write-off');
});

describe.each([17, 19] as const)('Odoo %s, leaving drafts', (version) => {
  beforeEach(() => open({ version }));

  it('an invoice is a draft of the exact total, whoever knows its id', async () => {
    expect(outcomesOf(await life.deliverEach(PARTY, invoice(), PAYMENT))).toEqual(['created', 'created', 'created']);
    life.ids.delete('p-inv-1');
    expect(outcomesOf(await life.deliverEach(invoice({ total: '900.00' })))).toEqual(['created']);
    expect(moves()).toMatchObject([{ state: 'draft', amount_total: 900, move_type: 'out_invoice' }]);
    expect(life.held('p-pay-1')).toMatchObject({ state: 'draft', amount: 1200.75 });
  });

  it('what a record does not say stays: a credit note is one without its total, too', async () => {
    await life.deliverEach(PARTY, invoice({ total: '-792.39' }));
    const { total: _, balance: _balance, lines: _lines, ...rest } = invoice({ status: 'settled' }).fields;
    expect(outcomesOf(await life.deliverEach({ ...invoice(), fields: rest }))).toEqual(['updated']);
    expect(moves()).toMatchObject([{ move_type: 'out_refund', amount_total: 792.39 }]);
  });

  it('a line that Core no longer has counts for nothing, and what people added stays', async () => {
    const lines = ['1', '2'].map((key) => ({ key, description: `Part ${key}`, amount: '100.00' }));
    await life.deliverEach(PARTY, invoice({ total: '200.00', lines }));
    const own = life.database.create('account.move.line', {
      move_id: Number(life.ids.get('p-inv-1')),
      name: 'By hand',
      quantity: 1,
      price_unit: 5,
    });
    life.database.externalIds.set('__export__.line', { model: 'account.move.line', id: own.id });
    await life.deliverEach(invoice({ total: '100.00', lines: lines.slice(0, 1) }));
    const shown = life.database.rows('account.move.line').map(({ name, quantity }) => [name, quantity]);
    expect(shown).toEqual([
      ['Part 1', 1],
      ['Removed', 0],
      ['By hand', 1],
    ]);
  });

  it('a payment is never written twice', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    const before = life.database.rows('account.payment');
    life.ids.delete('p-pay-1');
    expect(outcomesOf(await life.deliverEach(payment({ amount: '7.00' })))).toEqual(['updated']);
    expect(life.database.rows('account.payment')).toEqual(before);
  });

  it('a void invoice is cancelled; one that somebody cancelled stays so, and that is told', async () => {
    await life.deliverEach(PARTY, invoice());
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    expect(outcomesOf(await life.deliverEach(gone, gone))).toEqual(['updated', 'unchanged']);
    expect(life.held('p-inv-1')).toMatchObject({ state: 'cancel' });
    const [again] = await life.deliverEach(invoice());
    expect(again).toMatchObject({
      outcome: 'delivered',
      refusedFields: [{ field: 'state', code: 'canceled_in_odoo' }],
    });
  });

  it('a void invoice that somebody posted is balanced by a draft credit note, once', async () => {
    await life.deliverEach(PARTY, invoice());
    byHand('postMove', 'p-inv-1');
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    expect(outcomesOf(await life.deliverEach(gone, gone))).toEqual(['updated', 'updated']);
    expect(moves()).toMatchObject([
      { state: 'posted', amount_total: 1200.75, move_type: 'out_invoice' },
      { state: 'draft', amount_total: 1200.75, move_type: 'out_refund', ref: 'Reversal of INV/2026/00001' },
    ]);
    life.standIn.accounting.postMove(life.database.externalIds.get('socotra_sync.p-inv-1_reversal')?.id ?? 0);
    expect(outcomesOf(await life.deliverEach(gone))).toEqual(['updated']);
    expect(moves()).toMatchObject([{ amount_residual: 1200.75 }, { state: 'posted', amount_residual: 1200.75 }]);
  });

  it('a credit note that Odoo refuses is not taken for written', async () => {
    await life.deliverEach(PARTY, invoice());
    byHand('postMove', 'p-inv-1');
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    life.standIn.faults.refuseRecord('p-inv-1_reversal');
    expect(outcomesOf(await life.deliverEach(gone))).toEqual(['record_refused']);
    expect(moves()).toHaveLength(1);
  });

  it('a posted invoice is left alone, a difference is told, and its payment comes all the same', async () => {
    await life.deliverEach(PARTY, invoice());
    byHand('postMove', 'p-inv-1');
    expect(outcomesOf(await life.deliverEach(invoice({ status: 'paid', balance: '0.00' })))).toEqual(['unchanged']);
    const [told, paid] = await life.deliverEach(invoice({ total: '900.00' }), PAYMENT);
    const refusedFields = [{ field: 'amount_total', code: 'posted_invoice_differs' }];
    expect(told).toMatchObject({ outcome: 'delivered', change: 'unchanged', refusedFields });
    expect(paid).toMatchObject({ outcome: 'delivered', change: 'created' });
    expect(moves()).toMatchObject([{ state: 'posted', amount_total: 1200.75 }]);
  });

  it('a loss is remarked on a posted invoice and booked by nobody', async () => {
    await life.deliverEach(PARTY, invoice());
    byHand('postMove', 'p-inv-1');
    const lost = invoice({ status: 'written_off', balance: '0.00' });
    expect(outcomesOf(await life.deliverEach(lost, lost))).toEqual(['updated', 'updated']);
    expect(life.database.rows('mail.message')).toMatchObject([{ body: '<p>Written off in Socotra</p>' }]);
    expect(moves()).toMatchObject([{ state: 'posted', amount_residual: 1200.75 }]);
  });

  it('a reversed payment is cancelled; one that somebody posted is theirs to cancel', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    expect(outcomesOf(await life.deliverEach(payment({ reversed: true }), payment({ reversed: true })))).toEqual([
      'updated',
      'unchanged',
    ]);
    expect(life.held('p-pay-1')?.state).toMatch(/^cancel/);
    const other: RecordOf<'payment'> = { ...PAYMENT, key: 'p-pay-2' };
    await life.deliverEach(other);
    life.standIn.accounting.postPayment(Number(life.ids.get('p-pay-2')));
    const reversed: RecordOf<'payment'> = { ...other, fields: { ...other.fields, reversed: true } };
    expect(outcomesOf(await life.deliverEach(reversed))).toEqual(['payment_posted_by_hand']);
  });

  it('a payment waits for its invoice', async () => {
    await life.deliverEach(PARTY);
    expect(outcomesOf(await life.deliverEach(PAYMENT))).toEqual(['related_record_unknown']);
    await life.deliverEach(invoice());
    life.standIn.deleteRecord('p-inv-1');
    expect(await life.deliverEach(PAYMENT)).toEqual([{ outcome: 'dependency', code: 'record_missing' }]);
  });

  it('a reversed payment of an invoice that never came is nobody’s business', async () => {
    await life.deliverEach(PARTY);
    const both = [invoice({}, 'void'), payment({ reversed: true })];
    expect(outcomesOf(await life.deliverEach(...both))).toEqual(['nothing_to_void', 'nothing_to_void']);
    expect(life.database.rows('account.payment')).toEqual([]);
    await life.deliverEach(invoice(), PAYMENT);
    life.standIn.deleteRecord('p-inv-1');
    expect(outcomesOf(await life.deliverEach(payment({ reversed: true })))).toEqual(['updated']);
    expect(life.held('p-pay-1')?.state).toMatch(/^cancel/);
  });

  it('an amount in a currency that is not active is refused with the field, never booked in another', async () => {
    await life.deliverEach(PARTY);
    const [result] = await life.deliverEach(invoice({ currency: 'EUR' }));
    expect(result).toMatchObject({ outcome: 'rejected', code: 'no_matching_record', field: 'currency_id' });
    expect(moves()).toEqual([]);
  });
});

describe.each([17, 19] as const)('Odoo %s, posting', (version) => {
  beforeEach(() => open({ version, posting: 'post' }));

  it('an invoice is posted, and a payment assigned to it, once', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    life.ids.delete('p-pay-1');
    await life.deliverEach(invoice({ status: 'paid', balance: '0.00' }), PAYMENT);
    expect(moves()).toMatchObject([{ state: 'posted', amount_residual: 0, payment_state: 'paid' }]);
    expect(life.database.rows('account.payment')).toHaveLength(1);
    expect(life.exchanges.filter(({ request }) => JSON.stringify(request).includes('js_assign'))).toHaveLength(1);
  });

  it('what has an id of ours in a database that was restored, and is not ours, is left alone', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    const [move, paid] = [Number(life.ids.get('p-inv-1')), Number(life.ids.get('p-pay-1'))];
    for (const key of ['p-inv-1', 'p-pay-1']) life.database.externalIds.delete(`socotra_sync.${key}`);
    life.database.write('account.move', move, { ref: 'somebody' });
    life.database.write('account.payment', paid, { [version >= 18 ? 'memo' : 'ref']: 'somebody' });
    const before = [life.database.get('account.move', move), life.database.get('account.payment', paid)];
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    expect(outcomesOf(await life.deliverEach(gone, payment({ reversed: true })))).toEqual([
      'nothing_to_void',
      'nothing_to_void',
    ]);
    expect([life.database.get('account.move', move), life.database.get('account.payment', paid)]).toEqual(before);
    expect(await life.deliverEach({ ...PAYMENT, key: 'p-pay-2' })).toEqual([
      { outcome: 'dependency', code: 'record_missing' },
    ]);
  });

  it('an invoice whose external id somebody deleted is known by its reference', async () => {
    const key = 'p-inv-100004200';
    const own: RecordOf<'invoice'> = { ...invoice(), key };
    const paid: RecordOf<'payment'> = {
      ...PAYMENT,
      relations: PAYMENT.relations.map((related) => (related.kind === 'invoice' ? { ...related, key } : related)),
    };
    await life.deliverEach(PARTY, own);
    life.database.externalIds.delete(`socotra_sync.${key}`);
    expect(await life.deliverEach(paid)).toMatchObject([{ outcome: 'delivered', change: 'created' }]);
    expect(moves()).toMatchObject([{ state: 'posted', payment_state: 'paid' }]);
  });

  it('a part of the payment leaves the rest open', async () => {
    await life.deliverEach(PARTY, invoice(), payment({ amount: '200.75' }));
    expect(moves()).toMatchObject([{ amount_residual: 1000, payment_state: 'partial' }]);
  });

  it('after a payment that Odoo has no time for no other is sent', async () => {
    await life.deliverEach(PARTY, invoice());
    life.standIn.faults.throttle(5);
    const both = await life.deliver(PAYMENT, { ...PAYMENT, key: 'p-pay-2' });
    expect(both.map(({ outcome }) => outcome)).toEqual(['throttled', 'throttled']);
    expect(life.database.rows('account.payment')).toEqual([]);
  });

  it('a payment that is void is cancelled', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT, { ...PAYMENT, op: 'void' });
    expect(life.held('p-pay-1')?.state).toMatch(/^cancel/);
  });

  it('a reversed payment gives back what it paid', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT, payment({ reversed: true }));
    expect(moves()).toMatchObject([{ amount_residual: 1200.75, payment_state: 'not_paid' }]);
    expect(life.held('p-pay-1')?.state).toMatch(/^cancel/);
  });

  it('money back is a credit note and an outgoing payment', async () => {
    await life.deliverEach(PARTY, invoice({ total: '-792.39' }), payment({ amount: '-792.39', direction: 'refund' }));
    expect(moves()).toMatchObject([{ move_type: 'out_refund', amount_total: 792.39, payment_state: 'paid' }]);
  });

  it('a void invoice is balanced by a posted credit note', async () => {
    await life.deliverEach(PARTY, invoice());
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    expect(outcomesOf(await life.deliverEach(gone, gone))).toEqual(['updated', 'unchanged']);
    expect(moves()).toMatchObject([
      { move_type: 'out_invoice', state: 'posted', amount_residual: 0, payment_state: 'reversed' },
      { move_type: 'out_refund', state: 'posted', amount_residual: 0 },
    ]);
    expect(life.exchanges.filter(({ request }) => JSON.stringify(request).includes('js_assign'))).toHaveLength(1);
    const other: RecordOf<'invoice'> = { ...gone, fields: { status: 'void', total: '900.00' } };
    const unchanged = { outcome: 'delivered', change: 'unchanged', targetId: life.ids.get('p-inv-1') };
    expect(await life.deliverEach(other)).toEqual([unchanged]);
  });

  it('a credit note of somebody else stays open, whatever it is called', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    const { id: _, ...like } = moves()[0] ?? { id: 0 };
    const theirs = life.database.create('account.move', {
      ...like,
      move_type: 'out_refund',
      ref: 'Reversal of INV/2026/00001',
      state: 'draft',
      invoice_line_ids: false,
    });
    life.database.create('account.move.line', { move_id: theirs.id, quantity: 1, price_unit: 5 });
    life.database.write('account.move', theirs.id, { amount_total: 5 });
    life.standIn.accounting.postMove(theirs.id);
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    await life.deliverEach(gone, payment({ reversed: true }));
    const open = life.database.rows('account.move.line').filter(({ account_id, amount_residual }) => {
      return account_id !== false && amount_residual !== 0;
    });
    expect(open).toMatchObject([{ move_id: theirs.id, amount_residual: -5 }]);
  });

  it('a paid invoice that is void is balanced by its credit note once its payment is taken back', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    const reversed = payment({ reversed: true });
    expect(outcomesOf(await life.deliverEach(gone, reversed))).toEqual(['updated', 'updated']);
    const balanced = [
      { move_type: 'out_invoice', state: 'posted', amount_residual: 0 },
      { move_type: 'out_refund', state: 'posted', amount_residual: 0 },
    ];
    expect(moves()).toMatchObject(balanced);
    await life.deliverEach(gone, reversed);
    expect(moves()).toMatchObject(balanced);
  });

  it('a credit note that was posted and not assigned is assigned with the next try', async () => {
    await life.deliverEach(PARTY, invoice());
    jest.spyOn(life.standIn.accounting, 'assign').mockImplementationOnce(() => {
      throw new Error('locked');
    });
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    await life.deliverEach(gone);
    expect(moves()).toMatchObject([{ amount_residual: 1200.75 }, { state: 'posted' }]);
    await life.deliverEach(gone);
    expect(moves()).toMatchObject([{ amount_residual: 0 }, { amount_residual: 0 }]);
  });

  it('an invoice without lines stays a draft, and its payment comes all the same', async () => {
    await life.deliverEach(PARTY);
    const { total: _, balance: _balance, lines: _lines, ...rest } = invoice().fields;
    const bare = { ...invoice(), fields: rest };
    expect(outcomesOf(await life.deliverEach(bare, PAYMENT))).toEqual(['created', 'created']);
    expect(moves()).toMatchObject([{ state: 'draft' }]);
  });

  it('an invoice that somebody posts at the same moment is posted', async () => {
    await life.deliverEach(PARTY);
    const post = life.standIn.accounting.postMove.bind(life.standIn.accounting);
    jest.spyOn(life.standIn.accounting, 'postMove').mockImplementationOnce((id) => {
      post(id);
      return post(id);
    });
    expect(outcomesOf(await life.deliverEach(invoice()))).toEqual(['created']);
    expect(moves()).toMatchObject([{ state: 'posted', amount_residual: 1200.75 }]);
  });

  it('an invoice whose external id somebody deleted is balanced when it falls away', async () => {
    await life.deliverEach(PARTY, invoice());
    life.database.externalIds.delete('socotra_sync.p-inv-1');
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    expect(outcomesOf(await life.deliverEach(gone))).toEqual(['updated']);
    expect(moves()).toMatchObject([{ amount_residual: 0 }, { move_type: 'out_refund', amount_residual: 0 }]);
  });

  it('an invoice of several pieces is balanced by as many', async () => {
    await life.deliverEach(PARTY, invoice());
    const [line] = life.database.rows('account.move.line');
    life.database.write('account.move.line', line?.id ?? 0, { quantity: 3, price_unit: 400.25 });
    const gone: RecordOf<'invoice'> = { ...invoice({}, 'void'), fields: { status: 'void' }, relations: [] };
    await life.deliverEach(gone);
    expect(moves()).toMatchObject([{ amount_residual: 0 }, { amount_total: 1200.75, amount_residual: 0 }]);
  });

  it('an invoice with another total stays a draft', async () => {
    await life.deliverEach(PARTY);
    const lines = [{ key: '1', description: 'Premium', amount: '1000.00' }];
    expect(outcomesOf(await life.deliverEach(invoice({ lines })))).toEqual(['total_differs']);
    expect(moves()).toMatchObject([{ state: 'draft' }]);
  });

  it('what people did by hand is told, not undone', async () => {
    await life.deliverEach(PARTY, invoice(), PAYMENT);
    life.standIn.accounting.draftPayment(Number(life.ids.get('p-pay-1')));
    life.standIn.accounting.cancelPayment(Number(life.ids.get('p-pay-1')));
    expect(outcomesOf(await life.deliverEach(PAYMENT))).toEqual(['payment_canceled_by_hand']);
    byHand('draftMove', 'p-inv-1');
    const other: RecordOf<'payment'> = { ...PAYMENT, key: 'p-pay-2' };
    expect(outcomesOf(await life.deliverEach(other))).toEqual(['invoice_not_posted']);
    expect(outcomesOf(await life.deliverEach(invoice(), other))).toEqual(['updated', 'updated']);
    byHand('draftMove', 'p-inv-1');
    byHand('cancelMove', 'p-inv-1');
    expect(outcomesOf(await life.deliverEach(other))).toEqual(['invoice_canceled']);
  });
});

it('a payment that the bank rejected is told, not posted again', async () => {
  await open({ version: 19, posting: 'post' });
  await life.deliverEach(PARTY, invoice(), PAYMENT);
  life.database.write('account.payment', Number(life.ids.get('p-pay-1')), { state: 'rejected' });
  expect(outcomesOf(await life.deliverEach(PAYMENT))).toEqual(['payment_canceled_by_hand']);
});

it('a payment that makes no journal entry is told', async () => {
  await open({ posting: 'post', outstandingAccount: false });
  await life.deliverEach(PARTY, invoice(), PAYMENT);
  expect(moves()).toMatchObject([{ payment_state: 'paid' }]);
  life.standIn.accounting.draftPayment(Number(life.ids.get('p-pay-1')));
  life.database.write('account.payment', Number(life.ids.get('p-pay-1')), { outstanding_account_id: false });
  expect(outcomesOf(await life.deliverEach(PAYMENT))).toEqual(['payment_without_entry']);
  const started = await life.start();
  expect(JSON.stringify(started)).toContain('set an outstanding receipts account');
});

it('without a bank journal there is no payment', async () => {
  await open({});
  life.database.write('account.journal', 6, { active: false });
  await life.deliverEach(PARTY, invoice());
  expect(outcomesOf(await life.deliverEach(PAYMENT))).toEqual(['no_bank_journal']);
});
