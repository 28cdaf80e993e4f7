import type { Connector } from '../connector.js';
import { loadOnce } from '../kit/load-once.js';
import { classifyOdoo } from './odoo.classify.js';
import { ODOO_FIELDS } from './odoo.fields.js';
import { isOdooRead } from './odoo.reads.js';
import { checkOdooSettings } from './odoo.settings.js';

const UNSUPPORTED = {
  policy_change:
    'Odoo has no record for a change of a policy: the policy shows its result and the timeline tells of it.',
  claim_item: 'A task has no parts of its own kind: the claim shows the reserves of all its parts together.',
  premium_row: 'Premium reports are periodic sums, and Odoo books single documents.',
} as const;

const start = loadOnce(() => import('./odoo.start.js'));
const delivering = loadOnce(() => import('./odoo.deliver.js'));
const looking = loadOnce(() => import('./odoo.held.js'));

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
  classify: classifyOdoo,
  verify: async (target) => (await start()).verifyOdoo(target),
  ensureSchema: async (target) => (await start()).ensureOdooSchema(target),
  deliver: async (deliveries, target) => (await delivering()).deliverToOdoo(deliveries, target),
  look: {
    isRead: isOdooRead,
    held: async (deliveries, target) => (await looking()).heldByOdoo(deliveries, target),
  },
};
