import type { RecordKind } from '../../records/record-kinds.js';
import type { Connector, Delivery, DeliveryResult, Target } from '../connector.js';
import { restOfConnection } from '../kit/rest-of-connection.js';
import { odooAccounts, type OdooAccount, policyModelOf } from './odoo.account.js';
import { odooAt } from './odoo.api.js';
import { classifyOdoo } from './odoo.classify.js';
import { ODOO_FIELDS } from './odoo.fields.js';
import { checkOdooSettings } from './odoo.settings.js';
import { ensureOdooSchema, verifyOdoo } from './odoo.start.js';
import { writeActivities } from './writers/activities.js';
import { writeClaims } from './writers/claims.js';
import { writeInvoices } from './writers/invoices.js';
import { writeParties } from './writers/parties.js';
import { writePayments } from './writers/payments.js';
import { writePolicies } from './writers/policies.js';
import { writeQuotes } from './writers/quotes.js';
import { allFailed, type DeliveryOf, type Writing } from './writers/writing.js';

const UNSUPPORTED = {
  policy_change:
    'Odoo has no record for a change of a policy: the policy shows its result and the timeline tells of it.',
  claim_item: 'A task has no parts of its own kind: the claim shows the reserves of all its parts together.',
  premium_row: 'Premium reports are periodic sums, and Odoo books single documents.',
} as const;

/** Odoo 17 and later: contacts, opportunities, policies, invoices, payments, tasks and chatter notes. */
export const odooConnector: Connector = {
  id: 'odoo',
  label: 'Odoo',
  docs: 'docs/connectors/odoo.md',
  fields: ODOO_FIELDS,
  defaultProfile: 'erp',
  kinds: {
    party: 'upsert',
    quote: 'upsert',
    policy: 'upsert',
    policy_change: { unsupported: UNSUPPORTED.policy_change },
    invoice: 'upsert',
    payment: 'upsert',
    claim: 'upsert',
    claim_item: { unsupported: UNSUPPORTED.claim_item },
    premium_row: { unsupported: UNSUPPORTED.premium_row },
    activity: 'upsert',
  },
  // No limit is documented; each call holds a process of the server and a transaction of the database.
  limits: { concurrent: 2 },
  checkSettings: checkOdooSettings,
  verify: verifyOdoo,
  ensureSchema: ensureOdooSchema,
  classify: classifyOdoo,
  deliver,
};

async function deliver(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]> {
  const account = await odooAccounts.get(target);
  if (!account.ok) return allFailed(deliveries, account.failure);
  const writing = { odoo: odooAt(target, account.value.transport), account: account.value, target };
  const results = new Map<Delivery, DeliveryResult>();
  let stop: DeliveryResult | undefined;
  for (const [kind, ofKind] of Map.groupBy(deliveries, ({ record }) => record.kind)) {
    const answers = stop ? [] : await writeKind(kind, ofKind, writing);
    ofKind.forEach((delivery, index) => results.set(delivery, stop ?? answers[index] ?? NO_RESULT));
    stop ??= answers.map(restOfConnection).find((rest) => rest !== undefined);
  }
  return deliveries.map((delivery) => results.get(delivery) ?? NO_RESULT);
}

const NO_RESULT: DeliveryResult = { outcome: 'unknown_outcome', code: 'no_result_for_record' };

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
