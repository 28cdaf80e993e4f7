import type { JsonObject } from '../http/json.ts';
import { CrmStore } from '../targets/rest-crm/crm-store.ts';
import { readExpectedCrm, verifyCrm } from './verify-crm.ts';
import { expectedByKind, type ExpectedRecords } from './verify-records.ts';

const EXPECTED: ExpectedRecords = {
  activities: 1,
  records: { 's-pol-1': { kind: 'policy', fields: { number: '1', balanceDue: '10.00', cancellationDate: null } } },
};
const POLICY = { kind: 'policy', key: 's-pol-1', locator: '1', op: 'upsert', revision: '1' };
const ACTIVITY = {
  kind: 'activity',
  key: 's-act-1',
  locator: 'a',
  op: 'upsert',
  revision: '1',
  relations: [{ name: 'policy', kind: 'policy', key: 's-pol-1' }],
};
const FIELDS = { number: '1', balanceDue: '10.0' };
const SENTENCE = { subject: 'Issued', occurredAt: '2024-05-21T00:00:00.000Z', type: 'policy.issue' };

function verify(...records: readonly JsonObject[]): readonly string[] {
  const store = new CrmStore();
  for (const record of records) store.write(record, 0);
  return verifyCrm(EXPECTED, store);
}

describe('the comparison of the CRM with the story', () => {
  it('finds nothing wrong with what is right', () => {
    expect(verify({ ...POLICY, fields: FIELDS }, { ...ACTIVITY, fields: SENTENCE })).toEqual([]);
  });

  it.each<[string, readonly JsonObject[], string]>([
    ['a missing record', [], 'Missing: the policy s-pol-1.'],
    ['a wrong amount', [{ ...POLICY, fields: { ...FIELDS, balanceDue: '11.00' } }], 'balanceDue of s-pol-1 is "11.00"'],
    ['an uncleared field', [{ ...POLICY, fields: { ...FIELDS, cancellationDate: '2024-10-25' } }], 'instead of absent'],
    ['a line on no record', [{ ...ACTIVITY, relations: [], fields: SENTENCE }], 'Adrift: the activity s-act-1'],
    ['a void record', [{ ...POLICY, op: 'void', fields: FIELDS }], 'is marked "void"'],
    ['an extra record', [{ ...POLICY, key: 's-pol-2', fields: FIELDS }], 'Extra: the policy s-pol-2'],
    [
      'a doubled record',
      [
        { ...POLICY, fields: FIELDS },
        { ...POLICY, key: 's-pol-3', fields: FIELDS },
      ],
      'Doubled: s-pol-3',
    ],
    [
      'a doubled sentence',
      [
        { ...ACTIVITY, fields: SENTENCE },
        { ...ACTIVITY, key: 's-act-2', fields: SENTENCE },
      ],
      '2 activities instead of 1',
    ],
  ])('reports %s', (_what, records, sentence) => {
    expect(verify(...records).join('\n')).toContain(sentence);
  });

  it('has an expectation of every kind of record', () => {
    expect(Object.fromEntries(expectedByKind(readExpectedCrm()))).toEqual({
      party: 1,
      quote: 2,
      policy: 1,
      policy_change: 4,
      invoice: 5,
      payment: 3,
      claim: 1,
      claim_item: 1,
      premium_row: 1,
      activity: 46,
    });
  });
});
