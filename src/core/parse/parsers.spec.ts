import { fixture } from '../../../test/support/fixtures.js';
import { parseClaim, parsePayable } from './parse-claim.js';
import { parseGracePeriod, parseGracePeriods, parseInvoices, parsePayment } from './parse-invoice.js';
import { parsePolicyholder } from './parse-policyholder.js';
import { parsePremiumReport } from './parse-premium-report.js';
import { parseCancellation, parseEndorsement, parseReinstatement, parseRenewal } from './parse-transactions.js';

const POLICY = '100004200';
const POLICYHOLDER = '8d0c5430-d72e-5494-ab32-1d39c028bcee';
const INVOICE = '5422de77-3df3-5b88-ae9a-836884500267';

describe('answers of the story', () => {
  it.each([
    [
      'policyholder',
      parsePolicyholder,
      {
        locator: POLICYHOLDER,
        createdMs: 1716221520000,
        updatedMs: 1719939600000,
        values: expect.objectContaining({ last_name: ['Avery'], policyholder_id: ['100004190'] }),
        subEntities: {},
      },
    ],
    [
      'payment',
      parsePayment,
      {
        locator: 'a4161363-1faf-5449-a324-e8e2591e5ee5',
        displayId: '100004240',
        invoiceLocator: '5cef871b-2adf-5cd5-8603-a74d63fc5992',
        amount: '1200.75',
        currency: 'USD',
        postedMs: 1716927771004,
        fieldValues: { stripe_id: ['ch_demo_100004240'] },
      },
    ],
    ['payment.reversed', parsePayment, expect.objectContaining({ amount: '97.15', reversedMs: 1726235100000 })],
    [
      'grace-period',
      parseGracePeriod,
      {
        locator: '639e2ab8-e4a0-54da-aff9-4a6251078d0b',
        policyLocator: POLICY,
        policyholderLocator: POLICYHOLDER,
        invoiceLocator: INVOICE,
        startMs: 1726470000000,
        endMs: 1729062000000,
        cancellationLocator: '100004320',
      },
    ],
    [
      'endorsement',
      parseEndorsement,
      {
        locator: '100004260',
        policyLocator: POLICY,
        policyholderLocator: POLICYHOLDER,
        name: 'generic',
        state: 'issued',
        createdMs: 1724104801005,
        updatedMs: 1724177133907,
        issuedMs: 1724177133907,
        startMs: 1725174000000,
      },
    ],
    [
      'renewal',
      parseRenewal,
      {
        locator: '100004390',
        policyLocator: POLICY,
        policyholderLocator: POLICYHOLDER,
        state: 'issued',
        createdMs: 1745161200000,
        updatedMs: 1747328407233,
        issuedMs: 1747328407233,
        renewalStartMs: 1748761200000,
        renewalEndMs: 1780297200000,
      },
    ],
    [
      'cancellation',
      parseCancellation,
      {
        locator: '100004320',
        policyLocator: POLICY,
        name: 'non_payment',
        state: 'issued',
        createdMs: 1729072800000,
        updatedMs: 1729840202088,
        issuedMs: 1729840202088,
        effectiveMs: 1729839600000,
        comments: 'Endorsement invoice 100004270 unpaid at end of grace period',
      },
    ],
    [
      'reinstatement',
      parseReinstatement,
      {
        locator: '100004330',
        cancellationLocator: '100004320',
        state: 'issued',
        createdMs: 1730390400000,
        updatedMs: 1730760079640,
        issuedMs: 1730760079640,
        effectiveMs: 1729839600000,
        deadlineMs: 1732435200000,
        paymentAmount: '792.39',
        invoiceLocator: 'fecd7966-b210-53b2-8106-362f08ea45e6',
      },
    ],
    [
      'claim',
      parseClaim,
      {
        locator: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69',
        policyLocator: POLICY,
        productName: 'personal-auto',
        status: 'open',
        createdMs: 1727919600000,
        updatedMs: 1728515520000,
        incidentMs: 1727796000000,
        notificationMs: 1727919600000,
        fieldValues: expect.objectContaining({ incident_type: ['Collision'] }),
        fieldGroups: expect.objectContaining({
          'ebdf3183-625b-515c-9e78-23af6d1be783': expect.objectContaining({ rep_givenname: ['Jordan'] }),
        }),
        subClaims: [
          {
            locator: 'f50d562d-7c8a-50d6-98bd-4dc115bf6496',
            exposureLocator: '84951058-7657-570c-899a-3ff43ed3bfc8',
            perilLocator: '740b0214-d71b-58ce-b2e8-87ed224f3aac',
            status: 'open',
            lossReserve: '-3200.00',
            expenseReserve: '-250.00',
            createdMs: 1727974800000,
            updatedMs: 1728515520000,
            fieldValues: { subclaim_description: ['Front bumper and left headlamp'] },
          },
        ],
      },
    ],
    [
      'payable',
      parsePayable,
      {
        locator: '9ebd48a5-7d04-504c-8ff7-379f3c6c2d8e',
        subClaimLocator: 'f50d562d-7c8a-50d6-98bd-4dc115bf6496',
        amount: '-1450.00',
        currency: 'USD',
        createdMs: 1728664200000,
      },
    ],
    [
      'premium-report',
      parsePremiumReport,
      {
        locator: '100005140',
        displayId: '100005140',
        policyLocator: '100005100',
        state: 'issued',
        createdMs: 1727884800000,
        updatedMs: 1728057600000,
        startMs: 1719817200000,
        endMs: 1727766000000,
        invoiceDueMs: 1730444399999,
        issuedMs: 1728057600000,
        grossPremium: '4104.00',
        grossTaxes: '0.00',
        grossFees: '0.00',
        grossCommissions: '0.00',
      },
    ],
  ])('%s', (name, parse, value) => {
    expect(parse(fixture(`core/${name}.json`))).toEqual({ ok: true, value });
  });

  it('policyholder-invoices', () => {
    const parsed = parseInvoices(fixture('core/policyholder-invoices.json'));
    expect(parsed.ok && parsed.value.map((invoice) => [invoice.displayId, invoice.totalDue])).toEqual([
      ['100004230', '1200.75'],
      ['100004270', '97.15'],
      ['100004324', '-792.39'],
      ['100004334', '792.39'],
      ['100004396', '1386.68'],
    ]);
    expect(parsed.ok && parsed.value[1]).toEqual({
      locator: INVOICE,
      displayId: '100004270',
      policyLocator: POLICY,
      createdMs: 1724177133907,
      updatedMs: 1730507408091,
      dueMs: 1726469999999,
      startMs: 1725174000000,
      endMs: 1748761200000,
      totalDue: '97.15',
      currency: 'USD',
      type: 'endorsement',
      settlementStatus: 'settled',
      settlementType: 'paid',
      transactionIssued: true,
      payments: [expect.objectContaining({ reversedMs: 1726235100000 }), expect.objectContaining({ amount: '97.15' })],
      policyModificationLocator: '703605c6-d5d3-554d-aa5f-6587340c5a3f',
    });
  });
});

describe('the least that is needed', () => {
  const locator = '1';
  it.each([
    ['policyholder', parsePolicyholder, { locator, entity: {} }, { locator, values: {}, subEntities: {} }],
    ['payment', parsePayment, { locator, amount: 5 }, { locator, amount: '5.00', fieldValues: {} }],
    ['grace period', parseGracePeriod, { locator }, { locator }],
    ['endorsement', parseEndorsement, { locator }, { locator, state: 'unknown' }],
    ['cancellation', parseCancellation, { locator }, { locator, state: 'unknown' }],
    [
      'issued cancellation',
      parseCancellation,
      { locator, issuedTimestamp: 5 },
      { locator, state: 'issued', issuedMs: 5 },
    ],
    ['renewal', parseRenewal, { locator, state: 'quoted' }, { locator, state: 'quoted' }],
    ['reinstatement', parseReinstatement, { locator, state: 'draft' }, { locator, state: 'draft' }],
    [
      'claim',
      parseClaim,
      { locator, currentStatus: 'open' },
      { locator, status: 'open', fieldValues: {}, fieldGroups: {}, subClaims: [] },
    ],
    ['payable', parsePayable, { locator }, { locator }],
    ['premium report', parsePremiumReport, { locator, state: 'draft' }, { locator, state: 'draft' }],
  ])('%s', (_, parse, json, value) => {
    expect(parse(json)).toStrictEqual({ ok: true, value });
  });
});

describe('problems', () => {
  it.each([
    ['policyholder', parsePolicyholder, { locator: '1' }, 'policyholder: entity is missing.'],
    [
      'policyholder as the entity search answers',
      parsePolicyholder,
      { locator: '1', entity: { values: { last_name: { value: ['SECRET'] } } } },
      'policyholder: entity.values is not a map of names to text values.',
    ],
    ['payment', parsePayment, { locator: '1' }, 'payment: amount is missing.'],
    ['renewal', parseRenewal, { locator: '1' }, 'renewal: state is missing.'],
    ['reinstatement', parseReinstatement, { locator: '1' }, 'reinstatement: state is missing.'],
    ['claim', parseClaim, { locator: '1' }, 'claim: currentStatus is missing.'],
    ['premium report', parsePremiumReport, { locator: '1' }, 'premium report: state is missing.'],
    ['invoices', parseInvoices, [{ locator: '1', totalDue: 1 }, { locator: '2' }], 'invoice: totalDue is missing.'],
    ['grace periods', parseGracePeriods, 'SECRET', 'grace period: the answer is not a JSON object.'],
  ])('%s', (_, parse, json, problem) => {
    expect(parse(json)).toEqual({ ok: false, problem });
  });
});

it('a bare object counts as a list of one', () => {
  expect(parseGracePeriods({ locator: '1' })).toEqual({ ok: true, value: [{ locator: '1' }] });
});
