import type { PolicyFields, RecordOf } from '../../../records/canonical-record.js';
import type { Delivery } from '../../connector.js';
import { dayOf } from '../../kit/day-of.js';
import { wordsOf } from '../../record-text.js';
import type { Cells, OdooRow } from '../odoo.load.js';
import { cell, customCells, externalId, relatedCell, relatedKey } from './cells.js';
import type { Fact } from './facts.js';

/** The fields of the custom model `x_insurance_policy`, beside `x_name` that every custom model has. */
export const POLICY_MODEL_FIELDS = [
  { name: 'x_locator', ttype: 'char', field_description: 'Socotra locator' },
  { name: 'x_partner_id', ttype: 'many2one', field_description: 'Policyholder', relation: 'res.partner' },
  { name: 'x_product', ttype: 'char', field_description: 'Product' },
  { name: 'x_status', ttype: 'char', field_description: 'Status' },
  { name: 'x_effective_date', ttype: 'date', field_description: 'Effective date' },
  { name: 'x_expiration_date', ttype: 'date', field_description: 'Expiration date' },
  { name: 'x_issue_date', ttype: 'date', field_description: 'Issue date' },
  { name: 'x_currency', ttype: 'char', field_description: 'Currency' },
  { name: 'x_term_premium', ttype: 'float', field_description: 'Term premium' },
  { name: 'x_taxes', ttype: 'float', field_description: 'Taxes' },
  { name: 'x_fees', ttype: 'float', field_description: 'Fees' },
  { name: 'x_payment_schedule', ttype: 'char', field_description: 'Payment schedule' },
  { name: 'x_cancellation_date', ttype: 'date', field_description: 'Cancellation date' },
  { name: 'x_cancellation_reason', ttype: 'char', field_description: 'Cancellation reason' },
  { name: 'x_balance_due', ttype: 'float', field_description: 'Balance due' },
  { name: 'x_paid_to_date', ttype: 'float', field_description: 'Paid to date' },
  { name: 'x_past_due_since', ttype: 'date', field_description: 'Past due since' },
  { name: 'x_next_renewal_date', ttype: 'date', field_description: 'Next renewal' },
  { name: 'x_last_change', ttype: 'char', field_description: 'Last change' },
] as const;

type PolicyColumn = (typeof POLICY_MODEL_FIELDS)[number]['name'];

/** A policy where the account has the custom model. */
export function policyRow(record: RecordOf<'policy'>, delivery: Delivery): OdooRow {
  const { key, locator, fields } = record;
  const own = (column: PolicyColumn, value: string | null | undefined) => cell(column, value);
  return {
    cells: {
      id: externalId(key),
      ...cell('x_name', fields.number),
      ...own('x_locator', locator),
      ...relatedCell('x_partner_id' satisfies PolicyColumn, relatedKey(delivery, 'party')),
      ...own('x_product', fields.product),
      ...own('x_status', statusOf(record)),
      ...own('x_effective_date', fields.effectiveDate),
      ...own('x_expiration_date', fields.expirationDate),
      ...own('x_issue_date', dayOf(fields.issuedAt, delivery)),
      ...own('x_currency', fields.currency),
      ...own('x_term_premium', fields.termPremium),
      ...own('x_taxes', fields.taxes),
      ...own('x_fees', fields.fees),
      ...own('x_payment_schedule', fields.paymentSchedule),
      ...own('x_cancellation_date', fields.cancellationDate),
      ...own('x_cancellation_reason', fields.cancellationReason),
      ...own('x_balance_due', fields.balanceDue),
      ...own('x_paid_to_date', fields.paidToDate),
      ...own('x_past_due_since', fields.pastDueSince),
      ...own('x_next_renewal_date', fields.nextRenewalDate),
      ...own('x_last_change', fields.lastChange),
      ...customCells(fields),
    },
  };
}

/** A policy that ended before it counted is discarded, whatever Core still says of its status. */
function statusOf({ op, fields }: RecordOf<'policy'>): string | undefined {
  return op === 'void' ? 'Discarded' : fields.status && wordsOf(fields.status);
}

/** Key of the product that the line of a policy's sales order sells: such a line needs one. */
export const POLICY_PRODUCT_KEY = 'insurance_policy';

/** Marks the sales orders that stand for policies. */
export const ORDER_ORIGIN = 'Socotra';

/**
 * A policy where the account has no custom model: a draft sales order.
 *
 * @param note merged from {@link policyFacts}
 * @param isForeign whether the policy is in another currency than orders are: then the line has no price
 */
export function orderRow(record: RecordOf<'policy'>, delivery: Delivery, note?: string, isForeign = false): OdooRow {
  const { key, fields } = record;
  return {
    cells: {
      id: externalId(key),
      ...relatedCell('partner_id', relatedKey(delivery, 'party')),
      ...cell('client_order_ref', fields.number),
      origin: ORDER_ORIGIN,
      ...cell('note', note),
      ...customCells(fields),
    },
    ...(fields.termPremium !== undefined && {
      lines: [orderLine(key, fields.number, isForeign ? null : fields.termPremium)],
    }),
  };
}

function orderLine(key: string, number: string | undefined, premium: PolicyFields['termPremium']): Cells {
  return {
    'order_line/id': externalId(`${key}_premium`),
    'order_line/product_id/id': externalId(POLICY_PRODUCT_KEY),
    'order_line/name': `Policy ${number ?? ''}`.trim(),
    'order_line/product_uom_qty': '1',
    'order_line/price_unit': premium ?? '0',
  };
}

/** What a sales order has no field for; of a foreign policy also the premium. */
export function policyFacts(
  record: RecordOf<'policy'>,
  delivery: Pick<Delivery, 'timeZone'>,
  isForeign = false,
): readonly Fact[] {
  const { fields } = record;
  return [
    ['Policy status', statusOf(record)],
    ['Product', fields.product],
    ['Cover from', fields.effectiveDate],
    ['Cover until', fields.expirationDate],
    ['Issued', dayOf(fields.issuedAt, delivery)],
    ['Currency', fields.currency],
    ['Term premium', isForeign ? fields.termPremium : undefined],
    ['Taxes', fields.taxes],
    ['Fees', fields.fees],
    ['Payment schedule', fields.paymentSchedule],
    ['Cancelled as of', fields.cancellationDate],
    ['Cancellation reason', fields.cancellationReason],
    ['Balance due', fields.balanceDue],
    ['Paid to date', fields.paidToDate],
    ['Past due since', fields.pastDueSince],
    ['Next renewal', fields.nextRenewalDate],
    ['Last change', fields.lastChange],
  ];
}
