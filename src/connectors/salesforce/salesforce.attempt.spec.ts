import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import { orgField, orgOf } from '../../../test/support/salesforce-org.ts';
import type { DeliveryResult } from '../connector.js';
import type { PlannedRow } from './mapping/planned-row.js';
import { type Attempt, firstAttempt, nextAttempt, recordOf, resultOf, withLeftOut } from './salesforce.attempt.js';
import type { Value } from './salesforce.json.js';
import type { OrgObject } from './salesforce.org.js';

const ACCOUNT: OrgObject = orgOf('plain').objects.get('Account') ?? new Map();
const CLAIM: OrgObject = orgOf('fsc').objects.get('Claim') ?? new Map();
const delivery = deliveryOf(FULL_RECORDS.party);
const ROW: PlannedRow = {
  object: 'Account',
  key: 'p-pty-77',
  values: { Phone: '1', BillingCity: 'Rome' },
  fallback: { Name: 'x' },
  ties: [],
};
const CLAIM_ROW: PlannedRow = {
  ...ROW,
  object: 'Claim',
  values: { Summary: 'bang' },
  fallback: { Name: 'x' },
  ties: [
    { relationship: 'Account', key: 'p-pty-77', required: false },
    { relationship: 'PolicyNumber', key: 'p-pol-1', required: true },
  ],
};
const first = firstAttempt(delivery, ROW, ACCOUNT);
const claim = firstAttempt(delivery, CLAIM_ROW, CLAIM);
const base = { attributes: { type: 'Account' }, Socotra_Key__c: 'p-pty-77' };

function without(object: OrgObject, ...names: readonly string[]): OrgObject {
  return new Map([...object].filter(([name]) => !names.includes(name)));
}

function rejected(code: string, field?: string): DeliveryResult {
  return { outcome: 'rejected', code, ...(field !== undefined && { field }), advice: 'x' };
}

function leaveOut(attempt: Attempt, ...fields: readonly string[]): Attempt {
  return { ...attempt, leftOut: new Map(fields.map((field) => [field, 'x'])) };
}

describe('the first attempt', () => {
  it('sends everything that the user may write', () => {
    expect(recordOf(first)).toEqual({ ...base, Phone: '1', BillingCity: 'Rome' });
    expect(recordOf(claim)).toMatchObject({
      Account: { Socotra_Key__c: 'p-pty-77' },
      PolicyNumber: { Socotra_Key__c: 'p-pol-1' },
    });
  });

  it('leaves out what the user does not see, or may not write, and says so', () => {
    const readOnly = new Map([...without(ACCOUNT, 'Phone'), ['BillingCity', orgField('string', { writable: false })]]);
    const attempt = firstAttempt(delivery, ROW, readOnly);
    expect(recordOf(attempt)).toEqual(base);
    expect(withLeftOut(attempt, { outcome: 'delivered', change: 'created' })).toEqual({
      outcome: 'delivered',
      change: 'created',
      refusedFields: [
        { field: 'Phone', code: 'field_not_writable' },
        { field: 'BillingCity', code: 'field_not_writable' },
      ],
    });
  });

  it.each<[string, Value, boolean]>([
    ['double', { decimal: '5' }, true],
    ['double', '5; 7', false],
    ['currency', '1,200', false],
    ['boolean', false, true],
    ['boolean', 'yes', false],
    ['date', '2024-02-29', true],
    ['date', '2024-02-30', false],
    ['date', '03/04/2020', false],
    ['datetime', '2024-02-29T12:00:00.000Z', true],
    ['datetime', '2024-02-29T12:00:00+0200', true],
    ['datetime', '2024-02-30T00:00:00.000Z', false],
    ['datetime', 'noon', false],
    ['date', null, true],
    ['string', 'yes', true],
  ])(
    'in a field of type %s: %j is sent: %s; what Salesforce cannot read would fail the whole record',
    (type, own, isSent) => {
      const object = new Map([...ACCOUNT, ['Own__c', orgField(type)]]);
      const attempt = firstAttempt(delivery, { ...ROW, values: { ...ROW.values, Own__c: own } }, object);
      expect(recordOf(attempt)).toEqual({ ...base, Phone: '1', BillingCity: 'Rome', ...(isSent && { Own__c: own }) });
      const told = withLeftOut(attempt, { outcome: 'delivered', change: 'created' });
      const refusedFields = [{ field: 'Own__c', code: 'invalid_type_on_field_in_record' }];
      expect(told).toEqual({ outcome: 'delivered', change: 'created', ...(!isSent && { refusedFields }) });
    },
  );

  it('leaves out a relation whose field is hidden', () => {
    const attempt = firstAttempt(delivery, CLAIM_ROW, without(CLAIM, 'AccountId'));
    expect(recordOf(attempt)).not.toHaveProperty('Account');
    expect([...attempt.leftOut.keys()]).toEqual(['Account']);
  });

  it('says nothing about currencies where there is only one', () => {
    const row = { ...ROW, values: { CurrencyIsoCode: 'USD' } };
    const attempt = firstAttempt(delivery, row, ACCOUNT);
    expect(recordOf(attempt)).toEqual(base);
    expect(withLeftOut(attempt, { outcome: 'delivered', change: 'updated' })).toEqual({
      outcome: 'delivered',
      change: 'updated',
    });
  });

  it.each([
    ['string', 4, 'abcd', 'abcd'],
    ['string', 4, 'abcde', 'abc…'],
    ['textarea', 4, 'abcde', 'abc…'],
    ['textarea', 4, 'ab😀😀', 'ab…'],
    ['combobox', 4, 'abcde', 'abc…'],
    // Half an address or value would be another one.
    ['email', 4, 'abcde', 'abcde'],
    ['picklist', 4, 'abcde', 'abcde'],
    ['string', 0, 'abcde', 'abcde'],
  ])('text for a %s of %i characters: %j is sent as %j', (type, length, given, sent) => {
    const object = new Map([...ACCOUNT, ['Phone', orgField(type, { length })]]);
    expect(recordOf(firstAttempt(delivery, { ...ROW, values: { Phone: given } }, object))).toEqual({
      ...base,
      Phone: sent,
    });
  });
});

describe('the next attempt', () => {
  it.each<[string, Attempt, DeliveryResult, readonly string[] | undefined]>([
    ['a refused field', first, rejected('string_too_long', 'Phone'), ['Phone']],
    ['another one', leaveOut(first, 'Phone'), rejected('string_too_long', 'BillingCity'), ['Phone', 'BillingCity']],
    ['the same one again', leaveOut(first, 'Phone'), rejected('string_too_long', 'Phone'), undefined],
    ['one that was not sent', first, rejected('string_too_long', 'Fax'), undefined],
    ['no field', first, rejected('duplicates_detected'), undefined],
    ['the key', first, rejected('string_too_long', 'Socotra_Key__c'), undefined],
    ['a name of every object', first, rejected('string_too_long', 'toString'), undefined],
    ['too many fields', leaveOut(first, 'a', 'b', 'c', 'd', 'e'), rejected('string_too_long', 'Phone'), undefined],
    ['an optional relation', claim, rejected('related_record_missing', 'Account'), ['Account']],
    ['its field', claim, rejected('invalid_field_for_insert_update', 'AccountId'), ['Account']],
    ['a relation that is needed', claim, rejected('invalid_field_for_insert_update', 'PolicyNumberId'), undefined],
    ['a lock', first, { outcome: 'retry', code: 'unable_to_lock_row' }, undefined],
    ['success', first, { outcome: 'delivered', change: 'created' }, undefined],
  ])('after %s', (_what, attempt, result, leftOut) => {
    const next = nextAttempt(attempt, result);
    expect(next && [...next.leftOut.keys()]).toEqual(leftOut);
  });

  it('leaves out the amounts with a currency that the org does not have, and says so', () => {
    const org = new Map([
      ...ACCOUNT,
      ['CurrencyIsoCode', orgField('picklist')],
      ['AnnualRevenue', orgField('currency')],
      ['Premium__c', orgField('currency')],
    ]);
    const values = {
      Phone: '1',
      CurrencyIsoCode: 'CHF',
      AnnualRevenue: { decimal: '1200' },
      Premium__c: { decimal: '12' },
    };
    const refused = rejected('invalid_or_null_for_restricted_picklist', 'CurrencyIsoCode');
    const next = nextAttempt(firstAttempt(delivery, { ...ROW, values }, org), refused);
    expect(next && recordOf(next)).toEqual({ ...base, Phone: '1' });
    expect(next && withLeftOut(next, { outcome: 'delivered', change: 'created' })).toMatchObject({
      refusedFields: [
        { field: 'CurrencyIsoCode', code: 'invalid_or_null_for_restricted_picklist' },
        { field: 'AnnualRevenue', code: 'currency_refused' },
        { field: 'Premium__c', code: 'currency_refused' },
      ],
    });
  });

  it('leaves out as many others beside amounts without a currency as without them', () => {
    const amounts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): [string, string] => [name, 'currency_refused']);
    const next = nextAttempt({ ...first, leftOut: new Map(amounts) }, rejected('string_too_long', 'Phone'));
    expect(next?.leftOut.get('Phone')).toBe('string_too_long');
  });

  it('sends once what a new record cannot do without', () => {
    const missing = rejected('required_field_missing', 'Name');
    const filled = nextAttempt(first, missing);
    expect(filled && recordOf(filled)).toEqual({ ...base, Name: 'x', Phone: '1', BillingCity: 'Rome' });
    expect(filled && nextAttempt(filled, missing)).toBeUndefined();
    expect(nextAttempt(first, rejected('required_field_missing', 'Own__c'))).toBeUndefined();
  });

  it('leaves out a refused field, however many others the user may not write', () => {
    const hidden = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): [string, string] => [name, 'field_not_writable']);
    const next = nextAttempt({ ...first, leftOut: new Map(hidden) }, rejected('string_too_long', 'Phone'));
    expect(next?.leftOut.get('Phone')).toBe('string_too_long');
  });

  it('does not clear what must not be empty', () => {
    const attempt = firstAttempt(delivery, { ...ROW, values: { Phone: null } }, ACCOUNT);
    const next = nextAttempt(attempt, rejected('required_field_missing', 'Phone'));
    expect(next && recordOf(next)).toEqual(base);
  });

  it('is the same after a race, but only once', () => {
    const race: DeliveryResult = { outcome: 'retry', code: 'duplicate_value' };
    const again = nextAttempt(first, race);
    expect(again && recordOf(again)).toEqual(recordOf(first));
    expect(again && nextAttempt(again, race)).toBeUndefined();
  });
});

describe('the result of a row', () => {
  const missing = (key: string) => ({
    ok: false as const,
    errors: [
      {
        code: 'INVALID_FIELD',
        message: `Foreign key external ID: ${key} not found for field Socotra_Key__c in entity Account`,
        fields: [],
      },
    ],
  });
  const dependency = { outcome: 'dependency', code: 'related_record_missing' };

  it('waits for a related record that is needed', () => {
    expect(resultOf(claim, missing('p-pol-1'))).toEqual(dependency);
  });

  it('waits for an optional one that was there once', () => {
    const known = { ...delivery, relatedIds: new Map([['p-pty-77' as const, '001A']]) };
    expect(resultOf({ ...claim, delivery: known }, missing('p-pty-77'))).toEqual(dependency);
  });

  it('does without an optional one that nobody ever sent', () => {
    expect(resultOf(claim, missing('p-pty-77'))).toMatchObject({ outcome: 'rejected', field: 'Account' });
  });

  it('waits where it is not clear which one is missing', () => {
    expect(resultOf(claim, missing('somebody-else'))).toEqual(dependency);
  });

  it('is not known where the answer has no such row', () => {
    expect(resultOf(claim, undefined)).toEqual({ outcome: 'retry', code: 'unknown_answer_200' });
  });

  it('is delivered with the id', () => {
    expect(resultOf(claim, { ok: true, id: '0CL', created: false })).toEqual({
      outcome: 'delivered',
      change: 'updated',
      targetId: '0CL',
    });
  });
});
