import type { CanonicalRecord, RecordOf } from '../records/canonical-record.js';
import type { RecordKind } from '../records/record-kinds.js';
import { PROFILE_SCOPES } from '../state/profile-scopes.js';
import { mergeRecords } from './merge-records.js';

const ALL = PROFILE_SCOPES.all.kinds;

const party: RecordOf<'party'> = {
  kind: 'party',
  key: 'p-pty-1',
  locator: '1',
  op: 'upsert',
  fields: { type: 'person', name: 'A B' },
  relations: [],
  sourceUpdatedAtMs: 5,
};
const policy: RecordOf<'policy'> = {
  kind: 'policy',
  key: 'p-pol-2',
  locator: '2',
  op: 'upsert',
  fields: { number: '2', status: 'issued' },
  relations: [{ name: 'policyholder', kind: 'party', key: 'p-pty-1', required: true }],
  sourceUpdatedAtMs: 5,
};
const quote: RecordOf<'quote'> = { ...policy, kind: 'quote', key: 'p-quo-3', fields: { name: '1', state: 'quoted' } };

const keysOf = (records: readonly CanonicalRecord[]) => records.map(({ key }) => key);

describe('mergeRecords', () => {
  it('keeps one record per key, parents first', () => {
    expect(keysOf(mergeRecords([policy, quote, party, policy], ALL))).toEqual(['p-pty-1', 'p-pol-2', 'p-quo-3']);
  });

  it('adds what a later event knows and takes its operation and its time', () => {
    const later: RecordOf<'policy'> = {
      ...policy,
      op: 'void',
      fields: { status: 'cancelled' },
      relations: [{ name: 'quote', kind: 'quote', key: 'p-quo-3', required: false }],
      sourceUpdatedAtMs: 9,
    };
    expect(mergeRecords([policy, later], ALL)).toEqual([
      {
        ...policy,
        op: 'void',
        fields: { number: '2', status: 'cancelled' },
        relations: [...policy.relations, ...later.relations],
        sourceUpdatedAtMs: 9,
      },
    ]);
  });

  it.each([
    ['newer than', 9],
    ['as old as', 5],
  ])('keeps an end that is %s what Core still shows, whichever event came first', (_what, sourceUpdatedAtMs) => {
    const end: RecordOf<'policy'> = { ...policy, op: 'void', sourceUpdatedAtMs };
    expect([mergeRecords([policy, end], ALL), mergeRecords([end, policy], ALL)]).toEqual([[end], [end]]);
  });

  it('leaves out kinds that the profile does not sync, and relations to them', () => {
    const kinds = new Set<RecordKind>(['policy']);
    expect(mergeRecords([party, policy], kinds)).toEqual([{ ...policy, relations: [] }]);
  });
});
