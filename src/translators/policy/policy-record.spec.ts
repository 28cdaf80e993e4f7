import { inputOf, modificationOf, NOON_1_SEP_2024_MS, policyOf } from '../../../test/support/translation-input.js';
import type { Policy } from '../../core/entities.js';
import { announcedModification } from './modifications.js';
import { policyDiscard } from './policy.discard.js';
import { policyRecord } from './policy-record.js';
import { CANCEL, LAPSE, REINSTATE, RENEW } from './policy-status.js';

const DAY_MS = 86_400_000;
const NOW = NOON_1_SEP_2024_MS;
const cancel = modificationOf({ name: CANCEL, effectiveMs: NOW + DAY_MS, issuedMs: NOW - 2, cancellationName: 'sold' });

describe('policyRecord', () => {
  it.each<[string, Partial<Policy>, object]>([
    ['a cancellation that takes effect tomorrow', { modifications: [cancel] }, { cancellationDate: '2024-09-02' }],
    ['its name as the reason', { modifications: [cancel] }, { cancellationReason: 'sold' }],
    [
      'nothing of a cancellation that was lifted',
      {
        cancellation: { effectiveMs: NOW + DAY_MS },
        modifications: [cancel, modificationOf({ name: REINSTATE, effectiveMs: NOW + DAY_MS, issuedMs: NOW - 1 })],
      },
      { cancellationDate: null, cancellationReason: null },
    ],
    [
      'the last change in words',
      { modifications: [modificationOf({ effectiveMs: NOW, issuedMs: NOW, premiumChange: '-5.00' })] },
      { lastChange: "Endorsement 'generic', effective 1 Sep 2024: premium -5.00 USD" },
    ],
    [
      'the end as it stands',
      { originalContractEndMs: NOW, effectiveContractEndMs: NOW + DAY_MS },
      { expirationDate: '2024-09-02' },
    ],
  ])('shows %s', (_what, parts, fields) => {
    expect(policyRecord(inputOf({}), policyOf(parts)).fields).toMatchObject(fields);
  });

  it('is as new as the newest thing it was computed from, but not as new as tomorrow', () => {
    const gracePeriods = [
      { locator: 'g', startMs: NOW - 1 },
      { locator: 'h', startMs: NOW + DAY_MS },
    ];
    const input = inputOf({ snapshot: { gracePeriods } });
    expect(policyRecord(input, policyOf({ updatedMs: NOW - 5 })).sourceUpdatedAtMs).toBe(NOW - 1);
  });
});

describe('announcedModification', () => {
  const early = modificationOf({ locator: 'early', name: RENEW, issuedMs: NOW - DAY_MS });
  const near = modificationOf({ locator: 'near', name: RENEW, issuedMs: NOW + 3 });
  const unissued = modificationOf({ locator: 'unissued', name: RENEW });
  const policy = policyOf({ modifications: [early, unissued, near] });

  it('is the one issued nearest to the event', () => {
    expect(announcedModification(inputOf({}), policy, ({ name }) => name === RENEW)).toBe(near);
    expect(announcedModification(inputOf({}), policy, ({ name }) => name === LAPSE)).toBeUndefined();
  });

  it('is none while nothing of the kind is issued', () => {
    const drafts = policyOf({ modifications: [unissued] });
    expect(announcedModification(inputOf({}), drafts, ({ name }) => name === RENEW)).toBeUndefined();
  });
});

describe('policy.discard', () => {
  it('ends a policy that Core still shows, as of the discard', () => {
    const input = inputOf({ snapshot: { policy: policyOf({ displayId: 'P-1' }) } });
    const translation = policyDiscard.translate({ ...input, event: { ...input.event, type: 'policy.discard' } });
    expect(translation).toMatchObject({
      about: 'p-pol-100',
      records: [
        { kind: 'policy', op: 'void', sourceUpdatedAtMs: NOW },
        {
          kind: 'activity',
          fields: { subject: 'Policy P-1 discarded before it was issued' },
          relations: [{ key: 'p-pol-100' }],
        },
      ],
    });
  });
});
