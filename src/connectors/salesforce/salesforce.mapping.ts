import type { Delivery } from '../connector.js';
import { activityRow } from './mapping/activity.js';
import { fscClaim, fscClaimItem, fscPolicy, fscPolicyChange, fscPremiumRow } from './mapping/fsc.js';
import { partyRows } from './mapping/party.js';
import { plainClaim, plainClaimItem, plainPolicy, plainPolicyChange, plainPremiumRow } from './mapping/plain.js';
import type { PlannedRow } from './mapping/planned-row.js';
import { quoteRow } from './mapping/quote.js';
import type { Org } from './salesforce.org.js';

/** The rows that stand for a record in this org, in the order in which they must be written; none: it holds no such kind. */
export function rowsOf({ record, timeZone }: Pick<Delivery, 'record' | 'timeZone'>, org: Org): readonly PlannedRow[] {
  const isFsc = org.flavour === 'fsc';
  switch (record.kind) {
    case 'party':
      return partyRows(record, org);
    case 'quote':
      return [quoteRow(record, org, timeZone)];
    case 'policy':
      return [isFsc ? fscPolicy(record, org) : plainPolicy(record, org)];
    case 'policy_change':
      return [isFsc ? fscPolicyChange(record, org) : plainPolicyChange(record, org)];
    case 'premium_row':
      return [isFsc ? fscPremiumRow(record, org) : plainPremiumRow(record, org)];
    case 'claim':
      return [isFsc ? fscClaim(record, org) : plainClaim(record, org)];
    case 'claim_item':
      return [isFsc ? fscClaimItem(record, org) : plainClaimItem(record, org)];
    case 'activity':
      return [activityRow(record, org, timeZone)];
    case 'invoice':
    case 'payment':
      return [];
  }
}
