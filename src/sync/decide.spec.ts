import { decide } from './decide.js';
import type { EventOutcome } from './event-outcome.js';

const EVENT = {
  sequence: 7,
  id: 'e',
  type: 'policy.issue',
  occurredAtMs: 0,
  receivedAtMs: 0,
  payload: '{}',
  tries: 1,
  retryAtMs: 100,
};
const CONTEXT = { retryScheduleMs: [1_000, 4_000], nowMs: 1_000, breakMs: 2_000, random: 0.999_999 };

describe('decide', () => {
  it.each<[string, EventOutcome, object]>([
    ['delivered', { kind: 'delivered' }, { ended: { sequence: 7, end: 'delivered' }, line: 'sync.delivered' }],
    [
      'skipped',
      { kind: 'skipped', code: 'login_not_synced' },
      {
        ended: { sequence: 7, end: 'skipped', code: 'login_not_synced' },
        line: 'sync.skipped',
        fields: { code: 'login_not_synced' },
      },
    ],
    [
      'rejected',
      { kind: 'rejected', code: 'status_400' },
      {
        ended: { sequence: 7, end: 'dead', code: 'status_400' },
        line: 'sync.dead_lettered',
        fields: { code: 'status_400' },
      },
    ],
    [
      'retry',
      { kind: 'retry', code: 'status_500' },
      {
        retried: { sequence: 7, tries: 2, retryAtMs: 5_000, code: 'status_500' },
        line: 'sync.retry_scheduled',
        fields: { code: 'status_500', retryInMs: 4_000 },
      },
    ],
    [
      'throttled without a time: as long as the breaker says',
      { kind: 'throttled', code: 'core_econnrefused' },
      { line: 'sync.retry_scheduled', fields: { code: 'core_econnrefused', retryInMs: 2_000 } },
    ],
    [
      'throttled: reported, not counted as a try',
      { kind: 'throttled', code: 'status_429', retryAfterMs: 3_000 },
      { line: 'sync.retry_scheduled', fields: { code: 'status_429', retryInMs: 3_000 } },
    ],
    ['refused credentials: the event waits untouched', { kind: 'auth', code: 'target_unauthorized' }, {}],
  ])('%s', (_name, outcome, expected) => {
    expect(decide(EVENT, outcome, CONTEXT)).toEqual(expected);
  });

  it('makes a dead letter of an event whose schedule is over', () => {
    expect(decide({ ...EVENT, tries: 2 }, { kind: 'retry', code: 'status_500' }, CONTEXT)).toEqual({
      ended: { sequence: 7, end: 'dead', code: 'status_500' },
      line: 'sync.dead_lettered',
      fields: { code: 'status_500' },
    });
  });
});
