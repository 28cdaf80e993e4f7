import {
  inputOf,
  invoiceOf,
  NOON_1_SEP_2024_MS,
  paymentOf,
  policyholderOf,
  policyOf,
} from '../../../test/support/translation-input.js';
import type { Invoice } from '../../core/entities.js';
import type { Translation } from '../translator.js';
import { invoiceRecord, invoicesOf } from './invoice-record.js';
import { invoiceInvalidate } from './invoice.invalidate.js';
import { invoiceIssue } from './invoice.issue.js';
import { pastDueLine } from './past-due-line.js';
import { paymentRecord } from './payment-record.js';
import { paymentPay } from './payment.pay.js';

const PAST = NOON_1_SEP_2024_MS - 1;
const FUTURE = NOON_1_SEP_2024_MS + 86_400_000;

function lineOf(translation: Translation): unknown {
  if (translation.outcome === 'skip') return translation.reason;
  const activity = translation.records.at(-1);
  return activity?.kind === 'activity' ? activity.fields.subject : undefined;
}

describe('invoiceRecord', () => {
  it.each<[Partial<Invoice>, string, string, string]>([
    [{ dueMs: FUTURE }, 'open', '97.15', 'upsert'],
    [{ dueMs: PAST }, 'past_due', '97.15', 'upsert'],
    [{}, 'open', '97.15', 'upsert'],
    [{ dueMs: PAST, totalDue: '-97.15' }, 'open', '-97.15', 'upsert'],
    [{ dueMs: PAST, totalDue: '0.00' }, 'open', '0.00', 'upsert'],
    [{ settlementStatus: 'settled', settlementType: 'paid', dueMs: PAST }, 'paid', '0.00', 'upsert'],
    [{ settlementStatus: 'settled', settlementType: 'invalidated' }, 'void', '0.00', 'void'],
    [{ settlementStatus: 'settled', settlementType: 'writtenOff' }, 'written_off', '0.00', 'upsert'],
    [{ settlementStatus: 'settled', settlementType: 'zeroDue' }, 'settled', '0.00', 'upsert'],
    [{ settlementStatus: 'settled', settlementType: 'carriedForward' }, 'settled', '0.00', 'upsert'],
    [{ settlementStatus: 'settled' }, 'settled', '0.00', 'upsert'],
  ])('%j is %s with a balance of %s (%s)', (parts, status, balance, op) => {
    const record = invoiceRecord(inputOf({}), invoiceOf(parts));
    expect({ op: record.op, status: record.fields.status, balance: record.fields.balance }).toEqual({
      op,
      status,
      balance,
    });
  });

  it('is in its own currency, else in that of its policy', () => {
    const input = inputOf({ snapshot: { policy: policyOf({ currency: 'USD' }) } });
    const currencies = [invoiceOf({ currency: 'CAD' }), invoiceOf()].map((invoice) => {
      return invoiceRecord(input, invoice).fields.currency;
    });
    expect(currencies).toEqual(['CAD', 'USD']);
  });

  it.each<Partial<Invoice>>([
    { createdMs: 9 },
    { createdMs: 1, updatedMs: 9 },
    { createdMs: 1, payments: [paymentOf({ postedMs: 9 })] },
    { createdMs: 1, payments: [paymentOf({ postedMs: 2, reversedMs: 9 })] },
  ])('%j is as new as its newest instant', (parts) => {
    expect(invoiceRecord(inputOf({}), invoiceOf(parts)).sourceUpdatedAtMs).toBe(9);
  });

  it('relates only to parents that the snapshot holds', () => {
    const alone = invoiceRecord(inputOf({}), invoiceOf());
    const policyholder = policyholderOf({});
    const whole = invoiceRecord(inputOf({ snapshot: { policy: policyOf(), policyholder } }), invoiceOf());
    expect(alone.relations).toEqual([]);
    expect(whole.relations).toEqual([
      { name: 'policyholder', kind: 'party', key: 'p-pty-holder-1', required: true },
      { name: 'policy', kind: 'policy', key: 'p-pol-100', required: true },
    ]);
  });
});

describe('invoicesOf', () => {
  const issued = invoiceOf({ locator: 'issued', transactionIssued: true });
  const planned = invoiceOf({ locator: 'planned', transactionIssued: false });
  const policy = policyOf({ invoices: [issued, planned] });

  it('leaves out what nobody owes yet', () => {
    expect(invoicesOf(inputOf({ snapshot: { policy } }))).toEqual([issued]);
  });

  it('holds the invoice of the event, planned or not, once', () => {
    expect(invoicesOf(inputOf({ snapshot: { policy, invoice: planned } }))).toEqual([issued, planned]);
    expect(invoicesOf(inputOf({ snapshot: { policy, invoice: issued } }))).toEqual([issued]);
  });
});

describe('paymentRecord', () => {
  it.each([
    [paymentOf(), { amount: '97.15', direction: 'in', reversed: false }],
    [paymentOf({ amount: '-792.39' }), { amount: '-792.39', direction: 'refund', reversed: false }],
    [
      paymentOf({ reversedMs: 1_726_235_100_000 }),
      { amount: '97.15', direction: 'in', reversed: true, reversedAt: '2024-09-13T13:45:00.000Z' },
    ],
    [
      paymentOf({ fieldValues: { note: ['x'], stripe_id: ['ch_1'], other_id: ['2'] } }),
      { amount: '97.15', direction: 'in', reversed: false, reference: 'ch_1' },
    ],
  ])('%j', (payment, fields) => {
    expect(paymentRecord(inputOf({}), payment).fields).toStrictEqual({ number: 'payment-1', ...fields });
  });
});

describe('the currency and the bill of a payment', () => {
  const bill = invoiceOf({ currency: 'CAD' });
  const input = inputOf({ snapshot: { policy: policyOf({ currency: 'USD', invoices: [bill] }) } });

  it.each([
    ['its own', paymentOf({ currency: 'EUR' }), bill, 'EUR'],
    ['that of its bill', paymentOf(), bill, 'CAD'],
    ['that of its policy', paymentOf(), undefined, 'USD'],
  ])('%s', (_what, payment, invoice, currency) => {
    expect(paymentRecord(input, payment, invoice).fields.currency).toBe(currency);
  });

  it('a payment inside a bill belongs to it, though it does not name it', () => {
    expect(paymentRecord(input, paymentOf(), bill).relations).toMatchObject([{ key: 'p-inv-invoice-1' }]);
    expect(paymentRecord(input, paymentOf(), undefined).relations).toEqual([]);
  });
});

describe('pastDueLine', () => {
  const bill = invoiceOf({ displayId: '7', dueMs: PAST });
  const ofBill = (locator: string, startMs: number, endMs: number) => {
    return { locator, invoiceLocator: bill.locator, startMs, endMs };
  };

  it('tells the end of the latest grace period of the bill, in whatever order Core lists them', () => {
    const [late, early] = [ofBill('late', 2, FUTURE), ofBill('early', 1, PAST)];
    const sentences = [
      [late, early],
      [early, late],
    ].map((gracePeriods) => {
      const snapshot = { policy: policyOf({ invoices: [bill] }), gracePeriods };
      return pastDueLine(inputOf({ snapshot }), bill.locator).sentence;
    });
    const [sentence] = sentences;
    expect(sentence).toMatch(/; grace period ends 2 Sep 2024$/);
    expect(sentences).toEqual([sentence, sentence]);
  });
});

describe('the lines about money', () => {
  const policy = policyOf();
  const credit = invoiceOf({ displayId: '7', totalDue: '-792.39', currency: 'USD', dueMs: FUTURE });

  it('names a credit as one', () => {
    const input = inputOf({ snapshot: { policy, invoice: credit } });
    expect(lineOf(invoiceIssue.translate({ ...input, event: { ...input.event, type: 'invoice.issue' } }))).toBe(
      'Invoice 7 issued: credit of 792.39 USD',
    );
  });

  it('names a refund as one', () => {
    const payment = paymentOf({ displayId: '8', amount: '-792.39', invoiceLocator: credit.locator });
    const input = inputOf({ snapshot: { policy, invoice: credit, payment } });
    expect(lineOf(paymentPay.translate({ ...input, event: { ...input.event, type: 'payment.pay' } }))).toBe(
      'Refund 8 of 792.39 USD paid out for invoice 7',
    );
  });

  it('voids an invalidated invoice although Core still shows it outstanding', () => {
    const invoice = invoiceOf({ displayId: '7', currency: 'USD' });
    const input = inputOf({ snapshot: { policy: policyOf({ invoices: [invoice] }), invoice } });
    const translation = invoiceInvalidate.translate({
      ...input,
      event: { ...input.event, type: 'invoice.invalidate' },
    });
    expect(lineOf(translation)).toBe('Invoice 7 of 97.15 USD invalidated');
    expect(translation).toMatchObject({
      records: [
        { kind: 'policy' },
        { kind: 'invoice', op: 'void', fields: { status: 'void', balance: '0.00' } },
        { kind: 'activity' },
      ],
    });
  });
});
