import { type EventWork, TIME_PASSED } from './event-work.js';
import type { EventOutcome } from './event-outcome.js';
import type { RecordsWork } from './tried-event.js';
import { decideTime, wakeOf } from './wake.js';

const NOW = 100;
const event = {
  sequence: 1,
  id: 'e',
  type: 'policy.issue',
  occurredAtMs: 0,
  receivedAtMs: 0,
  payload: '',
  tries: 0,
  retryAtMs: 0,
};
const time = { ...event, type: TIME_PASSED };
const work: RecordsWork = {
  kind: 'records',
  event,
  records: [],
  about: 'p-pol-1',
  changesAtMs: undefined,
  places: [],
  mappingProblems: [],
};
const failed: EventWork = { kind: 'retry', event, code: 'x' };

describe('wakeOf', () => {
  it.each<[string, readonly EventWork[], typeof event, EventOutcome, ReturnType<typeof wakeOf>]>([
    ['the policy changes later', [failed, { ...work, changesAtMs: 900 }], event, { kind: 'delivered' }, { atMs: 900 }],
    ['nothing changes any more', [work], event, { kind: 'delivered' }, 'never'],
    ['nothing could be read', [failed], event, { kind: 'retry', code: 'x' }, undefined],
    ['time passed', [{ ...work, changesAtMs: 900 }], time, { kind: 'delivered' }, { atMs: 900 }],
    ['time passed, and it failed', [work], time, { kind: 'retry', code: 'x' }, { atMs: NOW + 300_000 }],
    ['time passed, and it was refused', [work], time, { kind: 'rejected', code: 'x' }, { atMs: NOW + 21_600_000 }],
    ['time passed, but the connection rests', [work], time, { kind: 'throttled', code: 'x' }, undefined],
    ['time passed over a policy that is gone', [], time, { kind: 'skipped', code: 'x' }, 'never'],
  ])('%s', (_name, items, subject, outcome, expected) => {
    expect(wakeOf('policy:1', items, [{ event: subject, outcome }], NOW)).toEqual(expected);
  });

  it('wakes no root but a policy', () => {
    const changing = { ...work, changesAtMs: 900 };
    expect(wakeOf('policyholder:1', [changing], [{ event, outcome: { kind: 'delivered' } }], NOW)).toBe('never');
  });
});

describe('decideTime', () => {
  it.each<[EventOutcome, object]>([
    [{ kind: 'delivered' }, { line: 'sync.delivered' }],
    [{ kind: 'skipped', code: 'x' }, {}],
    [
      { kind: 'retry', code: 'x' },
      { line: 'sync.retry_scheduled', fields: { code: 'x', retryInMs: 300_000 } },
    ],
    [
      { kind: 'rejected', code: 'x' },
      { line: 'sync.retry_scheduled', fields: { code: 'x', retryInMs: 21_600_000 } },
    ],
    [{ kind: 'throttled', code: 'x' }, {}],
    [{ kind: 'auth', code: 'target_gone' }, {}],
  ])('%j', (outcome, expected) => {
    expect(decideTime(outcome)).toEqual(expected);
  });
});
