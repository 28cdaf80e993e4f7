import type { GracePeriod, Policy } from '../../core/entities.js';
import { parsePolicy } from '../../core/parse/parse-policy.js';
import { mappedValues } from '../../core/resolve-mapping.js';
import type { ProductMapping } from '../../state/tenant-state.js';
import { fixture } from '../../../test/support/fixtures.js';
import { inputOf, invoiceOf, modificationOf, policyOf } from '../../../test/support/translation-input.js';
import { timePassed } from '../time-passed.js';
import { nextChangeMs } from './policy-next-change.js';
import { CANCEL, CREATE, REINSTATE, RENEW } from './policy-status.js';

const at = Date.parse;

function storyPolicy(name: string): Policy {
  const parsed = parsePolicy(fixture(`core/policy.${name}.json`));
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const GRACE_PERIOD: GracePeriod = {
  locator: 'grace',
  startMs: at('2024-09-16T07:00:00Z'),
  endMs: at('2024-10-17T06:59:59.999Z'),
};
const TERM_1_START = '2024-06-01T07:00:00.000Z';
const ENDORSEMENT_EFFECTIVE = '2024-09-01T07:00:00.000Z';
const ENDORSEMENT_BILL_PAST_DUE = '2024-09-16T07:00:00.000Z';
const CANCELLATION_EFFECTIVE = '2024-10-25T07:00:00.000Z';
const REINSTATEMENT_BILL_PAST_DUE = '2024-11-09T08:00:00.000Z';
const TERM_1_END = '2025-06-01T07:00:00.000Z';
const RENEWAL_BILL_PAST_DUE = '2025-06-02T07:00:00.000Z';
const TERM_2_END = '2026-06-01T07:00:00.000Z';

interface Moment {
  readonly policy: Policy;
  readonly gracePeriods: readonly GracePeriod[];
  readonly asOfMs: number;
}

/** Rows: the snapshot of the story, when it is read, whether the grace period is there, the next change. */
const STORY: readonly (readonly [string, string, boolean, string | undefined])[] = [
  ['quoted', '2024-05-20T12:00:00Z', false, undefined],
  ['issued', '2024-05-22T12:00:00Z', false, TERM_1_START],
  ['issued', '2024-05-28T21:00:00Z', false, TERM_1_START],
  ['issued', TERM_1_START, false, TERM_1_END],
  ['endorsed', '2024-08-21T12:00:00Z', false, ENDORSEMENT_EFFECTIVE],
  ['endorsed', ENDORSEMENT_EFFECTIVE, false, ENDORSEMENT_BILL_PAST_DUE],
  ['endorsed', '2024-09-15T12:00:00Z', true, ENDORSEMENT_BILL_PAST_DUE],
  ['endorsed', ENDORSEMENT_BILL_PAST_DUE, false, TERM_1_END],
  ['endorsed', ENDORSEMENT_BILL_PAST_DUE, true, '2024-10-17T06:59:59.999Z'],
  ['cancelled', '2024-10-25T00:00:00Z', false, CANCELLATION_EFFECTIVE],
  ['cancelled', CANCELLATION_EFFECTIVE, false, undefined],
  ['reinstated', '2024-11-05T12:00:00Z', false, REINSTATEMENT_BILL_PAST_DUE],
  ['reinstated', REINSTATEMENT_BILL_PAST_DUE, false, TERM_1_END],
  ['reinstated', TERM_1_END, false, undefined],
  ['renewed', '2025-05-20T12:00:00Z', false, TERM_1_END],
  ['renewed', TERM_1_END, false, RENEWAL_BILL_PAST_DUE],
  ['renewed', RENEWAL_BILL_PAST_DUE, false, TERM_2_END],
  ['renewed', TERM_2_END, false, undefined],
];

function momentOf([name, asOf, isInGrace]: (typeof STORY)[number]): Moment {
  return { policy: storyPolicy(name), gracePeriods: isInGrace ? [GRACE_PERIOD] : [], asOfMs: at(asOf) };
}

function next({ policy, gracePeriods, asOfMs }: Moment): string | undefined {
  const instantMs = nextChangeMs(policy, gracePeriods, asOfMs);
  return instantMs === undefined ? undefined : new Date(instantMs).toISOString();
}

/** The field of a vehicle that the story's endorsement changes: nothing else of the policy changes on its day. */
const MAPPINGS: readonly ProductMapping[] = [
  {
    productName: 'personal-auto',
    fields: {
      'custom-1':
        "$[?(@.name=='personal-auto')].policyConfiguration.exposures[?(@.name=='vehicle')].fields[?(@.name=='annual_miles')]",
    },
  },
];

/** Fields of all that would be written, and the mapped values, at an instant. */
function written({ policy, gracePeriods }: Moment, asOfMs: number): unknown {
  const { snapshot, ...rest } = inputOf({ snapshot: { policy, gracePeriods, asOfMs } });
  const { values } = mappedValues(MAPPINGS, snapshot);
  const translation = timePassed({ ...rest, snapshot, mapped: values });
  if (translation.outcome !== 'records') throw new Error(translation.reason);
  return [translation.records.map(({ key, op, fields }) => ({ key, op, fields })), values];
}

describe('the next change of a policy over the story', () => {
  it.each(STORY)('policy.%s at %s, in grace: %s', (...row) => {
    expect(next(momentOf(row))).toBe(row[3]);
  });
});

const CHANGES = STORY.filter(([, , , change]) => change !== undefined);

describe('over the story, what would be written', () => {
  it.each(CHANGES)('stays until just before the next change: policy.%s at %s, in grace: %s', (...row) => {
    const moment = momentOf(row);
    expect(written(moment, at(row[3] ?? '') - 1)).toEqual(written(moment, moment.asOfMs));
  });

  it.each(CHANGES)('is another from then on: policy.%s at %s, in grace: %s', (...row) => {
    const moment = momentOf(row);
    expect(written(moment, at(row[3] ?? ''))).not.toEqual(written(moment, moment.asOfMs));
  });

  it.each(STORY.filter(([, , , change]) => change === undefined))('stays for good: policy.%s at %s', (...row) => {
    const moment = momentOf(row);
    expect(written(moment, at('2099-01-01T00:00:00Z'))).toEqual(written(moment, moment.asOfMs));
  });
});

describe('the next change by what lies ahead', () => {
  const NOW = 1_000;
  const END = 9_000;
  const running = { originalContractStartMs: 10, originalContractEndMs: END };
  const created = modificationOf({ name: CREATE, effectiveMs: 10, issuedMs: 5 });
  const bill = invoiceOf({ totalDue: '5.00', dueMs: 2_000 });
  const credit = invoiceOf({ locator: 'credit', totalDue: '-5.00', dueMs: 1_500 });
  const ofKind = (name: string, effectiveMs: number) => modificationOf({ name, effectiveMs, issuedMs: 900 });

  it.each<[string, Partial<Policy>, readonly GracePeriod[], number | undefined]>([
    ['nothing is known', {}, [], undefined],
    ['the end alone', running, [], END],
    [
      'the start, without the modification that created the policy',
      { ...running, originalContractStartMs: 3_000, modifications: [] },
      [],
      3_000,
    ],
    ['a renewal or cancellation moved the end', { ...running, effectiveContractEndMs: 7_000 }, [], 7_000],
    ['the end has passed', { originalContractStartMs: 10, originalContractEndMs: NOW }, [], undefined],
    ['an endorsement', { ...running, modifications: [created, ofKind('generic', 3_000)] }, [], 3_000],
    ['a renewal', { ...running, modifications: [created, ofKind(RENEW, 3_000)] }, [], 3_000],
    [
      'a cancellation',
      { ...running, effectiveContractEndMs: 3_000, modifications: [created, ofKind(CANCEL, 3_000)] },
      [],
      3_000,
    ],
    [
      'a reinstatement',
      { ...running, modifications: [created, ofKind(CANCEL, 20), ofKind(REINSTATE, 3_000)] },
      [],
      3_000,
    ],
    ['a change effective now is written already', { ...running, modifications: [ofKind('generic', NOW)] }, [], END],
    [
      'an endorsement that is not issued',
      { ...running, modifications: [created, modificationOf({ effectiveMs: 3_000 })] },
      [],
      END,
    ],
    [
      'an endorsement and a renewal that a cancellation has overtaken',
      {
        ...running,
        effectiveContractEndMs: 800,
        modifications: [created, ofKind(CANCEL, 800), ofKind('generic', 4_000), ofKind(RENEW, END)],
      },
      [],
      undefined,
    ],
    ['a bill is past due after its last millisecond', { ...running, invoices: [bill] }, [], 2_001],
    ['a credit is never past due', { ...running, invoices: [credit] }, [], END],
    [
      'a bill that a credit offsets shows as past due on the invoice',
      { ...running, invoices: [credit, bill] },
      [],
      2_001,
    ],
    ['a paid bill', { ...running, invoices: [{ ...bill, settlementStatus: 'settled' }] }, [], END],
    ['a planned bill', { ...running, invoices: [{ ...bill, transactionIssued: false }] }, [], END],
    ['a grace period ends', running, [{ locator: 'g', startMs: 500, endMs: 2_500 }], 2_500],
    ['a grace period begins', running, [{ locator: 'g', startMs: 1_500, endMs: 2_500 }], 1_500],
    ['a settled grace period', running, [{ locator: 'g', startMs: 500, endMs: 2_500, settledMs: 600 }], END],
    [
      'one of two grace periods ends, the status stays',
      running,
      [
        { locator: 'g', startMs: 500, endMs: 2_500 },
        { locator: 'h', startMs: 500, endMs: 2_600 },
      ],
      2_600,
    ],
    [
      'the end comes in a grace period: its renewal date goes first, its status later',
      running,
      [{ locator: 'g', startMs: 500, endMs: END + 500 }],
      END,
    ],
  ])('%s', (_what, parts, gracePeriods, expected) => {
    expect(nextChangeMs(policyOf({ modifications: [created], ...parts }), gracePeriods, NOW)).toBe(expected);
  });

  it('a quote changes by events only', () => {
    const { issuedMs: _, ...quote } = policyOf({ ...running, originalContractStartMs: 3_000 });
    expect(nextChangeMs(quote, [], NOW)).toBeUndefined();
  });
});

describe('timePassed', () => {
  it('holds the level of the policy and no timeline line', () => {
    const { event: _, ...level } = inputOf({ snapshot: { policy: policyOf({ invoices: [invoiceOf()] }) } });
    const translation = timePassed(level);
    expect(translation).toMatchObject({ about: 'p-pol-100', records: [{ kind: 'policy' }, { kind: 'invoice' }] });
  });

  it.each([
    ['not_found_in_core', new Set(['policy'] as const)],
    ['no_locator', new Set<never>()],
  ])('is skipped where there is no policy: %s', (reason, notFound) => {
    const { event: _, ...level } = inputOf({ snapshot: { notFound } });
    expect(timePassed(level)).toEqual({ outcome: 'skip', reason });
  });
});

it('is told of each reading of a policy by itself, whatever was asked before', () => {
  const created = modificationOf({ name: CREATE, effectiveMs: 10, issuedMs: 5 });
  const policy = policyOf({ originalContractStartMs: 10, originalContractEndMs: 9_000, modifications: [created] });
  const grace = { locator: 'g', startMs: 500, endMs: 3_000 };
  const readings: [readonly GracePeriod[], number][] = [
    [[], 1_000],
    [[grace], 1_000],
    [[], 1_000],
    [[], 9_500],
  ];
  expect(readings.map(([gracePeriods, asOfMs]) => nextChangeMs(policy, gracePeriods, asOfMs))).toEqual([
    9_000,
    3_000,
    9_000,
    undefined,
  ]);
});
