import type { Asked, Connector, Delivery, DeliveryResult, Failure, Target, VerifyResult } from '../connector.js';
import { AccountMemory } from '../kit/account-memory.js';
import { textOf } from '../kit/json.js';
import { settingsProblem, verifyResultOf } from '../kit/verify-result.js';
import { PATHS, read } from './hubspot.api.js';
import { classifyHubspot } from './hubspot.classify.js';
import { deliverToHubspot } from './hubspot.deliver.js';
import { HUBSPOT_FIELDS } from './hubspot.fields.js';
import { layouts, refusalsOf } from './hubspot.layout.js';
import { untilMidnight } from './hubspot.limits.js';
import { checkHubspotSettings } from './hubspot.settings.js';

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
  // HubSpot allows 100 requests in 10 seconds to the smallest accounts (contract, section 8).
  limits: { concurrent: 4, burst: { requests: 90, perMs: 10_000 } },
  checkSettings: checkHubspotSettings,
  identify: async (target) => {
    const account = await accounts.get(target);
    return account.ok ? { ok: true, value: account.value.portalId } : account;
  },
  verify,
  ensureSchema,
  classify: classifyHubspot,
  deliver,
};

interface Account {
  readonly portalId: string;
  readonly timeZone: string;
}

const accounts = new AccountMemory<Account>(async (target): Promise<Asked<Account>> => {
  const answer = await read(target, PATHS.account);
  if (!answer.ok) return answer;
  const { portalId, timeZone } = answer.value;
  if (typeof portalId !== 'number') return { ok: false, failure: { outcome: 'retry', code: 'account_unreadable' } };
  return { ok: true, value: { portalId: String(portalId), timeZone: textOf(timeZone) || 'UTC' } };
});

const UNAUTHORIZED =
  'HubSpot refuses the token: copy the access token of the service key or private app again, or create a new one.';

async function verify(target: Target): Promise<VerifyResult> {
  const account = await accounts.refresh(target);
  if (account.ok) return { ok: true };
  return isElsewhere(account.failure)
    ? settingsProblem('not_hubspot', 'What answers at the address is not HubSpot: leave "Address" empty.')
    : verifyResultOf(account.failure, { unauthorized: UNAUTHORIZED });
}

/** A page, a redirect, or a refusal that is not worded as HubSpot words it: the address of the website, say. */
function isElsewhere({ code }: Failure): boolean {
  return code === 'account_unreadable' || code === 'object_not_found' || /^unknown_answer_[234]/.test(code);
}

async function ensureSchema(target: Target): Promise<VerifyResult> {
  const layout = await layouts.refresh(target);
  if (!layout.ok) return verifyResultOf(layout.failure, { unauthorized: UNAUTHORIZED });
  const [first, ...others] = refusalsOf(layout.value);
  if (first !== undefined) {
    const sentences = new Set([first, ...others].map(({ advice }) => advice));
    return settingsProblem(first.code, [...sentences].join(' '));
  }
  const { policies } = layout.value;
  const areDeals = policies.ok && policies.value.as === 'deals';
  return { ok: true, ...(areDeals && { warnings: [POLICIES_ARE_DEALS] }) };
}

const POLICIES_ARE_DEALS =
  'Policies are shown as deals in the pipeline "Policies", because the account or the token has no custom objects.';

async function deliver(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]> {
  const results = await deliverToHubspot(deliveries, target);
  if (!results.some(({ outcome }) => outcome === 'throttled')) return results;
  const account = await accounts.get(target);
  const timeZone = account.ok ? account.value.timeZone : 'UTC';
  return results.map((result) => untilMidnight(result, timeZone, target.now()));
}
