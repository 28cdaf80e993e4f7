import type { Profile } from '../connectors/settings-fields.js';
import type { EventFamily } from '../events/socotra-events.js';
import type { RecordKind } from '../records/record-kinds.js';

/**
 * What each profile syncs. Invoices and payments concern a CRM too: they move the money roll-ups of the policy, although
 * the CRM gets no invoice records.
 */
interface ProfileScope {
  /** Events outside these families are answered `ignored`. */
  readonly families: ReadonlySet<EventFamily>;
  readonly kinds: ReadonlySet<RecordKind>;
}

const POLICY_FAMILIES = [
  'policyholder',
  'policy',
  'gracePeriod',
  'legacyReinstatement',
  'endorsement',
  'renewal',
  'cancellation',
  'reinstatement',
  'invoice',
  'payment',
] as const satisfies readonly EventFamily[];

const CRM_FAMILIES = [...POLICY_FAMILIES, 'quote', 'claim', 'subClaim'] as const satisfies readonly EventFamily[];

export const PROFILE_SCOPES: Readonly<Record<Profile, ProfileScope>> = {
  crm: {
    families: new Set(CRM_FAMILIES),
    kinds: new Set(['party', 'quote', 'policy', 'policy_change', 'claim', 'claim_item', 'activity']),
  },
  erp: {
    families: new Set(POLICY_FAMILIES),
    kinds: new Set(['party', 'policy', 'invoice', 'payment']),
  },
  all: {
    families: new Set([...CRM_FAMILIES, 'premiumReport', 'login']),
    kinds: new Set([
      'party',
      'quote',
      'policy',
      'policy_change',
      'invoice',
      'payment',
      'claim',
      'claim_item',
      'premium_row',
      'activity',
    ]),
  },
};
