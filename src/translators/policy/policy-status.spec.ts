import type { GracePeriod, Modification, Policy } from '../../core/entities.js';
import { parsePolicy } from '../../core/parse/parse-policy.js';
import { fixture } from '../../../test/support/fixtures.js';
import { decidingModification, policyStatus, termEnds } from './policy-status.js';

const at = Date.parse;
const START = at('2024-06-01T07:00:00Z');
const END = at('2025-06-01T07:00:00Z');

function storyPolicy(name: string): Policy {
  const parsed = parsePolicy(fixture(`core/policy.${name}.json`));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

function modification(name: string, effective: string, issued: string | undefined, number = 0): Modification {
  return {
    locator: `${name}-${number}`,
    name: `modification.policy.${name}`,
    number,
    effectiveMs: at(effective),
    ...(issued !== undefined && { issuedMs: at(issued) }),
  };
}

const CREATED = modification('create', '2024-06-01T07:00:00Z', '2024-05-21T15:30:00Z');

function policy(...modifications: readonly Modification[]): Policy {
  return {
    locator: '1',
    displayId: '1',
    issuedMs: at('2024-05-21T15:30:00Z'),
    originalContractStartMs: START,
    effectiveContractEndMs: END,
    characteristics: [],
    exposures: [],
    modifications: [CREATED, ...modifications],
    invoices: [],
    fees: [],
  };
}

function gracePeriod(settled?: string): GracePeriod {
  return {
    locator: 'g',
    startMs: at('2024-09-16T07:00:00Z'),
    endMs: at('2024-10-16T07:00:00Z'),
    ...(settled !== undefined && { settledMs: at(settled) }),
  };
}

describe('status over the story', () => {
  it.each([
    ['quoted', '2024-05-20T12:00:00Z', 'quote'],
    ['issued', '2024-05-22T12:00:00Z', 'issued'],
    ['issued', '2024-06-01T07:00:00Z', 'in_force'],
    ['endorsed', '2024-08-21T12:00:00Z', 'in_force'],
    ['cancelled', '2024-10-25T07:00:00Z', 'cancelled'],
    ['cancelled', '2024-10-25T06:59:59Z', 'in_force'],
    ['cancelled', '2026-01-01T00:00:00Z', 'cancelled'],
    ['reinstated', '2024-11-05T12:00:00Z', 'reinstated'],
    ['reinstated', '2025-06-01T07:00:00Z', 'expired'],
    ['renewed', '2025-05-31T12:00:00Z', 'reinstated'],
    ['renewed', '2025-06-01T07:00:00Z', 'in_force'],
    ['renewed', '2026-06-01T07:00:00Z', 'expired'],
  ])('policy.%s at %s is %s', (name, asOf, expected) => {
    expect(policyStatus(storyPolicy(name), [], at(asOf))).toBe(expected);
  });
});

describe('status by grace periods', () => {
  it.each([
    ['open', gracePeriod(), '2024-09-20T00:00:00Z', 'in_grace_period'],
    ['settled', gracePeriod('2024-09-18T00:00:00Z'), '2024-09-20T00:00:00Z', 'in_force'],
    ['not begun', gracePeriod(), '2024-09-10T00:00:00Z', 'in_force'],
    ['over', gracePeriod(), '2024-10-16T07:00:00Z', 'in_force'],
    ['without dates', { locator: 'g' }, '2024-09-20T00:00:00Z', 'in_grace_period'],
  ])('%s', (_, period, asOf, expected) => {
    expect(policyStatus(policy(), [period], at(asOf))).toBe(expected);
  });
});

describe('status by modifications', () => {
  it.each([
    ['a lapse', [modification('lapse', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z', 1)], 'lapsed'],
    [
      'a cancellation issued for the future',
      [modification('cancel', '2024-12-01T08:00:00Z', '2024-07-01T08:00:00Z', 1)],
      'in_force',
    ],
    [
      'a cancellation that was never issued',
      [modification('cancel', '2024-07-01T07:00:00Z', undefined, 1)],
      'in_force',
    ],
    [
      'cancelled and reinstated from the same instant',
      [
        modification('reinstate', '2024-07-01T07:00:00Z', '2024-07-20T08:00:00Z'),
        modification('cancel', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z'),
      ],
      'reinstated',
    ],
    [
      'cancelled again after a reinstatement',
      [
        modification('cancel', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z', 1),
        modification('reinstate', '2024-07-01T07:00:00Z', '2024-07-20T08:00:00Z', 2),
        modification('cancel', '2024-07-25T07:00:00Z', '2024-07-21T08:00:00Z', 3),
      ],
      'cancelled',
    ],
    [
      'cancelled from the start, after a reinstatement for later in the year',
      [
        modification('cancel', '2024-07-01T07:00:00Z', '2024-06-20T08:00:00Z', 1),
        modification('reinstate', '2024-07-01T07:00:00Z', '2024-06-25T08:00:00Z', 2),
        modification('cancel', '2024-06-01T07:00:00Z', '2024-07-20T08:00:00Z', 3),
      ],
      'cancelled',
    ],
    [
      'cancelled for an earlier day than the cancellation that was taken back',
      [
        modification('cancel', '2024-07-25T07:00:00Z', '2024-07-01T08:00:00Z', 1),
        modification('reinstate', '2024-07-25T07:00:00Z', '2024-07-10T08:00:00Z', 2),
        modification('cancel', '2024-07-20T07:00:00Z', '2024-07-15T08:00:00Z', 3),
      ],
      'cancelled',
    ],
    [
      'cancelled, then cancelled for an earlier day, then reinstated from that day',
      [
        modification('cancel', '2024-07-25T07:00:00Z', '2024-07-01T08:00:00Z', 1),
        modification('cancel', '2024-07-20T07:00:00Z', '2024-07-15T08:00:00Z', 2),
        modification('reinstate', '2024-07-20T07:00:00Z', '2024-07-18T08:00:00Z', 3),
      ],
      'reinstated',
    ],
    [
      'reinstated in the term after a renewal',
      [
        modification('renew', '2024-06-15T07:00:00Z', '2024-06-10T08:00:00Z', 1),
        modification('cancel', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z', 2),
        modification('reinstate', '2024-07-10T07:00:00Z', '2024-07-20T08:00:00Z', 3),
      ],
      'reinstated',
    ],
    [
      'reinstated from the instant at which a renewal took effect',
      [
        modification('renew', '2024-07-01T07:00:00Z', '2024-06-10T08:00:00Z', 1),
        modification('cancel', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z', 2),
        modification('reinstate', '2024-07-01T07:00:00Z', '2024-07-20T08:00:00Z', 3),
      ],
      'reinstated',
    ],
    [
      'cancelled flat, from the start',
      [modification('cancel', '2024-06-01T07:00:00Z', '2024-06-10T08:00:00Z', 1)],
      'cancelled',
    ],
    [
      'one transaction, told apart by number',
      [
        modification('reinstate', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z', 2),
        modification('cancel', '2024-07-01T07:00:00Z', '2024-07-01T08:00:00Z', 1),
      ],
      'reinstated',
    ],
  ])('%s', (_, modifications, expected) => {
    expect(policyStatus(policy(...modifications), [], at('2024-08-01T00:00:00Z'))).toBe(expected);
  });

  it.each([
    ['2024-07-16T00:00:00Z', 'in_force'],
    ['2024-07-20T07:00:00Z', 'cancelled'],
    ['2024-07-26T00:00:00Z', 'cancelled'],
  ])('a cancellation overtakes one for a later day: at %s the policy is %s', (asOf, expected) => {
    const overtaken = modification('cancel', '2024-07-25T07:00:00Z', '2024-07-01T08:00:00Z', 1);
    const standing = modification('cancel', '2024-07-20T07:00:00Z', '2024-07-15T08:00:00Z', 2);
    const twice = policy(overtaken, standing);
    expect(policyStatus(twice, [], at(asOf))).toBe(expected);
    expect(decidingModification(twice, Infinity)).toBe(standing);
  });

  it('ends its terms where issued renewals begin and where the contract ends, oldest first', () => {
    const [first, second, overtaken, unissued] = [
      modification('renew', '2024-12-01T08:00:00Z', '2024-11-01T08:00:00Z', 1),
      modification('renew', '2025-03-01T08:00:00Z', '2025-02-01T08:00:00Z', 2),
      modification('renew', '2025-06-02T07:00:00Z', '2025-05-01T08:00:00Z', 3),
      modification('renew', '2025-05-01T07:00:00Z', undefined, 4),
    ];
    const ends = [first.effectiveMs, second.effectiveMs, END];
    expect(termEnds(policy(second, unissued, overtaken, first))).toEqual(ends);
  });

  it('takes the contract dates when a policy comes without modifications', () => {
    const bare = { ...policy(), modifications: [] };
    expect([START - 1, START, END].map((asOfMs) => policyStatus(bare, [], asOfMs))).toEqual([
      'issued',
      'in_force',
      'expired',
    ]);
  });
});
