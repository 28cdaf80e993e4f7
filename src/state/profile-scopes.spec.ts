import { EVENT_NAMES, familyOf } from '../events/socotra-events.js';
import { RECORD_KIND_NAMES } from '../records/record-kinds.js';
import { PROFILE_SCOPES } from './profile-scopes.js';

describe('what a profile syncs', () => {
  it.each([
    ['policyholder.update', true, true],
    ['policy.issue', true, true],
    ['policy.gracePeriod', true, true],
    ['policy.reinstatement.open', true, true],
    ['policy.quote.quoted', true, false],
    ['endorsement.issue', true, true],
    ['renewal.issue', true, true],
    ['cancellation.issue', true, true],
    ['reinstatement.issue', true, true],
    ['invoice.issue', true, true],
    ['payment.pay', true, true],
    ['claim.open', true, false],
    ['subClaim.open', true, false],
    ['premiumReport.issue', false, false],
    ['login.failure', false, false],
  ] as const)('%s: CRM %s, ERP %s, all', (event, crm, erp) => {
    const family = familyOf(event);
    expect([PROFILE_SCOPES.crm.families.has(family), PROFILE_SCOPES.erp.families.has(family)]).toEqual([crm, erp]);
  });

  it('is everything for "all"', () => {
    expect(new Set(EVENT_NAMES.map(familyOf))).toEqual(PROFILE_SCOPES.all.families);
    expect(new Set(RECORD_KIND_NAMES)).toEqual(PROFILE_SCOPES.all.kinds);
  });

  it('keeps books out of a CRM and sales out of an ERP', () => {
    const kindsOf = (profile: 'crm' | 'erp') => [...PROFILE_SCOPES[profile].kinds].sort();
    expect(kindsOf('crm')).toEqual(['activity', 'claim', 'claim_item', 'party', 'policy', 'policy_change', 'quote']);
    expect(kindsOf('erp')).toEqual(['invoice', 'party', 'payment', 'policy']);
  });
});
