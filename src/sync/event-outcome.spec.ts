import type { DeliveryResult } from '../connectors/connector.js';
import { outcomeOfEvent } from './event-outcome.js';

const delivered: DeliveryResult = { outcome: 'delivered', change: 'created' };
const unchanged: DeliveryResult = { outcome: 'delivered', change: 'unchanged' };
const skipped: DeliveryResult = { outcome: 'skipped', code: 'never_delivered' };
const retry: DeliveryResult = { outcome: 'retry', code: 'status_500', retryAfterMs: 7 };
const lost: DeliveryResult = { outcome: 'unknown_outcome', code: 'timeout' };
const dependency: DeliveryResult = { outcome: 'dependency', code: 'parent_not_delivered' };
const rejected: DeliveryResult = { outcome: 'rejected', code: 'status_400', advice: '' };
const throttled: DeliveryResult = { outcome: 'throttled', code: 'status_429', retryAfterMs: 9 };
const auth: DeliveryResult = { outcome: 'auth', code: 'target_unauthorized' };

const unreachable: DeliveryResult = { outcome: 'unreachable', code: 'econnrefused' };

/** `+` marks an own record of the event; the key is the position. */
type Row = readonly ['+' | '-', DeliveryResult];
const recordResults = (rows: readonly Row[]) =>
  rows.map(([own, result], index) => ({ key: String(index), result, isOwn: own === '+' }));

describe('outcomeOfEvent', () => {
  it.each<[string, readonly Row[], object]>([
    ['no record at all', [], { kind: 'skipped', code: 'outside_profile' }],
    [
      'all delivered',
      [
        ['+', delivered],
        ['-', unchanged],
      ],
      { kind: 'delivered' },
    ],
    [
      'delivered beside a skipped one',
      [
        ['+', skipped],
        ['+', delivered],
      ],
      { kind: 'delivered' },
    ],
    ['only skipped', [['+', skipped]], { kind: 'skipped', code: 'never_delivered' }],
    [
      'one to be tried again',
      [
        ['+', delivered],
        ['-', retry],
      ],
      { kind: 'retry', code: 'status_500', retryAfterMs: 7, recordKey: '1' },
    ],
    [
      'one of unknown outcome',
      [
        ['+', delivered],
        ['+', lost],
      ],
      { kind: 'retry', code: 'timeout', recordKey: '1' },
    ],
    ['a target that does not answer', [['+', unreachable]], { kind: 'retry', code: 'econnrefused', recordKey: '0' }],
    [
      'a parent that may still come',
      [
        ['+', retry],
        ['+', dependency],
      ],
      { kind: 'retry', code: 'status_500', retryAfterMs: 7, recordKey: '0' },
    ],
    [
      'a rejected parent and its child',
      [
        ['+', rejected],
        ['+', dependency],
      ],
      { kind: 'rejected', code: 'status_400', recordKey: '0' },
    ],
    [
      'a rejected record that only came along',
      [
        ['+', delivered],
        ['-', rejected],
        ['-', dependency],
      ],
      { kind: 'delivered' },
    ],
    [
      'a rejected record while another may still come',
      [
        ['+', rejected],
        ['+', retry],
      ],
      { kind: 'retry', code: 'status_500', retryAfterMs: 7, recordKey: '1' },
    ],
    [
      'throttled outranks a retry',
      [
        ['+', retry],
        ['-', throttled],
      ],
      { kind: 'throttled', code: 'status_429', retryAfterMs: 9 },
    ],
    [
      'refused credentials outrank all',
      [
        ['+', throttled],
        ['+', rejected],
        ['-', auth],
      ],
      { kind: 'auth', code: 'target_unauthorized' },
    ],
  ])('%s', (_name, rows, expected) => {
    expect(outcomeOfEvent(recordResults(rows))).toEqual(expected);
  });
});
