import { objectsOf, textOf, type JsonObject } from '../http/json.ts';

/** The invoices of a policyholder with every status they ever had, oldest invoice first. */
export type InvoiceHistory = readonly JsonObject[];

/**
 * Puts the invoices' whole life together from snapshots of different moments. No single one tells it: the newest forgets
 * the status "paid" of a payment that bounced later.
 *
 * @param snapshots lists of invoices, oldest first
 */
export function invoiceHistory(snapshots: readonly (readonly JsonObject[])[]): InvoiceHistory {
  const newest = new Map<string, JsonObject>();
  const statuses = new Map<string, Map<string, JsonObject>>();
  for (const invoice of snapshots.flat()) {
    const locator = textOf(invoice.locator);
    newest.set(locator, invoice);
    const known = statuses.get(locator) ?? new Map<string, JsonObject>();
    for (const status of objectsOf(invoice.statuses)) {
      known.set(`${textOf(status.timestamp)} ${textOf(status.status)}`, status);
    }
    statuses.set(locator, known);
  }
  return [...newest]
    .map(([locator, invoice]) => ({
      ...invoice,
      statuses: [...(statuses.get(locator)?.values() ?? [])].toSorted(newestFirst),
    }))
    .toSorted((a, b) => instantOf(a, 'createdTimestamp') - instantOf(b, 'createdTimestamp'));
}

/**
 * The invoices as Core shows them at an instant (ms): nothing that happens later.
 *
 * @param modifications all modifications of the policy; an invoice may be made before its transaction is issued
 */
export function invoicesAt(
  history: InvoiceHistory,
  modifications: readonly JsonObject[],
  atMs: number,
): readonly JsonObject[] {
  const unissued = new Set(
    modifications
      .filter((modification) => instantOf(modification, 'issuedTimestamp') > atMs)
      .map((modification) => textOf(modification.locator)),
  );
  return history
    .filter((invoice) => instantOf(invoice, 'createdTimestamp') <= atMs)
    .map((invoice) => ({
      ...invoiceAt(invoice, atMs),
      transactionIssued: !unissued.has(textOf(invoice.policyModificationLocator)),
    }));
}

/** A payment as Core shows it at an instant (ms): a reversal that comes later is not known yet. */
function paymentAt(payment: JsonObject, atMs: number): JsonObject {
  const { reversedTimestamp, ...posted } = payment;
  return reversedTimestamp !== undefined && Number(reversedTimestamp) <= atMs ? payment : posted;
}

function invoiceAt(invoice: JsonObject, atMs: number): JsonObject {
  const { settlementType: _later, settlementStatus: _newest, ...rest } = invoice;
  const statuses = objectsOf(invoice.statuses).filter((status) => instantOf(status, 'timestamp') <= atMs);
  const payments = objectsOf(invoice.payments)
    .filter((payment) => instantOf(payment, 'postedTimestamp') <= atMs)
    .map((payment) => paymentAt(payment, atMs));
  const changes = [
    instantOf(invoice, 'createdTimestamp'),
    ...statuses.map((status) => instantOf(status, 'timestamp')),
    ...payments.map((payment) => instantOf(payment, 'postedTimestamp')),
  ];
  return {
    ...rest,
    updatedTimestamp: String(Math.max(...changes)),
    statuses,
    payments,
    ...settlement(textOf(statuses[0]?.status)),
  };
}

/** `unfulfilled` is the one open status; every other one names how the invoice was settled. */
function settlement(newestStatus: string): JsonObject {
  if (newestStatus === 'unfulfilled') return { settlementStatus: 'outstanding' };
  return { settlementStatus: 'settled', settlementType: newestStatus };
}

function newestFirst(a: JsonObject, b: JsonObject): number {
  return instantOf(b, 'timestamp') - instantOf(a, 'timestamp');
}

function instantOf(entity: JsonObject, name: string): number {
  return Number(entity[name]);
}
