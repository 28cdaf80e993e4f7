import type { Asked, Target } from '../connector.js';
import { AccountMemory } from '../kit/account-memory.js';
import { textOf } from '../kit/json.js';
import { PATHS, read } from './hubspot.api.js';

interface Account {
  readonly portalId: string;
  readonly timeZone: string;
}

export const accounts = new AccountMemory<Account>(async (target): Promise<Asked<Account>> => {
  const answer = await read(target, PATHS.account);
  if (!answer.ok) return answer;
  const { portalId, timeZone } = answer.value;
  if (typeof portalId !== 'number') return { ok: false, failure: { outcome: 'retry', code: 'account_unreadable' } };
  return { ok: true, value: { portalId: String(portalId), timeZone: textOf(timeZone) || 'UTC' } };
});

/** The account by its own number: HubSpot has one address for all of them. */
export async function identifyAccount(target: Target): Promise<Asked<string>> {
  const account = await accounts.get(target);
  return account.ok ? { ok: true, value: account.value.portalId } : account;
}
