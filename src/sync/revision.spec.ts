import type { RecordOf } from '../records/canonical-record.js';
import { contentHash, deliveryIdOf, nextRevision } from './revision.js';

const SOURCE = Date.UTC(2024, 4, 21);

describe('nextRevision', () => {
  it.each([
    ['the first one', undefined, SOURCE, 1_700_000_000_000, '2024-05-21T00:00:00.000Z#1700000000000'],
    [
      'newer source',
      '2024-05-20T00:00:00.000Z#1700000000000',
      SOURCE,
      1_700_000_000_001,
      '2024-05-21T00:00:00.000Z#1700000000001',
    ],
    [
      'a second change from the same event',
      '2024-05-21T00:00:00.000Z#1700000000000',
      SOURCE,
      1_700_000_000_000,
      '2024-05-21T00:00:00.000Z#1700000000001',
    ],
    [
      'an event that arrived earlier',
      '2024-05-21T00:00:00.000Z#1700000000009',
      SOURCE,
      1_600_000_000_000,
      '2024-05-21T00:00:00.000Z#1700000000010',
    ],
    [
      'the source went back',
      '2024-05-22T00:00:00.000Z#1700000000000',
      SOURCE,
      1_700_000_000_005,
      '2024-05-22T00:00:00.000Z#1700000000005',
    ],
  ])('%s', (_name, previous, sourceMs, nowMs, expected) => {
    const revision = nextRevision(previous, sourceMs, nowMs);
    expect(revision).toBe(expected);
    if (previous !== undefined) expect(revision > previous).toBe(true);
  });
});

describe('contentHash', () => {
  const policy: RecordOf<'policy'> = {
    kind: 'policy',
    key: 'p-pol-1',
    locator: '1',
    op: 'upsert',
    fields: { number: '1', status: 'in_force', termPremium: '100.00' },
    relations: [{ name: 'policyholder', kind: 'party', key: 'p-pty-2', required: true }],
    sourceUpdatedAtMs: 1,
  };

  it('does not depend on the order of members or on when the record was read', () => {
    const reordered = {
      ...policy,
      fields: { termPremium: '100.00', status: 'in_force' as const, number: '1' },
      sourceUpdatedAtMs: 2,
    };
    expect(contentHash(reordered)).toBe(contentHash(policy));
  });

  it.each([
    ['a field', { ...policy, fields: { ...policy.fields, termPremium: '100.01' } }],
    ['a cleared field', { ...policy, fields: { ...policy.fields, termPremium: null } }],
    ['the operation', { ...policy, op: 'void' as const }],
    ['a relation', { ...policy, relations: [] }],
  ])('changes with %s', (_name, changed) => {
    expect(contentHash(changed)).not.toBe(contentHash(policy));
  });
});

describe('ids', () => {
  it('a delivery id is the same for the same content and another for newer content or another connection', () => {
    const id = deliveryIdOf('t', 'c', 'p-pol-1', 'r1', 'open');
    expect(deliveryIdOf('t', 'c', 'p-pol-1', 'r1', 'open')).toBe(id);
    expect([
      deliveryIdOf('t', 'c', 'p-pol-1', 'r2', 'open'),
      deliveryIdOf('t', 'c', 'p-pol-1', 'r1', 'past due'),
      deliveryIdOf('t', 'd', 'p-pol-1', 'r1', 'open'),
      deliveryIdOf('u', 'c', 'p-pol-1', 'r1', 'open'),
    ]).not.toContain(id);
  });
});
