import type { DeliveryResult } from '../connectors/connector.js';
import type { CanonicalRecord, RecordOf } from '../records/canonical-record.js';
import type { EventWork } from './event-work.js';
import { type RecordsWork, triedEvent } from './tried-event.js';

const event = {
  sequence: 1,
  id: 'e',
  type: 'claim.open',
  occurredAtMs: 0,
  receivedAtMs: 0,
  payload: '',
  tries: 0,
  retryAtMs: 0,
};

const policy: RecordOf<'policy'> = {
  kind: 'policy',
  key: 'p-pol-1',
  locator: '1',
  op: 'upsert',
  fields: {},
  relations: [],
  sourceUpdatedAtMs: 0,
};
const invoice: CanonicalRecord = { ...policy, kind: 'invoice', key: 'p-inv-2', fields: {} };
const claim: CanonicalRecord = {
  ...policy,
  kind: 'claim',
  key: 'p-clm-3',
  fields: {},
  relations: [{ name: 'policy', kind: 'policy', key: 'p-pol-1', required: true }],
};
const activity: CanonicalRecord = { ...policy, kind: 'activity', key: 'p-act-4', fields: {} };

const work: RecordsWork = {
  kind: 'records',
  event,
  records: [policy, invoice, claim, activity],
  about: 'p-clm-3',
  changesAtMs: undefined,
  places: [],
  mappingProblems: [],
};

const rejected: DeliveryResult = { outcome: 'rejected', code: 'status_400', advice: '' };

function tryWith(results: Readonly<Record<string, DeliveryResult>>) {
  const all = work.records.map(({ key }): [string, DeliveryResult] => [
    key,
    results[key] ?? { outcome: 'delivered', change: 'created' },
  ]);
  return triedEvent(work, { results: new Map(all), marks: [], refusedFields: [], answered: true });
}

describe('triedEvent', () => {
  it('is about its record when all went well', () => {
    expect(tryWith({})).toEqual({ event, outcome: { kind: 'delivered' }, recordKey: 'p-clm-3', records: 4 });
  });

  it.each([
    ['its own record', 'p-clm-3'],
    ['a parent of it', 'p-pol-1'],
    ['its timeline line', 'p-act-4'],
  ])('names %s when that was refused', (_name, key) => {
    expect(tryWith({ [key]: rejected })).toMatchObject({ outcome: { kind: 'rejected' }, recordKey: key });
  });

  it('does not die of a record that only came along with its policy', () => {
    expect(tryWith({ 'p-inv-2': rejected })).toMatchObject({ outcome: { kind: 'delivered' }, recordKey: 'p-clm-3' });
  });

  it.each([
    ['never_delivered', { kind: 'skipped', code: 'never_delivered' }],
    ['newer_already_there', { kind: 'delivered' }],
  ])('is about a record that was skipped as %s, although its policy came along: %j', (code, outcome) => {
    expect(tryWith({ 'p-clm-3': { outcome: 'skipped', code } }).outcome).toEqual(outcome);
  });

  it('counts a try of an event that Core may choke on', () => {
    const silent: EventWork = { kind: 'core_unavailable', event, code: 'core_timeout', mayBeThisOne: true };
    expect(triedEvent(silent, { results: new Map(), marks: [], refusedFields: [], answered: false }).outcome).toEqual({
      kind: 'retry',
      code: 'core_timeout',
    });
  });

  it('counts no try while Core rests', () => {
    const resting: EventWork = { kind: 'core_unavailable', event, code: 'core_status_429', retryAfterMs: 5 };
    expect(triedEvent(resting, { results: new Map(), marks: [], refusedFields: [], answered: true }).outcome).toEqual({
      kind: 'throttled',
      code: 'core_status_429',
      retryAfterMs: 5,
    });
  });
});
