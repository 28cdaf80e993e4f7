import { FULL_RECORDS } from '../../../../test/support/deliveries.js';
import type { PolicyStatus, QuoteState, RecordOf } from '../../../records/canonical-record.js';
import type { RecordKind } from '../../../records/record-kinds.js';
import { CLAIMS, type Pipeline, type PipelinePlan, POLICIES, QUOTES } from '../hubspot.pipelines.js';
import {
  CLAIM_PROPERTIES,
  type OwnProperties,
  PARTY_PROPERTIES,
  POLICY_PROPERTIES,
  QUOTE_PROPERTIES,
} from '../hubspot.properties.js';
import { ticketOf } from './claim.js';
import { isMarkedWith, noteOf } from './note.js';
import { companyOf, contactOf } from './party.js';
import { policyDealOf, policyObjectOf } from './policy.js';
import { quoteDealOf } from './quote.js';

/** Every stage has its own label in lower case as its id. */
function pipelineOf<S extends string>(plan: PipelinePlan<S>): Pipeline<S> {
  const ids = Object.keys(plan.stages).map((label) => [label, `stage ${label.toLowerCase()}`]);
  return { id: plan.label.toLowerCase(), stageIds: Object.fromEntries(ids) as Record<S, string> };
}
const [quotes, policies, claims] = [pipelineOf(QUOTES), pipelineOf(POLICIES), pipelineOf(CLAIMS)];

function changed<K extends RecordKind>(record: RecordOf<K>, fields: RecordOf<K>['fields']): RecordOf<K> {
  return { ...record, fields };
}

const SHARED = {
  phone: '+1 555 0100',
  address: '1 Main St',
  city: 'Pasadena',
  state: 'CA',
  zip: '91101',
  country: 'US',
  socotra_email: 'jordan@example.com',
  socotra_birth_date: '1980-02-29',
  socotra_locator: '100004200',
};

const POLICY_OWN = {
  socotra_number: '100004200',
  socotra_product: 'personal-auto',
  socotra_status: 'In force',
  socotra_effective_date: '2024-06-01',
  socotra_expiration_date: '2025-06-01',
  socotra_issued_at: '2024-05-21T15:30:00.450Z',
  socotra_currency: 'USD',
  socotra_term_premium: '1100.00',
  socotra_taxes: '90.75',
  socotra_fees: '10.00',
  socotra_payment_schedule: 'upfront',
  socotra_cancellation_date: '',
  socotra_cancellation_reason: '',
  socotra_balance_due: '0.00',
  socotra_paid_to_date: '1200.75',
  socotra_past_due_since: '',
  socotra_next_renewal_date: '2025-06-01',
  socotra_last_change: 'Policy issued',
  socotra_locator: '100004200',
};

describe('a full record', () => {
  it('of a person is a contact', () => {
    expect(contactOf(FULL_RECORDS.party).properties).toEqual({
      firstname: 'Jordan',
      lastname: 'Avery',
      company: '',
      email: 'jordan@example.com',
      ...SHARED,
    });
  });

  it('of an organization is a company', () => {
    const fields = { ...FULL_RECORDS.party.fields, type: 'organization', companyName: 'Acme' } as const;
    expect(companyOf(changed(FULL_RECORDS.party, fields)).properties).toEqual({ name: 'Acme', ...SHARED });
  });

  it('of a quote is a deal', () => {
    expect(quoteDealOf(FULL_RECORDS.quote, quotes).properties).toEqual({
      dealname: 'Quote 1',
      pipeline: 'quotes',
      dealstage: 'stage quoted',
      amount: '1100.00',
      deal_currency_code: 'USD',
      closedate: '2024-06-01T12:00:00.000Z',
      socotra_number: '1',
      socotra_product: 'personal-auto',
      socotra_status: 'Quoted',
      socotra_effective_date: '2024-06-01',
      socotra_expiration_date: '2025-06-01',
      socotra_gross_premium: '1100.00',
      socotra_currency: 'USD',
      socotra_selected: 'true',
      socotra_locator: '100004200',
    });
  });

  it('of a policy is a custom object', () => {
    expect(policyObjectOf(FULL_RECORDS.policy).properties).toEqual(POLICY_OWN);
  });

  it('of a policy is a deal where there are no custom objects', () => {
    expect(policyDealOf(FULL_RECORDS.policy, policies).properties).toEqual({
      dealname: 'Policy 100004200',
      pipeline: 'policies',
      dealstage: 'stage in force',
      amount: '1100.00',
      deal_currency_code: 'USD',
      closedate: '2024-05-21T15:30:00.450Z',
      ...POLICY_OWN,
    });
  });

  it('of a claim is a ticket', () => {
    expect(ticketOf(FULL_RECORDS.claim, claims).properties).toEqual({
      subject: 'Claim clm-1',
      hs_pipeline: 'claims',
      hs_pipeline_stage: 'stage open',
      content: 'Rear end',
      socotra_number: 'clm-1',
      socotra_product: 'personal-auto',
      socotra_status: 'Open',
      socotra_loss_date: '2024-10-01',
      socotra_reported_date: '2024-10-02',
      socotra_cause: 'collision',
      socotra_reserve: '2500.00',
      socotra_currency: 'USD',
      socotra_locator: '100004200',
    });
  });

  it('of an activity is a note, which says its key only where it must', () => {
    const properties = { hs_timestamp: '2024-05-21T15:30:00.450Z', hs_note_body: '<p>Policy 100004200 was issued</p>' };
    expect(noteOf(FULL_RECORDS.activity, 0, false).properties).toEqual(properties);
    const hs_note_body = `${properties.hs_note_body}<p>Socotra p-act-1</p>`;
    expect(noteOf(FULL_RECORDS.activity, 0, true).properties).toEqual({ ...properties, hs_note_body });
  });

  it.each<[string, Readonly<Record<string, string>>, OwnProperties]>([
    ['contact', contactOf(FULL_RECORDS.party).properties, PARTY_PROPERTIES],
    ['company', companyOf(FULL_RECORDS.party).properties, PARTY_PROPERTIES],
    ['quote', quoteDealOf(FULL_RECORDS.quote, quotes).properties, QUOTE_PROPERTIES],
    ['policy', policyObjectOf(FULL_RECORDS.policy).properties, POLICY_PROPERTIES],
    ['claim', ticketOf(FULL_RECORDS.claim, claims).properties, CLAIM_PROPERTIES],
  ])('of a %s fills every own property there is, and no other', (_what, properties, own) => {
    const written = Object.keys(properties).filter((name) => name.startsWith('socotra_'));
    expect([...written, 'socotra_key'].sort()).toEqual(Object.keys(own).sort());
  });
});

describe('a sparse record', () => {
  const place = { socotra_locator: '100004200' };

  it('leaves alone what it does not say', () => {
    expect(contactOf(changed(FULL_RECORDS.party, {})).properties).toEqual(place);
    expect(companyOf(changed(FULL_RECORDS.party, {})).properties).toEqual(place);
    expect(policyObjectOf(changed(FULL_RECORDS.policy, {})).properties).toEqual(place);
    expect(quoteDealOf(changed(FULL_RECORDS.quote, {}), quotes).properties).toEqual({ pipeline: 'quotes', ...place });
    expect(policyDealOf(changed(FULL_RECORDS.policy, {}), policies).properties).toEqual({
      pipeline: 'policies',
      ...place,
    });
    expect(ticketOf(changed(FULL_RECORDS.claim, {}), claims).properties).toEqual({ hs_pipeline: 'claims', ...place });
    const hs_timestamp = '1970-01-01T00:00:07.000Z';
    expect(noteOf(changed(FULL_RECORDS.activity, {}), 7_000, true).properties).toEqual({ hs_timestamp });
  });

  it('clears what is null', () => {
    const cleared = changed(FULL_RECORDS.party, { email: null, phone: null, address: null, birthDate: null });
    const empty = { phone: '', address: '', city: '', state: '', zip: '', country: '' };
    const own = { socotra_email: '', socotra_birth_date: '', ...place };
    expect(contactOf(cleared).properties).toEqual({ email: '', ...empty, ...own });
    expect(companyOf(cleared).properties).toEqual({ ...empty, ...own });
    const quote = changed(FULL_RECORDS.quote, { grossPremium: null, startDate: null });
    expect(quoteDealOf(quote, quotes).properties).toMatchObject({ amount: '', closedate: '' });
  });

  it('keeps the parts of an address that Socotra does not have', () => {
    const moved = changed(FULL_RECORDS.party, { address: { city: 'Rome' } });
    expect(contactOf(moved).properties).toEqual({ city: 'Rome', ...place });
  });

  it('of a person without first and last name goes by the whole name', () => {
    const { properties } = contactOf(changed(FULL_RECORDS.party, { type: 'person', name: '4711' }));
    expect(properties).toEqual({ lastname: '4711', ...place });
  });

  it('has something for what a new record needs', () => {
    expect(companyOf(changed(FULL_RECORDS.party, {})).fallbacks).toEqual({ name: '100004200' });
    expect(quoteDealOf(changed(FULL_RECORDS.quote, {}), quotes).fallbacks).toEqual({
      dealname: 'Quote 100004200',
      dealstage: 'stage other',
    });
    expect(policyDealOf(changed(FULL_RECORDS.policy, {}), policies).fallbacks).toEqual({
      dealname: 'Policy 100004200',
      dealstage: 'stage quote',
    });
    expect(ticketOf(changed(FULL_RECORDS.claim, {}), claims).fallbacks).toEqual({
      subject: 'Claim 100004200',
      hs_pipeline_stage: 'stage new',
    });
  });
});

describe('the stage', () => {
  it.each<[QuoteState, string]>([
    ['draft', 'draft'],
    ['quoted', 'quoted'],
    ['accepted', 'accepted'],
    ['declined', 'declined'],
    ['discarded', 'discarded'],
    ['unknown', 'other'],
  ])('of a quote that is %s', (state, stage) => {
    const { properties } = quoteDealOf(changed(FULL_RECORDS.quote, { state }), quotes);
    expect(properties.dealstage).toBe(`stage ${stage}`);
  });

  it.each<[PolicyStatus, string]>([
    ['quote', 'quote'],
    ['issued', 'issued'],
    ['in_force', 'in force'],
    ['in_grace_period', 'grace period'],
    ['cancelled', 'cancelled'],
    ['reinstated', 'reinstated'],
    ['lapsed', 'lapsed'],
    ['expired', 'expired'],
  ])('of a policy that is %s', (status, stage) => {
    const { properties } = policyDealOf(changed(FULL_RECORDS.policy, { status }), policies);
    expect(properties.dealstage).toBe(`stage ${stage}`);
  });

  it.each([
    ['pending', 'new'],
    ['draft', 'new'],
    ['open', 'open'],
    ['in review', 'open'],
    ['Closed', 'closed'],
    ['discarded', 'discarded'],
  ])('of a claim that is %s', (status, stage) => {
    const { properties } = ticketOf(changed(FULL_RECORDS.claim, { status }), claims);
    expect(properties.hs_pipeline_stage).toBe(`stage ${stage}`);
  });

  it('of what ended before it counted is lost, whatever its state says', () => {
    const ended = { op: 'void' } as const;
    const shown = { dealstage: 'stage discarded', socotra_status: 'Discarded' };
    expect(quoteDealOf({ ...FULL_RECORDS.quote, ...ended }, quotes).properties).toMatchObject(shown);
    expect(policyDealOf({ ...FULL_RECORDS.policy, ...ended }, policies).properties).toMatchObject(shown);
    expect(policyObjectOf({ ...FULL_RECORDS.policy, ...ended }).properties.socotra_status).toBe('Discarded');
    const { properties } = ticketOf({ ...FULL_RECORDS.claim, ...ended }, claims);
    expect(properties).toMatchObject({ hs_pipeline_stage: 'stage discarded', socotra_status: 'Discarded' });
  });
});

it('text that is longer than HubSpot takes is cut, and not left out', () => {
  const said = changed(FULL_RECORDS.claim, { description: '😀'.repeat(40_000), number: 'd58a4ab0-8cbe-cefb69' });
  const { properties } = ticketOf({ ...said, locator: 'd58a4ab0-8cbe-cefb69' }, claims);
  expect(properties.content).toHaveLength(65_535);
  expect(properties.content?.isWellFormed()).toBe(true);
  expect(properties.subject).toBe('Claim …cefb69');
});

describe('the text of a note', () => {
  it('is shown as it was said', () => {
    const said = changed(FULL_RECORDS.activity, { subject: 'Tom & "Jerry" <b>5 > 4</b>' });
    const shown = '<p>Tom &amp; &quot;Jerry&quot; &lt;b&gt;5 &gt; 4&lt;/b&gt;</p>';
    expect(noteOf(said, 0, false).properties.hs_note_body).toBe(shown);
  });

  it('is never longer than HubSpot takes', () => {
    const said = changed(FULL_RECORDS.activity, { subject: '"'.repeat(100_000) });
    expect(noteOf(said, 0, true).properties.hs_note_body?.length).toBeLessThanOrEqual(65_536);
  });

  it.each<[string, boolean]>([
    ['<p>x</p><p>Socotra p-act-1</p>', true],
    ['<p>x</p><p>Socotra p-act-12</p>', false],
    ['<p>x</p><p>Socotra s-p-act-1</p>', false],
    ['<div><span>Socotra&nbsp;p-act-1</span></div>', true],
    ['', false],
  ])('%s carries the key p-act-1: %s', (body, isMarked) => {
    expect(isMarkedWith(body, 'p-act-1')).toBe(isMarked);
  });
});
