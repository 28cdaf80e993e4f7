import type { Failure, Target, VerifyResult } from '../connector.js';
import { settingsProblem, verifyResultOf } from '../kit/verify-result.js';
import { accounts } from './hubspot.account.js';
import { layouts, refusalsOf } from './hubspot.layout.js';

const UNAUTHORIZED =
  'HubSpot refuses the token: copy the access token of the service key or private app again, or create a new one.';

/** Asks for the account that the token is for. */
export async function verifyHubspot(target: Target): Promise<VerifyResult> {
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

/** Creates what is missing in the account and tells what cannot be created. */
export async function ensureHubspotSchema(target: Target): Promise<VerifyResult> {
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
