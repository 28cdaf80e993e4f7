import type { OverdueTenant } from '../queue/queue.js';
import { Tenants } from '../state/tenants.js';
import { lateTenant, type LateTenant, mostOverdue, summaryOf, withTries } from './late-tenants.js';

const NOW = 100_000;
const pause = { code: 'target_unauthorized', versions: ['v1'], recheckAtMs: 160_000, waitMs: 60_000 };
/** What the process knows, where it knows these settings of the tenant; empty: nobody has called for it. */
const knowing = (version: string) => ({ versionOf: () => version, isStopped: () => false });
const rest = (holdUntilMs: number, failures = 0) => ({ holdUntilMs, failures });

describe('why a tenant is late', () => {
  it.each<[string, OverdueTenant['rest'], string, Pick<LateTenant, 'state' | 'code'>]>([
    ['nothing is in its way', undefined, 'v1', { state: 'due' }],
    ['its hold is over', rest(NOW), 'v1', { state: 'due' }],
    ['asked to rest', rest(NOW + 1), 'v1', { state: 'resting' }],
    ['a silent target', rest(NOW - 1, 2), 'v1', { state: 'resting' }],
    ['nobody has called for it', undefined, '', { state: 'not_called' }],
    ['nobody has called for it, resting', rest(NOW + 1), '', { state: 'not_called' }],
    ['paused', { ...rest(0), pause }, 'v1', { state: 'paused', code: 'target_unauthorized' }],
    ['paused and not called', { ...rest(0), pause }, '', { state: 'paused', code: 'target_unauthorized' }],
    ['paused with older settings', { ...rest(0), pause }, 'v2', { state: 'due' }],
    ['paused by an operator', rest(Infinity), 'v1', { state: 'paused', code: 'paused_by_operator' }],
    ['paused by both', { ...rest(Infinity), pause }, 'v1', { state: 'paused', code: 'paused_by_operator' }],
  ])('%s', (_why, itsRest, version, expected) => {
    const overdue = { tenant: 't', dueAtMs: 40_000, ...(itsRest && { rest: itsRest }) };
    expect(lateTenant(overdue, knowing(version), NOW)).toEqual({ tenant: 't', pastDueMs: 60_000, ...expected });
  });
});

it.each<[string, OverdueTenant['rest']]>([
  ['nothing is in its way', undefined],
  ['paused', { ...rest(0), pause }],
  ['paused by an operator', rest(Infinity)],
])('a tenant that was stopped is late because of that until somebody calls for it: %s', (_why, itsRest) => {
  const tenants = new Tenants();
  const stateNow = () =>
    lateTenant({ tenant: 't', dueAtMs: 40_000, ...(itsRest && { rest: itsRest }) }, tenants, NOW).state;
  tenants.remember('t', 'key', 'settings');
  tenants.forget('t');
  tenants.recall('t', 'key', 'settings');
  expect(stateNow()).toBe('stopped');
  tenants.remember('t', 'key', 'settings');
  expect(stateNow()).not.toBe('stopped');
});

it.each<[LateTenant['state'], number, object]>([
  ['due', 60_000, { state: 'retrying', pastDueMs: 60_000, code: 'timeout' }],
  ['due', 10_000, { state: 'retrying', pastDueMs: 30_000, code: 'timeout' }],
  ['resting', 60_000, { state: 'resting', pastDueMs: 60_000, code: 'timeout' }],
  ['paused', 60_000, { state: 'paused', pastDueMs: 30_000, code: 'before' }],
  ['stopped', 60_000, { state: 'stopped', pastDueMs: 30_000, code: 'before' }],
  ['not_called', 60_000, { state: 'not_called', pastDueMs: 30_000, code: 'before' }],
])('a tenant that is %s and whose oldest event waits for %i ms in spite of tries', (state, pastDueMs, expected) => {
  expect(withTries({ tenant: 't', state, pastDueMs: 30_000, code: 'before' }, pastDueMs, 'timeout')).toMatchObject(
    expected,
  );
});

const many = (count: number, state: LateTenant['state']): LateTenant[] =>
  Array.from({ length: count }, (_none, index) => ({ tenant: `${state}-${index}`, pastDueMs: 90_000 - index, state }));

describe('what one pulse says', () => {
  it.each<[string, readonly LateTenant[], object]>([
    ['of nobody', [], { late: 0, paused: 0, pastDueMs: 0 }],
    ['of the paused apart', [...many(2, 'paused'), ...many(1, 'due')], { late: 1, paused: 2, pastDueMs: 90_000 }],
    ['of the paused alone', many(2, 'paused'), { late: 0, paused: 2, pastDueMs: 0 }],
    ['of the stopped alone', many(2, 'stopped'), { late: 0, paused: 2, pastDueMs: 0 }],
    [
      'of those nobody has called for',
      [...many(1, 'not_called'), ...many(1, 'stopped')],
      { late: 1, paused: 1, pastDueMs: 90_000 },
    ],
  ])('%s', (_of, late, expected) => {
    expect(summaryOf(late)).toEqual(expected);
  });

  it('names the longest overdue, so that many paused ones do not hide those that wait', () => {
    for (const state of ['paused', 'stopped', 'not_called'] as const) {
      const named = mostOverdue([...many(30, state), ...many(12, 'resting')]);
      expect(named.map(({ tenant }) => tenant)).toEqual(
        [...many(10, 'resting'), ...many(10, state)].map(({ tenant }) => tenant),
      );
    }
  });
});
