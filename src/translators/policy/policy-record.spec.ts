import {
  inputOf,
  invoiceOf,
  modificationOf,
  NOON_1_SEP_2024_MS,
  paymentOf,
  policyOf,
} from '../../../test/support/translation-input.js';
import type { Policy } from '../../core/entities.js';
import { invoiceRecord } from '../billing/invoice-record.js';
import { announcedModification } from './modifications.js';
import { policyDiscard } from './policy.discard.js';
import { policyEnd } from './policy.end.js';
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

  it.each<[string, Partial<Policy>]>([
    ['itself', { updatedMs: NOW - 1 }],
    ['its issue', { issuedMs: NOW - 1 }],
    ['a change that is begun', { modifications: [modificationOf({ createdMs: NOW - 1 })] }],
    ['a change that is issued', { modifications: [modificationOf({ createdMs: NOW - 3, issuedMs: NOW - 1 })] }],
    ['a bill', { invoices: [invoiceOf({ createdMs: NOW - 1 })] }],
    ['a bill that changed', { invoices: [invoiceOf({ createdMs: NOW - 3, updatedMs: NOW - 1 })] }],
    ['a payment', { invoices: [invoiceOf({ payments: [paymentOf({ postedMs: NOW - 1 })] })] }],
    [
      'a payment that was taken back',
      { invoices: [invoiceOf({ payments: [paymentOf({ postedMs: NOW - 3, reversedMs: NOW - 1 })] })] },
    ],
  ])('is as new as %s', (_what, parts) => {
    expect(policyRecord(inputOf({}), policyOf({ createdMs: NOW - 5, ...parts })).sourceUpdatedAtMs).toBe(NOW - 1);
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

describe('days of the tenant', () => {
  const at = Date.parse;

  it.each([
    ['far west', 'Pacific/Pago_Pago', '2024-06-01T11:00:00Z', '2025-06-01T11:00:00Z', '2024-06-02T10:59:59.999Z'],
    ['far east', 'Pacific/Kiritimati', '2024-05-31T10:00:00Z', '2025-05-31T10:00:00Z', '2024-06-01T09:59:59.999Z'],
    ['east, half an hour', 'Asia/Kolkata', '2024-05-31T18:30:00Z', '2025-05-31T18:30:00Z', '2024-06-01T18:29:59.999Z'],
    ['west', 'America/Los_Angeles', '2024-06-01T07:00:00Z', '2025-06-01T07:00:00Z', '2024-06-02T06:59:59.999Z'],
    ['none', 'UTC', '2024-06-01T00:00:00Z', '2025-06-01T00:00:00Z', '2024-06-01T23:59:59.999Z'],
  ])(
    '%s: a term from midnight to midnight and a bill due until the end of the day',
    (_where, timeZone, start, end, due) => {
      const invoice = { locator: 'i', totalDue: '5.00', settlementStatus: 'outstanding', dueMs: at(due), payments: [] };
      const policy = policyOf({
        originalContractStartMs: at(start),
        effectiveContractEndMs: at(end),
        invoices: [invoice],
      });
      const input = { ...inputOf({ snapshot: { policy, asOfMs: at('2024-07-01T00:00:00Z') } }), timeZone };
      expect(policyRecord(input, policy).fields).toMatchObject({
        effectiveDate: '2024-06-01',
        expirationDate: '2025-06-01',
        nextRenewalDate: '2025-06-01',
        pastDueSince: '2024-06-01',
      });
      expect(invoiceRecord(input, invoice).fields.dueDate).toBe('2024-06-01');
    },
  );

  it.each([
    ['the clock goes forward on the first day', 'Europe/Berlin', '2024-03-30T23:00:00Z', '2024-03-31'],
    ['the clock goes back on the first day', 'Europe/Berlin', '2024-10-26T22:00:00Z', '2024-10-27'],
    ['the last millisecond of a day of 25 hours', 'America/Los_Angeles', '2024-11-04T07:59:59.999Z', '2024-11-03'],
    ['the last millisecond of a day of 23 hours', 'America/Los_Angeles', '2024-03-11T06:59:59.999Z', '2024-03-10'],
    ['a day without a midnight', 'America/Sao_Paulo', '2018-11-04T03:00:00Z', '2018-11-04'],
  ])('%s', (_what, timeZone, instant, day) => {
    const policy = policyOf({ originalContractStartMs: at(instant) });
    const { effectiveDate } = policyRecord({ ...inputOf({}), timeZone }, policy).fields;
    expect(effectiveDate).toBe(day);
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
    const older = policyOf({ modifications: [early] });
    expect(announcedModification(inputOf({}), older, ({ name }) => name === RENEW)).toBeUndefined();
  });

  it('is none while nothing of the kind is issued', () => {
    const drafts = policyOf({ modifications: [unissued] });
    expect(announcedModification(inputOf({}), drafts, ({ name }) => name === RENEW)).toBeUndefined();
  });
});

describe('policy.end', () => {
  it.each([
    ['some minutes before', -3_500_000, 'Policy P-1 reached its end on 1 Sep 2024'],
    ['long before', -3_700_000, 'Policy P-1 reached its end'],
    ['after', 5_000, 'Policy P-1 reached its end on 1 Sep 2024'],
  ])('that Core tells %s the end says: %3$s', (_when, afterMs, subject) => {
    const policy = policyOf({ displayId: 'P-1', effectiveContractEndMs: NOW });
    const input = inputOf({ snapshot: { policy } });
    const event = { ...input.event, type: 'policy.end', occurredAtMs: NOW + afterMs } as const;
    expect(policyEnd.translate({ ...input, event })).toMatchObject({ records: [{}, { fields: { subject } }] });
  });
});

describe('policy.discard', () => {
  it('ends a policy that Core still shows, as of the reading', () => {
    const input = inputOf({ snapshot: { policy: policyOf({ displayId: 'P-1' }) } });
    const translation = policyDiscard.translate({ ...input, event: { ...input.event, type: 'policy.discard' } });
    expect(translation).toMatchObject({
      about: 'p-pol-100',
      records: [
        { kind: 'policy', op: 'void', sourceUpdatedAtMs: NOW + 5_000 },
        {
          kind: 'activity',
          fields: { subject: 'Policy P-1 discarded before it was issued' },
          relations: [{ key: 'p-pol-100' }],
        },
      ],
    });
  });
});
