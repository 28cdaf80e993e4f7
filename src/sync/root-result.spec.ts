import type { DeliveryResult } from '../connectors/connector.js';
import type { EventWork } from './event-work.js';
import { rootResult } from './root-result.js';

const NOW = 1_000_000;
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
const skip: EventWork = { kind: 'skip', event, code: 'login_not_synced' };
const created: DeliveryResult = { outcome: 'delivered', change: 'created' };

function resultOf(work: readonly EventWork[], results: readonly DeliveryResult[]) {
  const report = {
    results: new Map(results.map((result, index) => [String(index), result])),
    marks: [],
    refusedFields: [],
    answered: results.some(({ outcome }) => outcome === 'delivered'),
  };
  const auth = results.find((result) => result.outcome === 'auth');
  const tried = auth?.outcome === 'auth' ? [{ event, outcome: { kind: 'auth', code: auth.code } as const }] : [];
  return rootResult(work, tried, report, NOW);
}

describe('rootResult', () => {
  it.each<[string, readonly EventWork[], readonly DeliveryResult[], object]>([
    [
      'something was taken',
      [],
      [created, { outcome: 'rejected', code: 'x', advice: '' }],
      { kind: 'settled', targetAnswered: true, coreAnswered: false },
    ],
    [
      'nothing was sent',
      [skip],
      [{ outcome: 'delivered', change: 'unchanged' }],
      { kind: 'settled', targetAnswered: true, coreAnswered: false },
    ],
    [
      'the target wants rest',
      [],
      [created, { outcome: 'throttled', code: 'x', retryAfterMs: 7 }],
      { kind: 'throttled', untilMs: NOW + 7 },
    ],
    [
      'the target wants rest and names no time',
      [],
      [{ outcome: 'throttled', code: 'x' }],
      { kind: 'throttled', untilMs: NOW + 10_000 },
    ],
    [
      'Core wants rest',
      [{ kind: 'core_unavailable', event, code: 'x', retryAfterMs: 9 }],
      [],
      { kind: 'throttled', untilMs: NOW + 9 },
    ],
    ['Core does not answer', [{ kind: 'core_unavailable', event, code: 'x' }], [created], { kind: 'unreachable' }],
    ['the target does not answer', [], [created, { outcome: 'unreachable', code: 'x' }], { kind: 'unreachable' }],
    ['an answer was lost', [], [{ outcome: 'unknown_outcome', code: 'x' }], { kind: 'unreachable' }],
    [
      'the credentials are refused',
      [],
      [
        { outcome: 'throttled', code: 'x' },
        { outcome: 'auth', code: 'target_gone' },
      ],
      { kind: 'unauthorized', code: 'target_gone' },
    ],
  ])('%s', (_name, work, results, expected) => {
    expect(resultOf(work, results)).toEqual(expected);
  });
});
