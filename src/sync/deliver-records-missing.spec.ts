import { deliver, markOf, party, policy, scripted } from '../../test/support/delivery-scene.js';
import type { DeliveryResult } from '../connectors/connector.js';
import type { RecordMark } from '../queue/queue.js';

describe('a parent that the target misses', () => {
  it('is sent again before the next try', async () => {
    const missing: DeliveryResult = { outcome: 'dependency', code: 'parent_missing' };
    const first = scripted({ 'p-pol-2': missing });
    const partyMark = markOf(party, { targetId: '11' });
    const { results, marks } = await deliver([party, policy], first.connector, { 'p-pty-1': partyMark });
    expect(results.get('p-pol-2')).toEqual(missing);
    const forgotten = marks.find(({ key }) => key === 'p-pty-1');
    if (!forgotten) throw new Error('what is known of the parent must be forgotten');
    expect(forgotten).toMatchObject({ connection: 'c', revision: partyMark.revision, confirmed: false });
    const again = scripted();
    await deliver([party, policy], again.connector, { 'p-pty-1': forgotten });
    expect(again.calls.flat().map(({ record }) => record.key)).toEqual(['p-pty-1', 'p-pol-2']);
    expect((again.calls[0]?.[0]?.revision ?? '') > partyMark.revision).toBe(true);
  });

  it('is sent again under a new delivery id when the target took it a moment ago', async () => {
    const first = scripted({ 'p-pol-2': { outcome: 'dependency', code: 'parent_missing' } });
    const before = { 'p-pty-1': markOf(party, { contentHash: 'another' }) };
    const { marks } = await deliver([party, policy], first.connector, before);
    const again = scripted();
    await deliver([party], again.connector, Object.fromEntries(marks.map((mark) => [mark.key, mark])));
    const [sent, resent] = [first.calls[0]?.[0], again.calls[0]?.[0]];
    expect(resent?.record.key).toBe('p-pty-1');
    expect(resent?.deliveryId).not.toBe(sent?.deliveryId);
    expect((resent?.revision ?? '') > (sent?.revision ?? '')).toBe(true);
  });

  it.each<[string, Readonly<Record<string, RecordMark>>]>([
    ['one that was never there', {}],
    ['one that is not confirmed', { 'p-pty-1': markOf(party, { confirmed: false }) }],
  ])('of which nothing is forgotten: %s', async (_what, known) => {
    const { connector } = scripted({ 'p-pol-2': { outcome: 'dependency', code: 'parent_missing' } });
    const { marks } = await deliver([policy], connector, known);
    expect(marks.map(({ key }) => key)).toEqual(['p-pol-2']);
  });
});
