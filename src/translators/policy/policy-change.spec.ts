import { inputOf, modificationOf, NOON_1_SEP_2024_MS, policyOf } from '../../../test/support/translation-input.js';
import { changeRecord, changeTranslation, modificationOfKind } from './policy-change.js';
import { CANCEL } from './policy-status.js';

const FIRST = modificationOf({ locator: 'first', name: CANCEL, effectiveMs: 50, createdMs: 10 });
const SECOND = modificationOf({ locator: 'second', name: CANCEL, effectiveMs: 50, createdMs: 30 });
const OTHER_DAY = modificationOf({ locator: 'other-day', name: CANCEL, effectiveMs: 60, createdMs: 30 });
const OTHER_KIND = modificationOf({ locator: 'other-kind', name: 'generic', effectiveMs: 50, createdMs: 30 });

describe('modificationOfKind', () => {
  const input = inputOf({ snapshot: { policy: policyOf({ modifications: [OTHER_KIND, FIRST, OTHER_DAY, SECOND] }) } });

  it.each([
    [{ state: 'issued', effectiveMs: 50, createdMs: 10 }, 'first'],
    [{ state: 'issued', effectiveMs: 50, createdMs: 29 }, 'second'],
    [{ state: 'draft', effectiveMs: 60, createdMs: 10 }, 'other-day'],
    [{ state: 'issued', effectiveMs: 70, createdMs: 10 }, undefined],
    [{ state: 'rescinded', effectiveMs: 50, createdMs: 10 }, undefined],
  ])('%j is carried out by %s', (change, locator) => {
    expect(modificationOfKind(input, CANCEL, change)?.locator).toBe(locator);
  });
});

describe('changeRecord', () => {
  const input = inputOf({ snapshot: { policy: policyOf({ currency: 'USD' }) } });

  it('is in the currency of its modification', () => {
    const modification = modificationOf({ premiumChange: '5.00', currency: 'CAD' });
    const change = { locator: '200', state: 'issued', modification };
    expect(changeRecord(input, 'endorsement', change).fields).toMatchObject({ premiumChange: '5.00', currency: 'CAD' });
  });

  it.each([
    { createdMs: 9 },
    { createdMs: 1, updatedMs: 9 },
    { createdMs: 1, issuedMs: 9 },
    { createdMs: 1, modification: modificationOf({ issuedMs: 9 }) },
  ])('%j is as new as its newest instant', (times) => {
    const change = { locator: '200', state: 'issued', ...times };
    expect(changeRecord(input, 'endorsement', change).sourceUpdatedAtMs).toBe(9);
  });
});

describe('changeTranslation', () => {
  const READ_AT_MS = NOON_1_SEP_2024_MS + 5_000;
  const discard = { type: 'endorsement', locator: '200', verb: 'discarded', endState: 'discarded' } as const;
  const issue = { type: 'endorsement', locator: '200', verb: 'issued' } as const;
  const withPolicy = inputOf({ snapshot: { policy: policyOf() } });

  it('ends a change that Core still shows as a draft', () => {
    const found = {
      locator: '200',
      name: 'generic',
      state: 'application',
      effectiveMs: 1_725_174_000_000,
      updatedMs: 1,
    };
    expect(changeTranslation(withPolicy, discard, found)).toMatchObject({
      about: 'p-chg-200',
      records: [
        { kind: 'policy' },
        { key: 'p-chg-200', op: 'void', fields: { state: 'discarded' }, sourceUpdatedAtMs: READ_AT_MS },
        {
          fields: { subject: "Endorsement 'generic' discarded, would have been effective 1 Sep 2024" },
          relations: [{ key: 'p-pol-100' }, { key: 'p-chg-200' }],
        },
      ],
    });
  });

  it('keeps the state in which Core says that a change ended', () => {
    const found = { locator: '200', state: 'expired' };
    expect(changeTranslation(withPolicy, discard, found)).toMatchObject({
      records: [{ kind: 'policy' }, { key: 'p-chg-200', op: 'void', fields: { state: 'expired' } }, {}],
    });
  });

  it('ends a change for good: the state that Core still shows is older, however young', () => {
    const found = { locator: '200', state: 'application', updatedMs: READ_AT_MS + 70 };
    expect(changeTranslation(withPolicy, discard, found)).toMatchObject({
      records: [{ kind: 'policy' }, { key: 'p-chg-200', sourceUpdatedAtMs: READ_AT_MS + 71 }, { kind: 'activity' }],
    });
  });

  it('ends a change that Core no longer has, for a target that holds it', () => {
    expect(changeTranslation(withPolicy, discard, undefined)).toMatchObject({
      about: 'p-chg-200',
      records: [
        { kind: 'policy' },
        {
          key: 'p-chg-200',
          op: 'void',
          fields: { type: 'endorsement', state: 'discarded' },
          relations: [],
          onlyIfHeld: 'p-chg-200',
        },
        { fields: { subject: 'Endorsement 200 discarded' }, onlyIfHeld: 'p-chg-200' },
      ],
    });
  });

  it('tells only the line where Core lost a change that had not ended', () => {
    expect(changeTranslation(withPolicy, issue, undefined)).toMatchObject({
      about: 'p-pol-100',
      records: [{ kind: 'policy' }, { fields: { subject: 'Endorsement 200 issued' } }],
    });
  });

  it('keeps a change whose policy Core does not have, without the relation', () => {
    expect(changeTranslation(inputOf({}), issue, { locator: '200', state: 'issued' })).toMatchObject({
      about: 'p-chg-200',
      records: [{ key: 'p-chg-200', op: 'upsert', relations: [] }, { kind: 'activity' }],
    });
  });

  it('ends a change of which not even the policy is found: it stands in the target all the same', () => {
    const input = inputOf({ snapshot: { notFound: new Set(['policy', 'endorsement']) } });
    expect(changeTranslation(input, discard, undefined)).toMatchObject({
      about: 'p-chg-200',
      records: [
        { key: 'p-chg-200', op: 'void', onlyIfHeld: 'p-chg-200' },
        { kind: 'activity', relations: [{ key: 'p-chg-200' }], onlyIfHeld: 'p-chg-200' },
      ],
    });
  });
});
