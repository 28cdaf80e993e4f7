import type { Connector } from '../connector.js';
import { loadOnce } from '../kit/load-once.js';
import { classifyHubspot } from './hubspot.classify.js';
import { HUBSPOT_FIELDS } from './hubspot.fields.js';
import { checkHubspotSettings } from './hubspot.settings.js';

const account = loadOnce(() => import('./hubspot.account.js'));
const start = loadOnce(() => import('./hubspot.start.js'));
const delivering = loadOnce(() => import('./hubspot.deliver.js'));
const looking = loadOnce(() => import('./hubspot.held.js'));

/** Contacts, companies, deals, tickets and notes of one HubSpot account, all found again by a unique property. */
export const hubspotConnector: Connector = {
  id: 'hubspot',
  label: 'HubSpot',
  docs: 'docs/connectors/hubspot.md',
  fields: HUBSPOT_FIELDS,
  defaultProfile: 'crm',
  kinds: {
    party: 'upsert',
    quote: 'upsert',
    policy: 'upsert',
    policy_change: {
      unsupported: 'Changes are notes, and the newest one stands in the property "Last change" of the policy.',
    },
    invoice: { unsupported: 'Socotra bills; what is due and paid stands in the properties of the policy.' },
    payment: { unsupported: 'Socotra bills; what is due and paid stands in the properties of the policy.' },
    claim: 'upsert',
    claim_item: {
      unsupported: 'The reserve of all items stands in the ticket of the claim, and each item is told in notes.',
    },
    premium_row: {
      unsupported: 'Premium reports are figures for accounting, not for a CRM; the premium stands in the policy.',
    },
    activity: 'upsert',
  },
  // HubSpot allows 100 requests in 10 seconds to the smallest accounts:
  // https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
  limits: { concurrent: 4, burst: { requests: 90, perMs: 10_000 } },
  checkSettings: checkHubspotSettings,
  classify: classifyHubspot,
  identify: async (target) => (await account()).identifyAccount(target),
  verify: async (target) => (await start()).verifyHubspot(target),
  ensureSchema: async (target) => (await start()).ensureHubspotSchema(target),
  deliver: async (deliveries, target) => (await delivering()).deliverToHubspot(deliveries, target),
  look: {
    // Objects are read by keys in a body.
    isRead: ({ method, url }) =>
      method === 'GET' || (method === 'POST' && new URL(url).pathname.endsWith('/batch/read')),
    held: async (deliveries, target) => (await looking()).heldByHubspot(deliveries, target),
  },
};
