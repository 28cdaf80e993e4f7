import type { Invoice, Modification, Policy } from '../../core/entities.js';
import { parsePolicy } from '../../core/parse/parse-policy.js';
import { sum } from '../../records/money.js';
import { fixture } from '../../../test/support/fixtures.js';
import { policyRollups } from './policy-rollups.js';
import { RENEW } from './policy-status.js';

const at = Date.parse;

function storyPolicy(name: string): Policy {
  const parsed = parsePolicy(fixture(`core/policy.${name}.json`));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const TERM_1_END = '2025-06-01T07:00:00.000Z';
const TERM_2_END = '2026-06-01T07:00:00.000Z';

describe('roll-ups over the story', () => {
  it.each([
    ['quoted', '2024-05-20T12:00:00Z', ['1100.00', '90.75', '10.00', '0.00', '0.00'], undefined, undefined, undefined],
    [
      'issued',
      '2024-05-22T12:00:00Z',
      ['1100.00', '90.75', '10.00', '0.00', '1200.75'],
      undefined,
      TERM_1_END,
      'modification.policy.create',
    ],
    [
      'endorsed',
      '2024-09-14T12:00:00Z',
      ['1189.75', '98.15', '10.00', '97.15', '1200.75'],
      undefined,
      TERM_1_END,
      'generic',
    ],
    [
      'endorsed',
      '2024-09-20T12:00:00Z',
      ['1189.75', '98.15', '10.00', '97.15', '1200.75'],
      '2024-09-16T06:59:59.999Z',
      TERM_1_END,
      'generic',
    ],
    [
      'cancelled',
      '2024-10-26T12:00:00Z',
      ['457.75', '37.76', '10.00', '-695.24', '1200.75'],
      undefined,
      undefined,
      'modification.policy.cancel',
    ],
    [
      'cancelled',
      '2024-10-20T12:00:00Z',
      ['457.75', '37.76', '10.00', '-695.24', '1200.75'],
      undefined,
      undefined,
      'modification.policy.cancel',
    ],
    [
      'reinstated',
      '2024-11-05T12:00:00Z',
      ['1189.75', '98.15', '10.00', '0.00', '1297.90'],
      undefined,
      TERM_1_END,
      'modification.policy.reinstate',
    ],
    [
      'reinstated',
      '2025-06-02T12:00:00Z',
      ['1189.75', '98.15', '10.00', '0.00', '1297.90'],
      undefined,
      undefined,
      'modification.policy.reinstate',
    ],
    [
      'renewed',
      '2025-05-20T12:00:00Z',
      ['1189.75', '98.15', '10.00', '1386.68', '1297.90'],
      undefined,
      TERM_2_END,
      'modification.policy.renew',
    ],
    [
      'renewed',
      '2025-06-10T12:00:00Z',
      ['1281.00', '105.68', '0.00', '1386.68', '1297.90'],
      '2025-06-02T06:59:59.999Z',
      TERM_2_END,
      'modification.policy.renew',
    ],
  ])('policy.%s at %s', (name, asOf, amounts, pastDueSince, nextRenewal, lastChange) => {
    const rollups = policyRollups(storyPolicy(name), at(asOf));
    const { termPremium, taxes, fees, balanceDue, paidToDate } = rollups;
    expect([termPremium, taxes, fees, balanceDue, paidToDate]).toEqual(amounts);
    expect([rollups.pastDueSinceMs, rollups.nextRenewalMs]).toEqual(
      [pastDueSince, nextRenewal].map((time) => (time === undefined ? undefined : at(time))),
    );
    expect(rollups.lastChange?.name).toBe(lastChange);
  });
});

describe('live gross premium', () => {
  const [inTerm1, inTerm2] = ['2025-05-20T12:00:00Z', '2025-06-10T12:00:00Z'];

  it.each([
    ['quoted', [inTerm1], '1100.00'],
    ['issued', [inTerm1], '1100.00'],
    ['endorsed', [inTerm1], '1189.75'],
    ['cancelled', [inTerm1], '457.75'],
    ['reinstated', [inTerm1], '1189.75'],
    ['renewed', [inTerm1, inTerm2], '2470.75'],
  ])('policy.%s: terms, perils and changes all add up', (name, asOf, expected) => {
    const policy = storyPolicy(name);
    const perils = policy.exposures.flatMap((exposure) => exposure.perils);
    const segments = perils.flatMap((peril) => peril.characteristics).filter((segment) => !segment.replacedMs);
    expect({
      terms: sum(asOf.map((time) => policyRollups(policy, at(time)).termPremium)),
      perils: sum(segments.flatMap((segment) => segment.premium ?? [])),
      changes: sum(policy.modifications.flatMap((modification) => modification.premiumChange ?? [])),
    }).toEqual({ terms: expected, perils: expected, changes: expected });
  });
});

describe('what counts', () => {
  const issued = storyPolicy('issued');
  const asOfMs = at('2024-09-01T00:00:00Z');

  function invoice(totalDue: string, changes: Partial<Invoice> = {}): Invoice {
    return { locator: totalDue, totalDue, settlementStatus: 'outstanding', dueMs: 1000, payments: [], ...changes };
  }

  function withoutDue({ dueMs: _, ...rest }: Invoice): Invoice {
    return rest;
  }

  it('an invoice of a transaction that is not issued is owed by nobody', () => {
    const invoices = [invoice('5.00'), invoice('7.00', { transactionIssued: false })];
    expect(policyRollups({ ...issued, invoices }, asOfMs).balanceDue).toBe('5.00');
  });

  it.each<[string, readonly Invoice[], number | undefined]>([
    ['a credit is never past due', [invoice('-5.00')], undefined],
    [
      'the oldest unpaid bill tells since when',
      [invoice('1.00', { dueMs: 3000 }), invoice('2.00', { dueMs: 2000 })],
      2000,
    ],
    ['a bill is in time through its last millisecond', [invoice('3.00', { dueMs: asOfMs })], undefined],
    ['a bill without a due time is never past due', [withoutDue(invoice('3.00'))], undefined],
    ['a credit of the same amount offsets a bill', [invoice('5.00'), invoice('-5.00')], undefined],
    [
      'a credit that is not yet due offsets it too',
      [invoice('5.00'), invoice('-5.00', { dueMs: asOfMs + 1 })],
      undefined,
    ],
    ['a smaller credit does not', [invoice('5.00'), invoice('-4.99')], 1000],
    [
      'a credit pays for the oldest bill first',
      [invoice('5.00', { dueMs: 1000 }), invoice('6.00', { dueMs: 2000 }), invoice('-5.00', { dueMs: 9000 })],
      2000,
    ],
    [
      'what a credit leaves open and is not yet due is in time',
      [invoice('5.00', { dueMs: 1000 }), invoice('6.00', { dueMs: asOfMs + 1 }), invoice('-5.00')],
      undefined,
    ],
    [
      'a bill without a due time is the last that a credit pays for',
      [withoutDue(invoice('5.00')), invoice('6.00'), invoice('-6.00')],
      undefined,
    ],
    ['wherever Core lists it', [invoice('6.00'), withoutDue(invoice('5.00')), invoice('-6.00')], undefined],
    ['a settled credit offsets nothing', [invoice('5.00'), invoice('-5.00', { settlementStatus: 'settled' })], 1000],
  ])('%s', (_what, invoices, expected) => {
    expect(policyRollups({ ...issued, invoices }, asOfMs).pastDueSinceMs).toBe(expected);
  });

  it('of what was issued at the same instant the last by number is the last change', () => {
    const both = [2, 1].map((number) => ({ locator: `${number}`, name: 'generic', number, issuedMs: 1000 }));
    expect(policyRollups({ ...issued, modifications: both }, asOfMs).lastChange).toBe(both[0]);
  });

  it('a reversed fee does not count; without a list the total given by Core does', () => {
    const fees = [
      { amount: '10.00', reversed: true },
      { amount: '3.00', reversed: false },
    ];
    expect(policyRollups({ ...issued, fees }, asOfMs).fees).toBe('3.00');
    expect(policyRollups({ ...issued, fees: [] }, asOfMs).fees).toBe('10.00');
  });

  it.each(['2025-05-20T07:00:00Z', TERM_1_END])(
    'a renewal that a cancellation of %s overtook begins no term',
    (end) => {
      const cancelledLater = { ...storyPolicy('renewed'), effectiveContractEndMs: at(end) };
      expect(policyRollups(cancelledLater, at('2025-06-10T00:00:00Z')).termPremium).toBe('2470.75');
    },
  );
});

describe('a renewal that is accepted but not issued', () => {
  const RENEWAL_START = at(TERM_1_END);

  /** Core lists it and shows its segment before it is issued; the contract still ends where the renewal begins. */
  function withoutIssue({ issuedMs: _, ...rest }: Modification): Modification {
    return rest;
  }

  const renewed = storyPolicy('renewed');
  const renewals = renewed.modifications.filter(({ name }) => name === RENEW);
  const unissuedRenewals = renewals.map(withoutIssue);
  const newTerm = renewed.characteristics.filter(({ startMs }) => startMs === RENEWAL_START);

  const unissued: Policy = {
    ...renewed,
    modifications: [
      ...renewed.modifications.filter((modification) => !renewals.includes(modification)),
      ...unissuedRenewals,
    ],
    effectiveContractEndMs: RENEWAL_START,
  };
  const cancelled = storyPolicy('cancelled');
  const cancelledBefore: Policy = {
    ...cancelled,
    modifications: [...cancelled.modifications, ...unissuedRenewals],
    characteristics: [...cancelled.characteristics, ...newTerm],
  };
  const secondRenewal: Policy = {
    ...renewed,
    modifications: [
      ...renewed.modifications,
      ...unissuedRenewals.map((modification) => ({ ...modification, effectiveMs: at(TERM_2_END) })),
    ],
    characteristics: [
      ...renewed.characteristics,
      ...newTerm.map((segment) => ({ ...segment, startMs: at(TERM_2_END), endMs: at('2027-06-01T07:00:00Z') })),
    ],
  };

  const lastTerm = { startMs: at(TERM_2_END), endMs: at('2027-06-01T07:00:00Z') };
  const renewedTwice: Policy = {
    ...renewed,
    modifications: [
      ...renewed.modifications,
      ...renewals.map((modification) => ({ ...modification, number: 99, effectiveMs: lastTerm.startMs })),
    ],
    effectiveContractEndMs: lastTerm.endMs,
    characteristics: [
      ...renewed.characteristics,
      ...newTerm
        .slice(0, 1)
        .map((segment) => ({ ...segment, ...lastTerm, grossPremium: '1300.00', grossTaxes: '1.00' })),
    ],
  };

  const firstTerm = ['1189.75', '98.15', '10.00'];
  const cutTerm = ['457.75', '37.76', '10.00'];

  it.each<[string, Policy, string, readonly string[]]>([
    ['ends the current term where it starts', unissued, '2025-05-20T12:00:00Z', firstTerm],
    ['begins no term when its start has passed', unissued, '2025-06-10T12:00:00Z', firstTerm],
    ['is not in the term before it, once it is issued', renewed, '2025-05-20T12:00:00Z', firstTerm],
    ['begins the next term, once it is issued', renewed, '2025-06-10T12:00:00Z', ['1281.00', '105.68', '0.00']],
    ['is not in the term that a cancellation has cut', cancelledBefore, '2024-10-26T12:00:00Z', cutTerm],
    ['nor is it when the cut term would have ended', cancelledBefore, '2025-06-10T12:00:00Z', cutTerm],
    ['begins the last term, issued after another', renewedTwice, '2026-06-10T12:00:00Z', ['1300.00', '1.00', '0.00']],
    ['ends a term that a renewal began', secondRenewal, '2025-06-10T12:00:00Z', ['1281.00', '105.68', '0.00']],
  ])('%s, in whatever order Core lists the changes', (_what, policy, asOf, amounts) => {
    const turned = { ...policy, modifications: policy.modifications.toReversed() };
    expect(policyRollups(turned, at(asOf))).toEqual(policyRollups(policy, at(asOf)));
    const { termPremium, taxes, fees } = policyRollups(policy, at(asOf));
    expect([termPremium, taxes, fees]).toEqual(amounts);
  });
});

it('a reinstatement that is accepted but not issued adds nothing to the premium of what is cancelled', () => {
  const cancelled = storyPolicy('cancelled');
  const reinstated = storyPolicy('reinstated');
  const known = new Set(cancelled.characteristics.map(({ locator }) => locator));
  const returning = reinstated.characteristics.filter(({ locator }) => !known.has(locator));
  const unissued = returning.map(({ issuedMs: _, ...segment }) => segment);
  expect(unissued.length).toBeGreaterThan(0);
  const pending: Policy = { ...cancelled, characteristics: [...cancelled.characteristics, ...unissued] };
  const { termPremium, taxes } = policyRollups(pending, at('2024-11-02T12:00:00Z'));
  expect([termPremium, taxes]).toEqual(['457.75', '37.76']);
});
