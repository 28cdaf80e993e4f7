import { FULL_RECORDS } from '../../test/support/deliveries.js';
import { newestEvents } from './newest-events.js';
import type { RecordsWork } from './tried-event.js';

const { party, policy } = FULL_RECORDS;

function workOf(id: string, receivedAtMs: number, records: RecordsWork['records']): RecordsWork {
  const event = {
    sequence: 1,
    id,
    type: 'policy.update',
    occurredAtMs: 1,
    receivedAtMs,
    payload: '',
    tries: 0,
    retryAtMs: 0,
  };
  return { kind: 'records', event, records, about: party.key, places: [], changesAtMs: undefined, mappingProblems: [] };
}

describe('the newest event behind each record', () => {
  it.each<[string, readonly RecordsWork[], readonly (readonly [string, string, number])[]]>([
    ['nothing to write', [], []],
    ['one event', [workOf('e-1', 100, [party])], [[party.key, 'e-1', 100]]],
    [
      'a later one about one of two records',
      [workOf('e-1', 100, [party, policy]), workOf('e-2', 200, [policy])],
      [
        [party.key, 'e-1', 200],
        [policy.key, 'e-2', 200],
      ],
    ],
    [
      'a later one that arrived earlier: the revision does not fall',
      [workOf('e-1', 100, [policy]), workOf('e-2', 50, [policy])],
      [[policy.key, 'e-2', 100]],
    ],
  ])('%s', (_what, work, expected) => {
    const found = [...newestEvents(work)].map(([key, { id, receivedAtMs }]) => [key, id, receivedAtMs]);
    expect(found).toEqual(expected);
  });
});
