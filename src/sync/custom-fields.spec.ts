import type { RecordOf } from '../records/canonical-record.js';
import { withCustomFields } from './custom-fields.js';

const policy: RecordOf<'policy'> = {
  kind: 'policy',
  key: 'p-pol-2',
  locator: '2',
  op: 'upsert',
  fields: { number: '2', status: 'issued' },
  relations: [],
  sourceUpdatedAtMs: 5,
};
const party: RecordOf<'party'> = { ...policy, kind: 'party', key: 'p-pty-1', fields: { type: 'person', name: 'A' } };

describe('withCustomFields', () => {
  it('puts a mapped value into the records of its kind, repeats joined', () => {
    const targets = [{ source: 'custom-1', kind: 'policy', field: 'vehicleMakes' }] as const;
    const [first, second] = withCustomFields([party, policy], { 'custom-1': ['Honda', 'Hyundai'] }, targets);
    expect(first).toEqual(party);
    expect(second?.fields).toEqual({ ...policy.fields, custom: { vehicleMakes: 'Honda; Hyundai' } });
  });

  it.each([
    ['unmapped', {}],
    ['mapped, but empty', { 'custom-1': [] }],
  ])('leaves the record alone when the value is %s', (_name, mapped) => {
    const targets = [{ source: 'custom-1', kind: 'policy', field: 'x' }] as const;
    expect(withCustomFields([policy], mapped, targets)).toEqual([policy]);
  });
});
