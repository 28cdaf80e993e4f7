import { deliveryOf } from '../../../test/support/deliveries.js';
import { deliver } from '../../../test/support/delivery-scene.js';
import { HUBSPOT_RECORDS, HubspotLife } from '../../../test/support/hubspot-life.js';
import type { CanonicalRecord, Relation } from '../../records/canonical-record.js';
import { PROFILE_SCOPES } from '../../state/profile-scopes.js';
import { mergeRecords } from '../../sync/merge-records.js';
import type { DeliveryResult, TargetResponse } from '../connector.js';
import { hubspotConnector } from './hubspot.connector.js';
import { untilMidnight } from './hubspot.limits.js';

const { party, policy, quote, claim } = HUBSPOT_RECORDS;
const TO_POLICY: Relation = { name: 'policy', kind: 'policy', key: policy.key, required: true };

let life: HubspotLife;

afterEach(() => life.close());

describe('what a user of HubSpot deleted', () => {
  beforeEach(async () => {
    life = await HubspotLife.open();
    await life.bring(party);
    await life.bring(policy);
  });

  it('is made again: a property', async () => {
    life.standIn.account.properties.get('contacts')?.delete('socotra_birth_date');
    expect(await life.bring(party)).toEqual([
      { outcome: 'delivered', change: 'updated', targetId: expect.any(String) },
    ]);
    expect(life.propertiesOf('contacts')).toContain('socotra_birth_date');
  });

  it('is made again: a stage', async () => {
    const { stages = [] } = life.pipelines('deals').at(-1) ?? {};
    stages.splice(0, stages.length);
    expect(await life.bring(quote)).toMatchObject([{ outcome: 'delivered' }]);
    expect(stages).toHaveLength(6);
  });

  it('is made again: the custom object', async () => {
    const [type] = life.standIn.account.schemas.splice(0, 1).map(({ objectTypeId }) => String(objectTypeId));
    life.standIn.account.objects.delete(type ?? '');
    expect(await life.bring(policy)).toMatchObject([{ outcome: 'delivered', change: 'created' }]);
    expect(life.standIn.account.schemas).toHaveLength(1);
  });

  it('is said to be missing, when it is the record of a policyholder', async () => {
    const relatedIds = new Map([[party.key, life.held(party.key)[0]?.id ?? '']]);
    life.standIn.deleteRecord(party.key);
    const missing = [{ outcome: 'dependency', code: expect.any(String) }];
    expect(await life.deliver([{ ...deliveryOf(policy), relatedIds }])).toEqual(missing);
    expect(await life.bring(policy)).toEqual(missing);
    await life.bring(party);
    expect(await life.deliver([{ ...deliveryOf(policy), relatedIds }])).toMatchObject([{ outcome: 'delivered' }]);
    expect(life.held(policy.key)[0]?.tiedTo).toEqual([party.key]);
  });
});

describe('one record of HubSpot', () => {
  it('a party stays a contact when its company name turns up', async () => {
    life = await HubspotLife.open();
    await life.bring(party);
    const organization = { ...party, fields: { ...party.fields, type: 'organization' as const, companyName: 'Acme' } };
    await life.bring(organization);
    expect(life.held(party.key)).toMatchObject([
      { id: expect.stringMatching(/^contacts\//), fields: { company: 'Acme' } },
    ]);
  });

  it('two policyholders may share an e-mail address, which HubSpot lets only one have', async () => {
    life = await HubspotLife.open();
    const other: CanonicalRecord = { ...party, key: 'p-pty-other' };
    expect(await life.bring(party, other)).toEqual([
      { outcome: 'delivered', change: 'created', targetId: expect.any(String) },
      expect.objectContaining({ outcome: 'delivered', refusedFields: [{ field: 'email', code: 'email_taken' }] }),
    ]);
    expect(life.held('p-pty-other')[0]?.fields).toMatchObject({
      socotra_email: 'jordan@example.com',
      lastname: 'Avery',
    });
  });

  it('nothing more is asked of a HubSpot that no longer answers', async () => {
    life = await HubspotLife.open();
    await life.bring(party);
    const { target } = life;
    let alone = 0;
    life.target = {
      ...target,
      request: async (request): Promise<TargetResponse> => {
        const inputs = request.url.endsWith('/batch/upsert') ? (request.body?.match(/"idProperty"/g)?.length ?? 0) : 0;
        if (inputs !== 1) return target.request(request);
        alone += 1;
        return { kind: 'unreachable', code: 'timeout', permanent: false };
      },
    };
    // All with the same e-mail address: the batch cannot settle any of them.
    const others = ['a', 'b', 'c'].map((name): CanonicalRecord => ({ ...party, key: `p-pty-${name}` }));
    const results = await life.bring(...others);
    expect(results.map(({ outcome }) => outcome)).toEqual(['unreachable', 'unreachable', 'unreachable']);
    expect(alone).toBe(1);
  });

  it('an amount is not shown in a currency that it is not in', async () => {
    life = await HubspotLife.open();
    await life.bring(party);
    const foreign = { ...quote, fields: { ...quote.fields, currency: 'CHF' } };
    const refusedFields = [{ field: 'deal_currency_code', code: 'invalid_option' }];
    expect(await life.bring(foreign)).toMatchObject([{ outcome: 'delivered', refusedFields }]);
    const { fields } = life.held(quote.key)[0] ?? {};
    expect(fields).toMatchObject({ socotra_gross_premium: '1100.00', socotra_currency: 'CHF' });
    expect(fields).not.toHaveProperty('amount');
  });

  it('own fields of the tenant are written by their names, but never over the key', async () => {
    life = await HubspotLife.open();
    await life.start();
    life.standIn.account.properties.get('contacts')?.set('loyalty', { name: 'loyalty', type: 'string' });
    life.forget();
    const custom = { loyalty: 'L-1', unknown_one: 'x', socotra_key: 'stolen' };
    const refusedFields = [{ field: 'unknown_one', code: 'property_doesnt_exist' }];
    expect(await life.bring({ ...party, fields: { ...party.fields, custom } })).toMatchObject([{ refusedFields }]);
    expect(life.held(party.key)[0]?.fields).toMatchObject({ loyalty: 'L-1', socotra_key: party.key });
  });

  it('a quote is tied to its policy once that is there', async () => {
    life = await HubspotLife.open();
    await life.bring(party);
    const related = { ...quote, relations: [...quote.relations, { ...TO_POLICY, required: false }] };
    expect(await life.bring(related)).toMatchObject([{ outcome: 'delivered' }]);
    await life.bring(policy);
    await life.bring(related);
    expect(life.held(quote.key)[0]?.tiedTo).toEqual([policy.key, party.key].sort());
  });

  it('a quote and its policy that come in one sync are tied at once', async () => {
    life = await HubspotLife.open();
    const related = { ...quote, relations: [...quote.relations, { ...TO_POLICY, required: false }] };
    const records = mergeRecords([related, policy, party], PROFILE_SCOPES.crm.kinds);
    await deliver(records, hubspotConnector, {}, { target: life.target });
    expect(life.held(quote.key)[0]?.tiedTo).toEqual([policy.key, party.key].sort());
  });
});

describe('many records', () => {
  const many = Array.from({ length: 205 }, (_, index): CanonicalRecord => {
    const fields = { ...party.fields, email: `jordan.${index}@example.com` };
    return { ...party, key: `p-pty-${index}`, fields };
  });
  const outcomes = (results: readonly DeliveryResult[]) => results.map(({ outcome }) => outcome);

  it.each([{ multiStatus: true }, { multiStatus: false }])(
    'go in batches, and a bad one costs nobody: %j',
    async (plan) => {
      life = await HubspotLife.open({ ...plan, requestsPerTenSeconds: 1_000 });
      life.standIn.faults.refuseRecord('p-pty-150');
      const results = await life.bring(...many);
      expect(outcomes(results)).toEqual(many.map((_, index) => (index === 150 ? 'rejected' : 'delivered')));
      expect(life.standIn.records()).toHaveLength(204);
      const upserts = life.posts().filter((path) => path.endsWith('/contacts/batch/upsert'));
      expect(upserts.length).toBeLessThan(plan.multiStatus ? 6 : 20);
    },
  );

  it('are not sent further after the account wants rest', async () => {
    life = await HubspotLife.open();
    await life.start();
    life.standIn.faults.throttle(undefined);
    expect(new Set(outcomes(await life.bring(...many)))).toEqual(new Set(['throttled']));
    expect(life.posts().filter((path) => path.endsWith('/batch/upsert'))).toHaveLength(1);
  });

  it('cost one refused batch each when a scope is missing', async () => {
    life = await HubspotLife.open();
    await life.start();
    life.standIn.faults.forbid?.('party');
    const results = await life.bring(...many);
    expect(results[0]).toMatchObject({ code: 'missing_scopes', advice: expect.stringContaining('contacts.write') });
    expect(life.posts().filter((path) => path.endsWith('/batch/upsert'))).toHaveLength(3);
  });
});

it('a record is not delivered while HubSpot will not tie it to what it needs', async () => {
  life = await HubspotLife.open();
  await life.bring(party);
  const { target } = life;
  const body = JSON.stringify({ status: 'error', category: 'OBJECT_NOT_FOUND', message: 'x' });
  let tried = 0;
  life.target = {
    ...target,
    request: async (request): Promise<TargetResponse> => {
      if (!request.url.includes('/batch/associate')) return target.request(request);
      tried += 1;
      return { kind: 'answer', status: 404, headers: {}, body };
    },
  };
  expect(await life.bring(policy)).toEqual([{ outcome: 'dependency', code: 'object_not_found' }]);
  // Once where it was known to be, and once where it is looked up.
  expect(tried).toBe(2);
  life.target = target;
  expect(await life.bring(policy)).toMatchObject([{ outcome: 'delivered', change: 'updated' }]);
  expect(life.held(policy.key)[0]?.tiedTo).toEqual([party.key]);
});

it('claims are tied to their policy and their policyholder', async () => {
  life = await HubspotLife.open();
  await life.bring(party);
  await life.bring(policy);
  await life.bring({ ...claim, relations: [TO_POLICY, ...claim.relations] });
  expect(life.held(claim.key)[0]?.tiedTo).toEqual([policy.key, party.key].sort());
});

describe('answers that are not what one would wish', () => {
  beforeEach(async () => {
    life = await HubspotLife.open();
    await life.start();
  });

  it('an error that does not say which input it is about costs nobody', async () => {
    const error = { status: 'error', category: 'VALIDATION_ERROR', message: 'x', context: {} };
    life.standIn.faults.answerWith({ status: 207, body: JSON.stringify({ results: [], errors: [error] }) });
    const other = { ...party, key: 'p-pty-other' as const, fields: { ...party.fields, email: 'other@example.com' } };
    expect(await life.bring(party, other)).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }]);
  });

  it('a row that names another record is nobody’s', async () => {
    const rows = [
      { id: '1', objectWriteTraceId: party.key },
      { id: '2', objectWriteTraceId: 'p-pty-stranger' },
    ];
    life.standIn.faults.answerWith({ status: 200, body: JSON.stringify({ results: rows }) });
    const other = { ...party, key: 'p-pty-other' as const, fields: { ...party.fields, email: 'other@example.com' } };
    const [, result] = await life.bring(party, other);
    expect(result).toMatchObject({ outcome: 'delivered', targetId: life.held('p-pty-other')[0]?.id });
  });

  it('what a new record says itself is not filled in', async () => {
    await life.bring(party);
    const named = { ...quote, fields: { name: '7', currency: 'USD' } };
    expect(await life.bring(named)).toMatchObject([{ outcome: 'delivered', change: 'created' }]);
    expect(life.held(quote.key)[0]?.fields).toMatchObject({ dealname: 'Quote 7' });
  });

  it('a new record that does not say all that HubSpot needs is filled in, a known one is left alone', async () => {
    await life.bring(party);
    const sparse = { ...quote, fields: { currency: 'USD' } };
    expect(await life.bring(sparse)).toMatchObject([{ outcome: 'delivered', change: 'created' }]);
    expect(life.held(quote.key)[0]?.fields).toMatchObject({ dealname: 'Quote 100004200' });
    await life.bring(quote);
    await life.bring(sparse);
    expect(life.held(quote.key)[0]?.fields).toMatchObject({ dealname: 'Quote 1' });
  });

  it('the limit of the day lasts until midnight where the account is', async () => {
    const body = JSON.stringify({ errorType: 'RATE_LIMIT', policyName: 'DAILY', message: 'x' });
    life.standIn.faults.answerWith({ status: 429, body });
    const [result] = await life.bring(party);
    const expected = untilMidnight({ outcome: 'throttled', code: 'limit_daily' }, 'US/Eastern', Date.now());
    const waitOf = (one: DeliveryResult | undefined) => (one?.outcome === 'throttled' ? (one.retryAfterMs ?? 0) : 0);
    expect(result).toMatchObject({ outcome: 'throttled', code: 'limit_daily' });
    expect(Math.abs(waitOf(result) - waitOf(expected))).toBeLessThan(60_000);
  });
});
