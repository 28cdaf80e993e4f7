import type { RecordKind } from '../../records/record-kinds.js';
import type { Delivery, DeliveryResult, Target } from '../connector.js';
import { stopAfter } from '../kit/rest-of-connection.js';
import { odooAccounts, type OdooAccount, policyModelOf } from './odoo.account.js';
import { odooAt } from './odoo.api.js';
import { NO_RESULT } from './odoo.load.js';
import { writeActivities } from './writers/activities.js';
import { writeClaims } from './writers/claims.js';
import { writeInvoices } from './writers/invoices.js';
import { writeParties } from './writers/parties.js';
import { writePayments } from './writers/payments.js';
import { writePolicies } from './writers/policies.js';
import { writeQuotes } from './writers/quotes.js';
import { allFailed, type DeliveryOf, type Writing } from './writers/writing.js';

/** Writes kind by kind, in the order in which they come; nothing more is sent after the connection itself failed. */
export async function deliverToOdoo(
  deliveries: readonly Delivery[],
  target: Target,
): Promise<readonly DeliveryResult[]> {
  const account = await odooAccounts.get(target);
  if (!account.ok) return allFailed(deliveries, account.failure);
  const writing = { odoo: odooAt(target, account.value.transport), account: account.value, target };
  const results = new Map<Delivery, DeliveryResult>();
  let stop: DeliveryResult | undefined;
  for (const [kind, ofKind] of Map.groupBy(deliveries, ({ record }) => record.kind)) {
    const answers = stop ? [] : await writeKind(kind, ofKind, writing);
    ofKind.forEach((delivery, index) => results.set(delivery, stop ?? answers[index] ?? NO_RESULT));
    stop ??= stopAfter(answers);
  }
  return deliveries.map((delivery) => results.get(delivery) ?? NO_RESULT);
}

async function writeKind(
  kind: RecordKind,
  deliveries: readonly Delivery[],
  writing: Writing,
): Promise<readonly DeliveryResult[]> {
  if (!hasPlace(kind, writing.account))
    return deliveries.map(() => ({ outcome: 'skipped', code: 'app_not_installed' }));
  switch (kind) {
    case 'party':
      return writeParties(deliveries.filter(isOf(kind)), writing);
    case 'quote':
      return writeQuotes(deliveries.filter(isOf(kind)), writing);
    case 'policy':
      return writePolicies(deliveries.filter(isOf(kind)), writing);
    case 'invoice':
      return writeInvoices(deliveries.filter(isOf(kind)), writing);
    case 'payment':
      return writePayments(deliveries.filter(isOf(kind)), writing);
    case 'claim':
      return writeClaims(deliveries.filter(isOf(kind)), writing);
    case 'activity':
      return writeActivities(deliveries.filter(isOf(kind)), writing);
    case 'policy_change':
    case 'claim_item':
    case 'premium_row':
      return deliveries.map(() => ({ outcome: 'skipped', code: 'kind_unsupported' }));
  }
}

function isOf<K extends RecordKind>(kind: K): (delivery: Delivery) => delivery is DeliveryOf<K> {
  return (delivery): delivery is DeliveryOf<K> => delivery.record.kind === kind;
}

/** Start has told the customer which apps are missing. */
function hasPlace(kind: RecordKind, account: OdooAccount): boolean {
  const { models } = account;
  switch (kind) {
    case 'quote':
      return models['crm.lead'] !== 'missing';
    case 'policy':
      return policyModelOf(account) !== undefined;
    case 'invoice':
    case 'payment':
      return models['account.move'] !== 'missing';
    case 'claim':
      return models['project.task'] !== 'missing';
    case 'party':
    case 'policy_change':
    case 'claim_item':
    case 'premium_row':
    case 'activity':
      return true;
  }
}
