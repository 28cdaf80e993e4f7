import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.js';
import type { Asked } from '../connector.js';
import { draftOf } from './hubspot.draft.js';
import type { Layout } from './hubspot.layout.js';

const HIDDEN: Asked<never> = { ok: false, failure: { outcome: 'rejected', code: 'missing_scopes', advice: 'x' } };
const record = { ...FULL_RECORDS.party, fields: { name: 'Jo', custom: { loyalty: 'L-1', nickname: null } } };

function draftWith(...names: readonly string[]) {
  const layout: Layout = {
    policies: HIDDEN,
    quotes: HIDDEN,
    claims: HIDDEN,
    notes: { by: 'key' },
    properties: new Map([['contacts', { ok: true, value: { names: new Set(names), isKeyed: true } }]]),
  };
  const draft = draftOf(deliveryOf(record), 'contacts', layout);
  if (!draft.ok) throw new Error(draft.failure.code);
  return draft.value;
}

describe('own fields of the tenant', () => {
  it('are left out where HubSpot has no such property', () => {
    const { properties, refused } = draftWith('lastname', 'nickname');
    expect(properties).toMatchObject({ lastname: 'Jo', nickname: '' });
    expect(properties).not.toHaveProperty('loyalty');
    expect(refused).toEqual([{ field: 'loyalty', code: 'property_doesnt_exist' }]);
  });

  it('are sent where the token may not see which properties there are', () => {
    const { properties, refused } = draftWith();
    expect(properties).toMatchObject({ loyalty: 'L-1', nickname: '' });
    expect(refused).toEqual([]);
  });
});
