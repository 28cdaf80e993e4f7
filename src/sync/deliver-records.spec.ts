import { change, deliver, DELIVERED, markOf, NOW, party, policy, scripted } from '../../test/support/delivery-scene.js';
import type { Connector, Delivery, DeliveryResult } from '../connectors/connector.js';
import type { RecordMarkUpdate } from '../queue/queue.js';
import type { CanonicalRecord, RecordOf } from '../records/canonical-record.js';
import { contentHash } from './revision.js';

describe('deliverRecords', () => {
  it('sends parents before children, and remembers what the target confirmed', async () => {
    const { calls, connector } = scripted();
    const { results, marks } = await deliver([party, policy, change], connector);
    expect(calls.map((call) => call.map(({ record }) => record.key))).toEqual([['p-pty-1'], ['p-pol-2'], ['p-chg-3']]);
    expect([...results.values()]).toEqual([DELIVERED, DELIVERED, DELIVERED]);
    expect(marks[0]).toEqual({
      connection: 'c',
      key: 'p-pty-1',
      revision: `2024-01-02T00:00:00.000Z#${NOW}`,
      contentHash: contentHash(party),
      confirmed: true,
      targetId: '77',
    });
    expect(calls[0]?.[0]?.event).toEqual({ id: 'e1', type: 'policy.issue', occurredAtMs: 5 });
  });

  it('does not send what the target already holds', async () => {
    const { calls, connector } = scripted();
    const { results } = await deliver([party], connector, { 'p-pty-1': markOf(party) });
    expect(calls).toEqual([]);
    expect(results.get('p-pty-1')).toEqual({ outcome: 'delivered', change: 'unchanged' });
  });

  describe('announces what is about to be overwritten', () => {
    const held = markOf(party, { contentHash: 'another', targetId: '7' });

    it('before it is sent, as not confirmed, with the revision and the content of what is sent', async () => {
      const { calls, connector } = scripted();
      const announced: RecordMarkUpdate[] = [];
      const announce = async (marks: readonly RecordMarkUpdate[]) => {
        expect(calls).toEqual([]);
        announced.push(...marks);
        return true;
      };
      const { marks } = await deliver([party, policy], connector, { 'p-pty-1': held }, { announce });
      const { targetId, ...sent } = marks[0] ?? {};
      expect(announced).toEqual([{ ...sent, confirmed: false }]);
      expect(targetId).toBe('77');
    });

    it('and sends nothing when the work is no longer ours', async () => {
      const { calls, connector } = scripted();
      const announce = () => Promise.resolve(false);
      const { results } = await deliver([party], connector, { 'p-pty-1': held }, { announce });
      expect(calls).toEqual([]);
      expect(results.get('p-pty-1')).toMatchObject({ outcome: 'throttled' });
    });

    it('but neither what is new to the target, nor what it holds already, nor what it did not confirm', async () => {
      const { connector } = scripted();
      const announce = () => Promise.reject(new Error('nothing is to be announced'));
      const known = { 'p-pty-1': markOf(party), 'p-pol-2': { ...held, confirmed: false } };
      await expect(deliver([party, policy, change], connector, known, { announce })).resolves.toMatchObject({});
    });
  });

  it('never writes an older state over a newer one', async () => {
    const { calls, connector } = scripted();
    const newer = markOf(party, { revision: '2024-01-03T00:00:00.000Z#1', contentHash: 'another' });
    const { results } = await deliver([party], connector, { 'p-pty-1': newer });
    expect(calls).toEqual([]);
    expect(results.get('p-pty-1')).toEqual({ outcome: 'skipped', code: 'newer_already_there' });
  });

  it('sends no older policyholder where it is not known whether a newer one has arrived', async () => {
    const { calls, connector } = scripted();
    const newer = markOf(party, { revision: '2024-01-03T00:00:00.000Z#1', contentHash: 'another', confirmed: false });
    const { results } = await deliver([party], connector, { 'p-pty-1': newer });
    expect(calls).toEqual([]);
    expect(results.get('p-pty-1')).toEqual({ outcome: 'retry', code: 'newer_not_confirmed_yet' });
    const asNew = { ...party, sourceUpdatedAtMs: Date.parse('2024-01-03T00:00:00.000Z') };
    const { results: after } = await deliver([asNew], connector, { 'p-pty-1': newer });
    expect(after.get('p-pty-1')).toMatchObject({ outcome: 'delivered' });
  });

  it('sends any other record although a newer one was not confirmed: nobody else reads it, and it must not stay behind', async () => {
    const { calls, connector } = scripted();
    const unconfirmed = markOf(policy, { revision: '2024-01-03T00:00:00.000Z#1', confirmed: false });
    const newer = { ...unconfirmed, contentHash: 'another' };
    const { results } = await deliver([policy], connector, { 'p-pol-2': newer });
    expect(results.get('p-pol-2')).toEqual(DELIVERED);
    expect((calls[0]?.[0]?.revision ?? '') > newer.revision).toBe(true);
  });

  it('repeats an unconfirmed try under the same delivery id, and newer content under another', async () => {
    const lost: DeliveryResult = { outcome: 'unknown_outcome', code: 'timeout' };
    const first = scripted({ 'p-pty-1': lost });
    const { marks } = await deliver([party], first.connector);
    const mark = marks[0];
    if (!mark) throw new Error('an unconfirmed try must be remembered');
    expect(mark.confirmed).toBe(false);
    const again = scripted();
    await deliver([party], again.connector, { 'p-pty-1': mark });
    const changed = scripted();
    await deliver([{ ...party, fields: { type: 'person', name: 'C D' } }], changed.connector, { 'p-pty-1': mark });
    const idOf = (calls: Delivery[][]) => calls[0]?.[0]?.deliveryId;
    expect(idOf(again.calls)).toBe(idOf(first.calls));
    expect(idOf(changed.calls)).not.toBe(idOf(first.calls));
    expect((changed.calls[0]?.[0]?.revision ?? '') > mark.revision).toBe(true);
  });

  it('sends what has changed under another delivery id, although a kill made it forget what it had sent', async () => {
    const [first, next] = [scripted(), scripted()];
    await deliver([party], first.connector);
    await deliver([{ ...party, fields: { type: 'person', name: 'C D' } }], next.connector);
    const [before, after] = [first, next].map(({ calls }) => calls[0]?.[0]);
    expect(after?.revision).toBe(before?.revision);
    expect(after?.deliveryId).not.toBe(before?.deliveryId);
  });

  it.each<[string, DeliveryResult, DeliveryResult['outcome']]>([
    ['may still come: the child would never be tied to it later', { outcome: 'retry', code: 'locked' }, 'dependency'],
    ['waits for its own parent', { outcome: 'dependency', code: 'missing' }, 'dependency'],
    ['was rejected: it will not come', { outcome: 'rejected', code: 'status_400', advice: '' }, 'delivered'],
    ['is of no use there', { outcome: 'skipped', code: 'kind_unsupported' }, 'delivered'],
  ])('when an optional parent %s', async (_name, answer, outcome) => {
    const { connector } = scripted({ 'p-pol-2': answer });
    const line: CanonicalRecord = {
      ...change,
      relations: [{ name: 'policy', kind: 'policy', key: 'p-pol-2', required: false }],
    };
    const { results } = await deliver([party, policy, line], connector);
    expect(results.get('p-chg-3')?.outcome).toBe(outcome);
  });

  it.each<[string, DeliveryResult]>([
    ['is to be tried again', { outcome: 'retry', code: 'status_500' }],
    ['was rejected', { outcome: 'rejected', code: 'status_400', advice: '' }],
  ])('holds children back when their parent %s', async (_name, answer) => {
    const { calls, connector } = scripted({ 'p-pty-1': answer });
    const { results } = await deliver([party, policy, change], connector);
    expect(calls).toHaveLength(1);
    expect(results.get('p-pol-2')).toEqual({ outcome: 'dependency', code: 'parent_not_delivered' });
    expect(results.get('p-chg-3')).toEqual({ outcome: 'dependency', code: 'parent_not_delivered' });
  });

  it.each<[string, DeliveryResult]>([
    ['throttled', { outcome: 'throttled', code: 'status_429', retryAfterMs: 9 }],
    ['unauthorised', { outcome: 'auth', code: 'target_unauthorized' }],
    ['not answering', { outcome: 'unreachable', code: 'econnrefused' }],
  ])('asks nothing more of a connection that is %s', async (_name, answer) => {
    const { calls, connector } = scripted({ 'p-pty-1': answer });
    const { results, marks } = await deliver([party, policy, change], connector);
    expect(calls).toHaveLength(1);
    expect([results.get('p-pol-2'), results.get('p-chg-3')]).toEqual([answer, answer]);
    expect(marks.map(({ key, confirmed }) => [key, confirmed])).toEqual([['p-pty-1', false]]);
  });

  it('keeps what was answered before the connection failed', async () => {
    const rejected: DeliveryResult = { outcome: 'rejected', code: 'status_400', advice: '' };
    const throttled: DeliveryResult = { outcome: 'throttled', code: 'status_429' };
    const { connector } = scripted({ 'p-pty-9': rejected, 'p-pol-2': throttled });
    const other: CanonicalRecord = { ...party, key: 'p-pty-9' };
    const { results } = await deliver([party, other, policy, change], connector);
    expect([...results.values()]).toEqual([DELIVERED, rejected, throttled, throttled]);
  });

  it('sends nothing more when the process is ending', async () => {
    const { calls, connector } = scripted();
    const { results } = await deliver([party, policy], connector, {}, { isStopping: true });
    expect(calls).toEqual([]);
    expect(results.get('p-pol-2')).toEqual({ outcome: 'throttled', code: 'shutting_down', retryAfterMs: 0 });
  });

  it('ends what Core no longer has, and tells it, only where the target holds it', async () => {
    const gone: CanonicalRecord = { ...change, op: 'void', relations: [], onlyIfHeld: 'p-chg-3' };
    const line: CanonicalRecord = { ...party, kind: 'activity', key: 'p-act-4', fields: {}, onlyIfHeld: 'p-chg-3' };
    const unknown = scripted();
    const { results } = await deliver([policy, gone, line], unknown.connector);
    const missed = { outcome: 'skipped', code: 'never_delivered' };
    expect([results.get('p-chg-3'), results.get('p-act-4')]).toEqual([missed, missed]);
    expect(unknown.calls.flat().map(({ record }) => record.key)).toEqual(['p-pol-2']);
    const held = scripted();
    await deliver([policy, gone, line], held.connector, { 'p-chg-3': markOf(change) });
    expect(held.calls.flat().map(({ record }) => [record.key, record.op])).toEqual([
      ['p-pol-2', 'upsert'],
      ['p-chg-3', 'void'],
      ['p-act-4', 'upsert'],
    ]);
  });

  it('ends what Core no longer has also where it is not known whether the target took it', async () => {
    const { calls, connector } = scripted();
    const gone: CanonicalRecord = { ...change, op: 'void', relations: [], onlyIfHeld: 'p-chg-3' };
    await deliver([gone], connector, { 'p-chg-3': markOf(change, { confirmed: false }) });
    expect(calls.flat().map(({ record }) => [record.key, record.op])).toEqual([['p-chg-3', 'void']]);
  });

  it('brings what has ended and Core still has, known or not: whether it was seen before is chance', async () => {
    const { calls, connector } = scripted();
    await deliver([{ ...change, op: 'void', relations: [] }], connector);
    expect(calls.flat().map(({ record }) => [record.key, record.op])).toEqual([['p-chg-3', 'void']]);
  });

  it('skips kinds that the target has no place for', async () => {
    const { connector } = scripted();
    const row: RecordOf<'premium_row'> = {
      ...party,
      kind: 'premium_row',
      key: 'p-prm-1',
      fields: { number: '1', state: 'issued' },
    };
    const { results } = await deliver([row], connector);
    expect(results.get('p-prm-1')).toEqual({ outcome: 'skipped', code: 'kind_unsupported' });
  });

  it.each<[string, RecordOf<'activity'>['relations'], boolean]>([
    [
      'on nothing that the target holds',
      [{ name: 'row', kind: 'premium_row', key: 'p-prm-1', required: false }],
      false,
    ],
    [
      'on something that the target holds',
      [
        { name: 'row', kind: 'premium_row', key: 'p-prm-1', required: false },
        { name: 'policy', kind: 'policy', key: 'p-pol-2', required: false },
      ],
      true,
    ],
    ['that says not on what', [], true],
  ])('a line of the timeline %s', async (_what, relations, isSent) => {
    const { calls, connector } = scripted();
    const fields = { subject: 'x', occurredAt: '2024-01-02T00:00:00.000Z', type: 'policy.issue' };
    const line: RecordOf<'activity'> = { ...party, kind: 'activity', key: 'p-act-1', fields, relations };
    const { results } = await deliver([line], connector);
    expect(calls).toHaveLength(isSent ? 1 : 0);
    expect(results.get('p-act-1')).toEqual(isSent ? DELIVERED : { outcome: 'skipped', code: 'kind_unsupported' });
  });

  it('tells the target its own ids, those that it has just given and those that it gave before', async () => {
    const { calls, connector } = scripted();
    const known = { 'p-pol-2': markOf(policy, { contentHash: 'another', targetId: '12' }) };
    await deliver([party, policy, change], connector, known);
    const told = calls.flat().map(({ record, targetId, relatedIds }) => [record.key, targetId, [...relatedIds]]);
    expect(told).toEqual([
      ['p-pty-1', undefined, []],
      ['p-pol-2', '12', [['p-pty-1', '77']]],
      ['p-chg-3', undefined, [['p-pol-2', '77']]],
    ]);
  });

  it('tells the ids of related records that need not be sent', async () => {
    const { calls, connector } = scripted();
    await deliver([party, policy], connector, { 'p-pty-1': markOf(party, { targetId: '11' }) });
    expect(calls.flat().map(({ record, relatedIds }) => [record.key, [...relatedIds]])).toEqual([
      ['p-pol-2', [['p-pty-1', '11']]],
    ]);
  });

  it('keeps the id that the target gave, and none where it gave none', async () => {
    const { connector } = scripted({ 'p-pol-2': { outcome: 'delivered', change: 'updated' } });
    const { marks } = await deliver([party, policy], connector);
    expect(marks.map(({ key, targetId }) => [key, targetId])).toEqual([
      ['p-pty-1', '77'],
      ['p-pol-2', undefined],
    ]);
  });

  it('names what the target left out, and holds no child back for it', async () => {
    const refused = { field: 'phone', code: 'invalid_value' };
    const { connector, calls } = scripted({ 'p-pty-1': { ...DELIVERED, refusedFields: [refused] } });
    const { refusedFields } = await deliver([party, policy], connector);
    expect(refusedFields).toEqual([{ ...refused, recordKey: 'p-pty-1' }]);
    expect(calls).toHaveLength(2);
  });

  it.each<[DeliveryResult, boolean]>([
    [DELIVERED, true],
    [{ outcome: 'rejected', code: 'status_400', advice: '' }, true],
    [{ outcome: 'retry', code: 'status_500' }, false],
    [{ outcome: 'unreachable', code: 'econnrefused' }, false],
    [{ outcome: 'unknown_outcome', code: 'timeout' }, false],
    [{ outcome: 'throttled', code: 'status_429' }, false],
  ])('%j shows that the target works: %s', async (answer, answered) => {
    const { connector } = scripted({ 'p-pty-1': answer });
    expect((await deliver([party], connector)).answered).toBe(answered);
  });

  it('takes any answer for a sign that the target works, also when the last ones are none', async () => {
    const { connector } = scripted({ 'p-pol-2': { outcome: 'retry', code: 'status_500' } });
    expect((await deliver([party, policy], connector)).answered).toBe(true);
  });

  it('takes a missing answer for an unknown outcome', async () => {
    const { connector } = scripted();
    const silent: Connector = { ...connector, deliver: () => Promise.resolve([]) };
    const { results } = await deliver([party], silent);
    expect(results.get('p-pty-1')).toEqual({ outcome: 'unknown_outcome', code: 'no_result_for_record' });
  });
});
