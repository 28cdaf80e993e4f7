import { fixture } from '../../../test/support/fixtures.js';
import type { Policy, Quote } from '../entities.js';
import { parsePolicy, parseQuote } from './parse-policy.js';

const SEGMENT = { locator: 'c', startTimestamp: '1', endTimestamp: '2' };
const POLICY = { locator: '1', characteristics: [SEGMENT] };

function policyOf(json: unknown): Policy {
  const parsed = parsePolicy(json);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

function quoteOf(json: unknown): Quote {
  const parsed = parseQuote(json);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

describe('policies of the story', () => {
  it.each([
    ['quoted', { segments: 1, modifications: 1, invoices: 0 }],
    ['issued', { segments: 1, modifications: 1, invoices: 1 }],
    ['endorsed', { segments: 3, modifications: 2, invoices: 2 }],
    ['cancelled', { segments: 4, modifications: 3, invoices: 3 }],
    ['reinstated', { segments: 5, modifications: 4, invoices: 4 }],
    ['renewed', { segments: 6, modifications: 5, invoices: 5 }],
  ])('policy.%s', (name, counts) => {
    const policy = policyOf(fixture(`core/policy.${name}.json`));
    expect({
      segments: policy.characteristics.length,
      modifications: policy.modifications.length,
      invoices: policy.invoices.length,
    }).toEqual(counts);
    expect(policy.exposures.map((exposure) => [exposure.displayId, exposure.perils.length])).toEqual([
      ['100004220', 2],
      ['100004226', 1],
    ]);
  });

  it('keeps what is used, and only that', () => {
    const { exposures, invoices, characteristics, ...policy } = policyOf(fixture('core/policy.cancelled.json'));
    expect(policy).toEqual({
      locator: '100004200',
      displayId: '100004200',
      policyholderLocator: '8d0c5430-d72e-5494-ab32-1d39c028bcee',
      productName: 'personal-auto',
      currency: 'USD',
      createdMs: 1716221704112,
      updatedMs: 1729840202088,
      issuedMs: 1716305400450,
      originalContractStartMs: 1717225200000,
      originalContractEndMs: 1748761200000,
      effectiveContractEndMs: 1729839600000,
      paymentScheduleName: 'upfront',
      cancellation: { effectiveMs: 1729839600000, modificationLocator: '04545aec-8ee2-5f3c-8ad2-47692f8f0ffe' },
      modifications: [
        expect.objectContaining({ name: 'modification.policy.create', premiumChange: '1100.00', number: 0 }),
        expect.objectContaining({ name: 'generic', premiumChange: '89.75', endorsementLocator: '100004260' }),
        {
          locator: '04545aec-8ee2-5f3c-8ad2-47692f8f0ffe',
          name: 'modification.policy.cancel',
          number: 2,
          displayId: '100004326',
          effectiveMs: 1729839600000,
          issuedMs: 1729840202088,
          createdMs: 1729072800000,
          premiumChange: '-732.00',
          currency: 'USD',
          cancellationName: 'non_payment',
        },
      ],
      fees: [
        {
          locator: '1066b9f2-1f3b-5fa3-96a2-bed57664b29b',
          name: 'underwriting',
          amount: '10.00',
          startMs: 1717225200000,
          endMs: 1748761200000,
          reversed: false,
        },
      ],
      grossFees: '10.00',
    });
    expect(characteristics[3]).toEqual({
      locator: '0725e012-c810-53f2-852d-e98b04fa3133',
      startMs: 1725174000000,
      endMs: 1729839600000,
      issuedMs: 1729840202088,
      fieldValues: expect.objectContaining({ channel: ['Agent'] }),
      fieldGroups: expect.objectContaining({
        'fc682b86-7c75-5a24-9842-c98b3109c5dd': expect.objectContaining({ driver_firstname: ['Jordan'] }),
      }),
      grossPremium: '180.49',
      grossTaxes: '14.89',
    });
    expect(exposures[0]?.perils[1]?.characteristics.at(-1)).toEqual(
      expect.objectContaining({ startMs: 1725174000000, endMs: 1729839600000, premium: expect.any(String) }),
    );
    expect(invoices[1]?.payments[0]).toEqual({
      locator: 'efe3ac2e-8ab2-5277-9933-7bc37e12a275',
      displayId: '100004272',
      invoiceLocator: '5422de77-3df3-5b88-ae9a-836884500267',
      amount: '97.15',
      currency: 'USD',
      postedMs: 1725984012600,
      reversedMs: 1726235100000,
      fieldValues: { stripe_id: ['ch_demo_100004272'] },
    });
  });
});

describe('tolerance', () => {
  it('needs little', () => {
    expect(policyOf({ ...POLICY, somethingNew: { a: 1 } })).toEqual({
      locator: '1',
      displayId: '1',
      characteristics: [{ locator: 'c', startMs: 1, endMs: 2, fieldValues: {}, fieldGroups: {} }],
      exposures: [],
      modifications: [],
      invoices: [],
      fees: [],
    });
  });

  it('reads the number and the text form alike', () => {
    const asNumbers = policyOf({
      ...POLICY,
      originalContractStartTimestamp: 1717225200000,
      grossFees: 10,
      characteristics: { ...SEGMENT, startTimestamp: 1, grossPremium: 89.75 },
    });
    const asTexts = policyOf({
      ...POLICY,
      originalContractStartTimestamp: '1717225200000',
      grossFees: '10.00',
      characteristics: [{ ...SEGMENT, grossPremium: '89.75' }],
    });
    expect(asNumbers).toEqual(asTexts);
  });

  it('finds the currency of an older payload at its amounts', () => {
    const characteristics = [{ ...SEGMENT, grossPremium: 1, grossPremiumCurrency: 'EUR' }];
    expect(policyOf({ ...POLICY, characteristics }).currency).toBe('EUR');
  });
});

describe('quotes', () => {
  it.each([
    ['quoted', 'quoted', '1'],
    ['declined', 'declined', '2'],
  ])('quote.%s', (name, state, title) => {
    expect(quoteOf(fixture(`core/quote.${name}.json`))).toEqual(
      expect.objectContaining({
        name: title,
        state,
        policyLocator: '100004200',
        currency: 'USD',
        contractStartMs: 1717225200000,
        characteristics: [expect.objectContaining({ grossPremium: expect.any(String) })],
      }),
    );
  });

  it('characteristics may be an object or an array; a lone one stands even if it was replaced', () => {
    const replaced = { ...SEGMENT, replacedTimestamp: '3' };
    const versions = (characteristics: unknown) =>
      quoteOf({ locator: '1', state: 'draft', characteristics }).characteristics.map((version) => version.replacedMs);
    expect([versions(replaced), versions([replaced])]).toEqual([[undefined], [3]]);
  });
});

describe('problems', () => {
  it.each([
    ['HTML', '<html></html>', 'policy: the answer is not a JSON object.'],
    ['null', null, 'policy: the answer is not a JSON object.'],
    ['a list', [POLICY], 'policy: the answer is not a JSON object.'],
    ['no locator', { characteristics: [] }, 'policy: locator is not text.'],
    ['no characteristics', { locator: '1' }, 'policy: characteristics is missing.'],
    [
      'a ULID as locator',
      { ...POLICY, locator: '01J8ZV2F3Q9X7M5KDB4TNRC6WE' },
      'policy: the answer has the shape of Insurance Suite, not of Socotra Core.',
    ],
    [
      'ISO times and none of Core’s',
      { locator: '1', createdAt: '2024-05-20T12:00:00Z' },
      'policy: the answer has the shape of Insurance Suite, not of Socotra Core.',
    ],
    [
      'one ISO time among Core’s',
      { ...POLICY, createdTimestamp: '1', updatedTimestamp: '2024-05-20T12:00:00Z' },
      'policy: updatedTimestamp is not a time in milliseconds but an ISO time, as Insurance Suite writes it.',
    ],
    [
      'a wrong amount deep inside',
      { ...POLICY, invoices: [{ locator: 'i', totalDue: 'SECRET' }] },
      'policy: invoices[0].totalDue is not a decimal amount.',
    ],
    [
      'a version without an end',
      { ...POLICY, exposures: [{ locator: 'e', name: 'n', characteristics: [{ locator: 'c', startTimestamp: 1 }] }] },
      'policy: exposures[0].characteristics[0].endTimestamp is missing.',
    ],
  ])('%s', (_, json, problem) => {
    expect(parsePolicy(json)).toEqual({ ok: false, problem });
  });
});
