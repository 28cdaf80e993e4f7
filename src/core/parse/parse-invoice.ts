import type { GracePeriod, Invoice, Payment } from '../entities.js';
import type { Fields } from './fields.js';
import { readFieldValues } from './field-values.js';
import { compact, parseList, parseObject, type Parsed } from './parsed.js';

function readPayment(fields: Fields): Payment {
  return compact({
    locator: fields.locator(),
    displayId: fields.text('displayId'),
    invoiceLocator: fields.text('invoiceLocator'),
    amount: fields.requiredMoney('amount'),
    currency: fields.currency('amountCurrency'),
    postedMs: fields.timestamp('postedTimestamp'),
    reversedMs: fields.timestamp('reversedTimestamp'),
    fieldValues: readFieldValues(fields, 'fieldValues'),
  });
}

export function readInvoice(fields: Fields): Invoice {
  return compact({
    locator: fields.locator(),
    displayId: fields.text('displayId'),
    policyLocator: fields.text('policyLocator'),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    dueMs: fields.timestamp('dueTimestamp'),
    startMs: fields.timestamp('startTimestamp'),
    endMs: fields.timestamp('endTimestamp'),
    totalDue: fields.requiredMoney('totalDue'),
    currency: fields.currency('totalDueCurrency'),
    type: fields.text('invoiceType'),
    settlementStatus: fields.text('settlementStatus'),
    settlementType: fields.text('settlementType'),
    transactionIssued: fields.flag('transactionIssued'),
    payments: fields.recordList('payments', readPayment),
    policyModificationLocator: fields.text('policyModificationLocator'),
  });
}

function readGracePeriod(fields: Fields): GracePeriod {
  return compact({
    locator: fields.locator(),
    policyLocator: fields.text('policyLocator'),
    policyholderLocator: fields.text('policyholderLocator'),
    invoiceLocator: fields.text('invoiceLocator'),
    startMs: fields.timestamp('startTimestamp'),
    endMs: fields.timestamp('endTimestamp'),
    cancellationLocator: fields.text('cancellationLocator'),
    settledMs: fields.timestamp('settledTimestamp'),
  });
}

/** `GET /payments/{locator}`, and the members of an invoice's `payments`. */
export function parsePayment(json: unknown): Parsed<Payment> {
  return parseObject(json, 'payment', readPayment);
}

/** `GET /invoice/{locator}`, which Core does not confirm to have. */
export function parseInvoice(json: unknown): Parsed<Invoice> {
  return parseObject(json, 'invoice', readInvoice);
}

/** `GET /policyholder/{locator}/invoices`. */
export function parseInvoices(json: unknown): Parsed<readonly Invoice[]> {
  return parseList(json, 'invoice', readInvoice);
}

/** `GET /gracePeriod/{locator}`. */
export function parseGracePeriod(json: unknown): Parsed<GracePeriod> {
  return parseObject(json, 'grace period', readGracePeriod);
}

/** `GET /policy/{locator}/gracePeriods`. */
export function parseGracePeriods(json: unknown): Parsed<readonly GracePeriod[]> {
  return parseList(json, 'grace period', readGracePeriod);
}
