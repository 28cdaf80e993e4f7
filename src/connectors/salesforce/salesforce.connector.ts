import type { Connector } from '../connector.js';
import { loadOnce } from '../kit/load-once.js';
import { classifySalesforce } from './salesforce.classify.js';
import { SALESFORCE_FIELDS } from './salesforce.fields.js';
import { checkSalesforceSettings } from './salesforce.settings.js';

const ON_THE_POLICY = 'Salesforce shows what was invoiced and paid as figures on the policy.';

const org = loadOnce(() => import('./salesforce.org.js'));
const schema = loadOnce(() => import('./salesforce.schema.js'));
const delivering = loadOnce(() => import('./salesforce.deliver.js'));
const looking = loadOnce(() => import('./salesforce.held.js'));

/** Salesforce, plain or with Financial Services Cloud; which of them an org is, is found out by asking. */
export const salesforceConnector: Connector = {
  id: 'salesforce',
  label: 'Salesforce',
  docs: 'docs/connectors/salesforce.md',
  fields: SALESFORCE_FIELDS,
  defaultProfile: 'crm',
  kinds: {
    party: 'upsert',
    quote: 'upsert',
    policy: 'upsert',
    policy_change: 'upsert',
    invoice: { unsupported: ON_THE_POLICY },
    payment: { unsupported: ON_THE_POLICY },
    claim: 'upsert',
    claim_item: 'upsert',
    premium_row: 'upsert',
    activity: 'upsert',
  },
  // A Developer Edition counts five long requests at a time; writes to one parent lock each other out.
  limits: { concurrent: 5 },
  checkSettings: checkSalesforceSettings,
  classify: classifySalesforce,
  identify: async (target) => (await org()).identifyOrg(target),
  verify: async (target) => (await schema()).verifySalesforce(target),
  ensureSchema: async (target) => (await schema()).checkSalesforceSchema(target),
  deliver: async (deliveries, target) => (await delivering()).deliverToSalesforce(deliveries, target),
  look: {
    isRead: ({ method }) => method === 'GET',
    held: async (deliveries, target) => (await looking()).heldBySalesforce(deliveries, target),
  },
};
