import type { Connector } from '../connector.js';
import { loadOnce } from '../kit/load-once.js';
import { classifyRest } from './rest.classify.js';
import { batchSizeOf, REST_FIELDS } from './rest.fields.js';
import { checkRestSettings } from './rest.settings.js';

const push = loadOnce(() => import('./rest.push.js'));

/** Pushes every canonical record, unchanged, to an address of the tenant's: an own CRM, a middleware, an iPaaS. */
export const restConnector: Connector = {
  id: 'rest',
  label: 'Any REST API',
  docs: 'docs/connectors/rest.md',
  fields: REST_FIELDS,
  defaultProfile: 'all',
  kinds: {
    party: 'upsert',
    quote: 'upsert',
    policy: 'upsert',
    policy_change: 'upsert',
    invoice: 'upsert',
    payment: 'upsert',
    claim: 'upsert',
    claim_item: 'upsert',
    premium_row: 'upsert',
    activity: 'upsert',
  },
  // Nothing is known of the receiver; it may say how much it takes with a 429.
  limits: { concurrent: 8 },
  recordsPerRequest: batchSizeOf,
  checkSettings: checkRestSettings,
  classify: classifyRest,
  verify: async (target) => (await push()).verifyRest(target),
  deliver: async (deliveries, target) => (await push()).deliverToRest(deliveries, target),
};
