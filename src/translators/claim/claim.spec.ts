import { inputOf, policyOf } from '../../../test/support/translation-input.js';
import type { Claim, SubClaim } from '../../core/entities.js';
import { claimDiscard } from './claim.discard.js';
import { claimRecord, coverageOf, reserveOf } from './claim-record.js';
import { subClaimCreatePayable } from './subClaim.createPayable.js';
import { subClaimUpdate } from './subClaim.update.js';

function subClaimOf(parts: Partial<SubClaim> = {}): SubClaim {
  return { locator: '300', perilLocator: 'peril-1', fieldValues: {}, ...parts };
}

function claimOf(subClaims: readonly SubClaim[]): Claim {
  return { locator: '200', displayId: 'C-1', status: 'open', fieldValues: {}, fieldGroups: {}, subClaims };
}

const PERIL = { locator: 'peril-1', name: 'collision', characteristics: [] };
const EXPOSURE = { locator: 'exposure-1', name: 'vehicle', displayId: '7', characteristics: [], perils: [PERIL] };
const policy = policyOf({ exposures: [EXPOSURE] });

describe('reserveOf', () => {
  it.each([
    [[], undefined],
    [[{}], undefined],
    [[{ lossReserve: '-3200.00', expenseReserve: '-250.50' }], '3450.50'],
    [[{ lossReserve: '-10.00' }, { expenseReserve: '-0.10' }], '10.10'],
    [[{ lossReserve: '0.00' }], '0.00'],
    [[{ lossReserve: '5.00' }], '-5.00'],
  ])('of %j is %s', (reserves, expected) => {
    expect(reserveOf(reserves.map(subClaimOf))).toBe(expected);
  });
});

describe('claimRecord', () => {
  const input = inputOf({ snapshot: { policy } });

  it.each([
    [['Rear end', '', 'at dusk'], 'Rear end; at dusk'],
    [[''], undefined],
    [[], undefined],
  ])('%j of the tenant’s fields become the description %j', (texts, description) => {
    const claim = { ...claimOf([]), fieldValues: { incident_summary: texts } };
    expect(claimRecord(input, claim).fields.description).toBe(description);
  });

  it.each<[string, Partial<Claim>]>([
    ['itself', { createdMs: 1, updatedMs: 9 }],
    ['an item that is new', { createdMs: 1, subClaims: [subClaimOf({ createdMs: 9 })] }],
    ['an item that changed', { createdMs: 1, subClaims: [subClaimOf({ createdMs: 2, updatedMs: 9 })] }],
  ])('is as new as %s', (_what, parts) => {
    expect(claimRecord(input, { ...claimOf([]), ...parts }).sourceUpdatedAtMs).toBe(9);
  });
});

describe('coverageOf', () => {
  it.each([
    ['peril-1', 'vehicle 7 / collision'],
    ['peril-2', undefined],
  ])('%s is %s', (perilLocator, expected) => {
    expect(coverageOf(inputOf({ snapshot: { policy } }), subClaimOf({ perilLocator }))).toBe(expected);
  });
});

describe('claim events', () => {
  it('void a discarded claim that Core still shows, with its items', () => {
    const input = inputOf({ snapshot: { policy, claim: claimOf([subClaimOf()]) } });
    expect(claimDiscard.translate({ ...input, event: { ...input.event, type: 'claim.discard' } })).toMatchObject({
      about: 'p-clm-200',
      records: [
        { kind: 'policy', op: 'upsert' },
        { key: 'p-clm-200', op: 'void', fields: { status: 'discarded' } },
        { key: 'p-sub-300', op: 'void' },
        { fields: { subject: 'Claim C-1 discarded' } },
      ],
    });
  });

  it('find the subclaim of a payable that the event does not name, and say the amount positive', () => {
    const payable = { locator: '400', subClaimLocator: '300', amount: '-1450.00', currency: 'USD' };
    const input = inputOf({ snapshot: { policy, claim: claimOf([subClaimOf()]), payable } });
    const event = { ...input.event, type: 'subClaim.createPayable' } as const;
    expect(subClaimCreatePayable.translate({ ...input, event })).toMatchObject({
      about: 'p-sub-300',
      records: [
        { kind: 'policy' },
        { kind: 'claim' },
        { kind: 'claim_item' },
        { fields: { subject: 'Claim C-1, vehicle 7 / collision: payable of 1450.00 USD created' } },
      ],
    });
  });

  it('are about the claim where the subclaim is not in it', () => {
    const input = inputOf({
      event: { locators: { claimLocator: '200', subClaimLocator: '999' } },
      snapshot: { policy, claim: claimOf([]) },
    });
    expect(subClaimUpdate.translate({ ...input, event: { ...input.event, type: 'subClaim.update' } })).toMatchObject({
      about: 'p-clm-200',
      records: [{ kind: 'policy' }, { kind: 'claim' }, { fields: { subject: 'Claim C-1: item updated' } }],
    });
  });
});
