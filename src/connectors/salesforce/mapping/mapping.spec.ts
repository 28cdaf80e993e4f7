import { deliveryOf, FULL_RECORDS } from '../../../../test/support/deliveries.ts';
import { orgField, orgOf, shownRow } from '../../../../test/support/salesforce-org.ts';
import { CLAIM, locator, PARTY, POLICY, rows } from '../../../../test/support/salesforce-rows.ts';
import type { CanonicalRecord } from '../../../records/canonical-record.js';
import { RECORD_KIND_NAMES, type RecordKind } from '../../../records/record-kinds.js';
import { rowsOf } from '../salesforce.mapping.js';
import { definitionOf } from '../salesforce.objects.js';
import type { Org } from '../salesforce.org.js';

const PLAIN = orgOf('plain');
const FSC = orgOf('fsc', { personAccounts: true, personRecordTypeId: '012' });

function changed(kind: RecordKind, fields: object, more: Partial<CanonicalRecord> = {}): CanonicalRecord {
  // The compiler cannot follow the kind through the spread; the tables below name fields of that kind only.
  return { ...FULL_RECORDS[kind], fields, ...more } as CanonicalRecord;
}

function value(record: CanonicalRecord, org: Org, field: string): unknown {
  return rowsOf(deliveryOf(record), org)
    .map(shownRow)
    .map((row) => row[field])
    .find((one) => one !== undefined);
}

describe.each([PLAIN, FSC])('in every org ($flavour)', (org) => {
  it.each(RECORD_KIND_NAMES)('%s without any field says nothing of its fields', (kind) => {
    const said = rowsOf(deliveryOf(changed(kind, {}, { relations: [] })), org).flatMap((row) =>
      Object.keys(row.values),
    );
    const constant = [
      'Socotra_Locator__c',
      'Type__c',
      'Socotra_Type__c',
      'SourceSystem',
      'SourceSystemIdentifier',
      'TransactionNumber',
      'Status',
    ];
    expect(said.filter((name) => !constant.includes(name))).toEqual([]);
  });

  it.each(RECORD_KIND_NAMES)('%s writes nothing but what the table of objects has', (kind) => {
    const record = changed(
      kind,
      { ...FULL_RECORDS[kind].fields, custom: undefined },
      { relations: [PARTY, POLICY, CLAIM] },
    );
    for (const { object, values, fallback, ties } of rowsOf(deliveryOf(record), org)) {
      const { standard, own: ours, relations } = definitionOf(object);
      const names = [...Object.keys(values), ...Object.keys(fallback)];
      expect(names.filter((name) => !(name in standard) && !(name in ours))).toEqual([]);
      expect(ties.map(({ relationship }) => relationship).filter((name) => !(name in relations))).toEqual([]);
    }
  });

  it.each<[RecordKind, string, string]>([
    ['quote', 'StageName', 'Closed Lost'],
    ['quote', 'Socotra_Status__c', 'Void'],
    ['policy', org.flavour === 'fsc' ? 'Socotra_Status__c' : 'Status__c', 'Void'],
    ['policy', org.flavour === 'fsc' ? 'Status' : 'Status__c', org.flavour === 'fsc' ? 'Cancelled' : 'Void'],
    ['policy_change', org.flavour === 'fsc' ? 'Socotra_Status__c' : 'Status__c', 'Void'],
    ['claim', 'Status', 'Closed'],
    ['claim', 'Socotra_Status__c', 'Void'],
    ['claim_item', org.flavour === 'fsc' ? 'Socotra_Status__c' : 'Status__c', 'Void'],
    ['premium_row', org.flavour === 'fsc' ? 'Socotra_Status__c' : 'Status__c', 'Void'],
  ])('a void %s is shown by %s', (kind, field, expected) => {
    expect(value(changed(kind, {}, { op: 'void' }), org, field)).toBe(expected);
    expect(value(changed(kind, FULL_RECORDS[kind].fields, { op: 'void' }), org, field)).toBe(expected);
  });
});

describe('people', () => {
  const party = (fields: object) => changed('party', fields);

  it('who are organizations are one account', () => {
    const organization = party({ type: 'organization', name: 'Acme', email: 'a@acme.test', birthDate: null });
    const account = { ...locator, Name: 'Acme', Socotra_Email__c: 'a@acme.test' };
    expect(rows(organization, PLAIN)).toEqual([['Account', account]]);
    expect(rows(organization, FSC)).toEqual([['Account', account]]);
  });

  it.each([
    [{ type: 'person', name: 'Jo Li', firstName: 'Jo', lastName: 'Li' }, 'Li'],
    [{ type: 'person', name: 'Jo Li', firstName: null, lastName: null }, 'Jo Li'],
    [{ type: 'person', name: 'Jo' }, 'Jo'],
    [{ firstName: 'Jo', name: 'Jo' }, 'Jo'],
    [{ type: 'person' }, undefined],
  ])('%j have the last name %j', (fields, lastName) => {
    expect(value(party(fields), FSC, 'LastName')).toBe(lastName);
  });

  it('without a last name are called by their whole name, once', () => {
    const jordan = party({ type: 'person', name: 'Jordan', firstName: 'Jordan' });
    for (const org of [PLAIN, FSC]) {
      expect([value(jordan, org, 'FirstName'), value(jordan, org, 'LastName')]).toEqual([null, 'Jordan']);
    }
  });

  it('without an address any more lose all of it', () => {
    const parts = ['BillingStreet', 'BillingCity', 'BillingState', 'BillingPostalCode', 'BillingCountry'];
    const [account] = rows(party({ type: 'organization', address: null }), PLAIN);
    expect(account?.[1]).toEqual({ ...locator, ...Object.fromEntries(parts.map((part) => [part, null])) });
  });

  it('keep the parts of an address that are not mapped', () => {
    const [account] = rows(party({ type: 'organization', address: { city: 'Rome' } }), PLAIN);
    expect(account?.[1]).toEqual({ ...locator, BillingCity: 'Rome' });
  });

  it('have fields of the tenant on the account or on the contact, wherever they were created', () => {
    const contact = new Map([...(PLAIN.objects.get('Contact') ?? []), ['Nick__c', orgField()]]);
    const org = { ...PLAIN, objects: new Map([...PLAIN.objects, ['Contact' as const, contact]]) };
    const custom = { Nick__c: 'Jo', Tier__c: 'A' };
    const shownRows = rows(party({ type: 'person', custom }), org);
    expect(shownRows).toEqual([
      ['Account', { ...locator, Tier__c: 'A' }],
      ['Contact', { ...locator, Nick__c: 'Jo', Account: 'p-pty-77' }],
    ]);
  });
});

describe("a value of the tenant's own", () => {
  it.each([
    ['string', '7', '7'],
    ['double', '7.50', 7.5],
    ['currency', '-0.25', -0.25],
    ['double', 'seven', 'seven'],
    ['double', null, null],
    ['boolean', 'True', true],
    ['boolean', 'no', 'no'],
    ['picklist', 'gold', 'gold'],
    ['datetime', '2024-05-21', '2024-05-21T12:00:00.000Z'],
    ['date', '2024-05-21', '2024-05-21'],
  ])('in a field of type %s: %j becomes %j', (type, given, expected) => {
    const object = new Map([...(PLAIN.objects.get('Socotra_Policy__c') ?? []), ['Own__c', orgField(type)]]);
    const org = { ...PLAIN, objects: new Map([...PLAIN.objects, ['Socotra_Policy__c' as const, object]]) };
    expect(value(changed('policy', { custom: { Own__c: given } }), org, 'Own__c')).toBe(expected);
  });
});

describe('the stage of a quote', () => {
  it.each([
    ['draft', 'Prospecting'],
    ['quoted', 'Prospecting'],
    ['accepted', 'Closed Won'],
    ['declined', 'Closed Lost'],
    ['discarded', 'Closed Lost'],
    ['unknown', 'Prospecting'],
    [undefined, undefined],
  ])('%s: %s', (state, stage) => {
    expect(value(changed('quote', { state }), PLAIN, 'StageName')).toBe(stage);
  });

  it('stands beside the day of its start; an opportunity cannot be without one', () => {
    expect(value(changed('quote', { startDate: '2024-06-01' }), PLAIN, 'CloseDate')).toBe('2024-06-01');
    expect(value(changed('quote', { startDate: null }), PLAIN, 'CloseDate')).toBeUndefined();
    expect(value(changed('quote', { startDate: null }), PLAIN, 'Socotra_Start_Date__c')).toBeNull();
  });

  it('is left to Salesforce where the org has none that fits', () => {
    const org = {
      ...PLAIN,
      statuses: { ...PLAIN.statuses, stages: { open: undefined, won: undefined, lost: undefined } },
    };
    expect(value(changed('quote', { state: 'accepted' }), org, 'StageName')).toBeUndefined();
  });
});

describe('the status of a claim', () => {
  it.each([
    ['open', 'New', 'Open'],
    ['draft', 'New', 'Open'],
    ['closed', 'Closed', 'Closed'],
    ['Closed', 'Closed', 'Closed'],
    ['discarded', 'Closed', 'Closed'],
    ['inReview', 'New', 'In Review'],
    [undefined, undefined, undefined],
  ])('%s: %s as a case, %s with Financial Services Cloud', (status, plain, fsc) => {
    expect(value(changed('claim', { status }), PLAIN, 'Status')).toBe(plain);
    expect(value(changed('claim', { status }), FSC, 'Status')).toBe(fsc);
  });
});

it('what happened in the evening in New York is of that day, although Greenwich has the next', () => {
  const sourceUpdatedAtMs = Date.parse('2025-02-01T01:30:00.000Z');
  const inNewYork = (record: CanonicalRecord) => ({ ...deliveryOf(record), timeZone: 'America/New_York' });
  const [task] = rowsOf(inNewYork(changed('activity', { occurredAt: '2025-02-01T01:30:00.000Z' })), PLAIN);
  expect(task?.values['ActivityDate']).toBe('2025-01-31');
  const [opportunity] = rowsOf(inNewYork(changed('quote', {}, { sourceUpdatedAtMs })), PLAIN);
  expect(opportunity?.fallback['CloseDate']).toBe('2025-01-31');
});

it.each([
  ['in_grace_period', 'In Force', 'In grace period'],
  ['reinstated', 'In Force', 'Reinstated'],
  ['cancelled', 'Cancelled', 'Cancelled'],
  ['lapsed', 'Lapsed', 'Lapsed'],
  ['expired', 'Expired', 'Expired'],
  ['quote', 'Initial', 'Quote'],
  ['issued', undefined, 'Issued'],
])('a policy that is %s has the status %s of the org, and %s as ours', (status, standard, ours) => {
  const record = changed('policy', { status });
  expect(value(record, FSC, 'Status')).toBe(standard);
  expect(value(record, FSC, 'Socotra_Status__c')).toBe(ours);
  expect(value(record, PLAIN, 'Status__c')).toBe(ours);
});
