import { change, deliver, DELIVERED, markOf, party, policy, scripted } from '../../test/support/delivery-scene.js';
import type { DeliveryResult } from '../connectors/connector.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import { contentHash } from './revision.js';

describe('to a target that takes children together with their parents, deliverRecords', () => {
  const together = (atOnce: number, answers: Parameters<typeof scripted>[0] = {}) => {
    const { calls, connector } = scripted(answers);
    const keys = () => calls.map((call) => call.map(({ record }) => record.key));
    return { connector: { ...connector, recordsPerRequest: () => atOnce }, keys };
  };

  it.each<[number, readonly (readonly string[])[]]>([
    [1, [['p-pty-1'], ['p-pol-2'], ['p-chg-3']]],
    [2, [['p-pty-1', 'p-pol-2'], ['p-chg-3']]],
    [100, [['p-pty-1', 'p-pol-2', 'p-chg-3']]],
  ])('sends them so, %i at once', async (atOnce, expected) => {
    const { connector, keys } = together(atOnce);
    const { results, marks } = await deliver([party, policy, change], connector);
    expect(keys()).toEqual(expected);
    expect([...results.values()]).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    expect(marks.map(({ confirmed }) => confirmed)).toEqual([true, true, true]);
  });

  it('leaves no place for what need not be sent', async () => {
    const { connector, keys } = together(2);
    const { results } = await deliver([party, policy, change], connector, { 'p-pty-1': markOf(party) });
    expect(keys()).toEqual([['p-pol-2', 'p-chg-3']]);
    expect(results.get('p-pty-1')).toEqual({ outcome: 'delivered', change: 'unchanged' });
  });

  it('sends a child once more, as the same delivery, when its parent was not taken', async () => {
    const first = together(100, { 'p-pty-1': { outcome: 'retry', code: 'locked' } });
    const { results, marks } = await deliver([party, policy, change], first.connector);
    const waits = { outcome: 'dependency', code: 'parent_not_delivered' };
    expect([results.get('p-pol-2'), results.get('p-chg-3')]).toEqual([waits, waits]);
    const known = Object.fromEntries(marks.map((mark) => [mark.key, mark]));
    expect(Object.values(known).map(({ confirmed }) => confirmed)).toEqual([false, false, false]);
    const again = scripted();
    const { marks: after } = await deliver([party, policy, change], again.connector, known);
    expect(after.map(({ revision, confirmed }) => [revision, confirmed])).toEqual(
      marks.map(({ revision }) => [revision, true]),
    );
  });

  it('does not take a parent for missing that it refused a moment ago', async () => {
    const { connector } = together(100, { 'p-pol-2': { outcome: 'retry', code: 'locked' } });
    const line: CanonicalRecord = { ...change, relations: [...policy.relations, ...change.relations] };
    const { marks } = await deliver([party, policy, line], connector);
    expect(marks.find(({ key }) => key === 'p-pty-1')).toMatchObject({
      confirmed: true,
      contentHash: contentHash(party),
    });
  });

  it('asks nothing more of a connection that fails', async () => {
    const throttled: DeliveryResult = { outcome: 'throttled', code: 'status_429' };
    const { connector, keys } = together(2, { 'p-pty-1': throttled, 'p-pol-2': throttled });
    const { results } = await deliver([party, policy, change], connector);
    expect(keys()).toHaveLength(1);
    expect(results.get('p-chg-3')).toEqual(throttled);
  });
});
