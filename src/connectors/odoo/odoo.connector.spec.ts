import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import { answered } from '../../../test/support/fake-target.ts';
import { OdooLife, outcomesOf } from '../../../test/support/odoo-life.ts';
import type { OdooOptions } from '../../../sandbox/targets/odoo/odoo.ts';
import type { RecordOf } from '../../records/canonical-record.js';
import type { HttpRequest } from '../../http/exchange.js';
import type { TargetResponse } from '../connector.js';
import { odooConnector } from './odoo.connector.js';

/** People, quotes, policies, claims and notes against the stand-in: emulated. */

const { quote, policy, claim, activity } = FULL_RECORDS;
const { custom: _own, ...PARTY_FIELDS } = FULL_RECORDS.party.fields;
const party: RecordOf<'party'> = { ...FULL_RECORDS.party, fields: PARTY_FIELDS };
const TO_POLICY = { name: 'policy', kind: 'policy', key: policy.key, required: false } as const;

let life: OdooLife;

async function open(options?: OdooOptions): Promise<void> {
  life = await OdooLife.open(options);
}

afterEach(() => life.close());

const quoteWith = (fields: RecordOf<'quote'>['fields']): RecordOf<'quote'> => ({
  ...quote,
  fields: { ...quote.fields, ...fields },
});

describe('a contact', () => {
  it('lives in the state of its own country, and one that nobody knows is told', async () => {
    await open();
    const abroad = { ...party, fields: { ...party.fields, address: { region: 'CA', country: 'ES' } } };
    await life.deliver(abroad);
    expect(life.held(party.key)).toMatchObject({ country_id: 'Spain', state_id: 'Cádiz' });
    const [lost] = await life.deliver({
      ...party,
      fields: { ...party.fields, address: { region: 'Ruritania', country: 'US' } },
    });
    expect(lost).toMatchObject({ refusedFields: [{ field: 'state_id', code: 'no_matching_record' }] });
    // Nor does it stay in the state that it moved away from.
    expect(life.held(party.key)?.state_id).toBeUndefined();
  });

  it('lives in no state where the name fits several, or where the user may not see them', async () => {
    await open();
    life.database.create('res.country.state', { name: 'Nevada', code: 'CA', country_id: 233 });
    const [several] = await life.deliver(party);
    expect(several).toMatchObject({ refusedFields: [{ field: 'state_id', code: 'no_matching_record' }] });
    expect(life.held(party.key)?.state_id).toBeUndefined();
    const { target } = life;
    const body = { name: 'odoo.exceptions.AccessError', message: 'You are not allowed to access states' };
    const request = async (asked: HttpRequest): Promise<TargetResponse> => {
      return asked.url.includes('/res.country.state/') ? answered(403, body) : target.request(asked);
    };
    const [hidden] = await odooConnector.deliver([deliveryOf(party)], { ...target, request });
    expect(hidden).toMatchObject({ outcome: 'delivered', refusedFields: [{ field: 'state_id' }] });
  });

  it('of an unknown country is written without it', async () => {
    await open();
    const [result] = await life.deliver({
      ...party,
      fields: { name: 'Jo', address: { city: 'Reno', country: 'Atlantis' } },
    });
    expect(result).toMatchObject({ refusedFields: [{ field: 'country_id', code: 'no_matching_record' }] });
    expect(life.held(party.key)).toMatchObject({ name: 'Jo', city: 'Reno' });
  });

  it('that moved to an unknown country does not stay in the last one', async () => {
    await open();
    await life.deliver(party);
    expect(life.held(party.key)).toMatchObject({ country_id: 'United States' });
    const [result] = await life.deliver({ ...party, fields: { address: { city: 'Poseidonis', country: 'Atlantis' } } });
    expect(result).toMatchObject({ refusedFields: [{ field: 'country_id', code: 'no_matching_record' }] });
    expect(life.held(party.key)?.country_id).toBeUndefined();
  });
});

it('nothing more is asked of an Odoo that no longer answers', async () => {
  await open();
  const { target } = life;
  let alone = 0;
  const request = async (asked: HttpRequest): Promise<TargetResponse> => {
    if (!asked.url.endsWith('/res.partner/load') || asked.body?.includes('Atlantis')) return target.request(asked);
    alone += 1;
    return { kind: 'unreachable', code: 'timeout', permanent: false };
  };
  const lost = ['a', 'b', 'c'].map((name): RecordOf<'party'> => {
    return { ...party, key: `p-pty-${name}`, fields: { name, address: { country: 'Atlantis' } } };
  });
  const results = await odooConnector.deliver(
    lost.map((record) => deliveryOf(record)),
    { ...target, request },
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['unreachable', 'unreachable', 'unreachable']);
  expect(alone).toBe(1);
});

describe('an opportunity', () => {
  beforeEach(() => open());

  it.each<[RecordOf<'quote'>['fields']['state'] & string, number, boolean]>([
    ['quoted', 10, true],
    ['accepted', 100, true],
    ['declined', 0, false],
    ['discarded', 0, false],
  ])('that is %s has the probability %s', async (state, probability, active) => {
    await life.deliver(party);
    await life.deliver(quoteWith({ state }));
    await life.deliver(quoteWith({ state }));
    expect(life.database.rows('crm.lead')).toMatchObject([{ probability, active, expected_revenue: 1100 }]);
    const ends = life.exchanges.filter(({ request }) => request.url.includes('action_set'));
    expect(ends).toHaveLength(state === 'quoted' ? 0 : 1);
  });

  it('that was won is not lost any more, and that is told', async () => {
    await life.deliver(party);
    await life.deliver(quoteWith({ state: 'accepted' }));
    const [result] = await life.deliver(quoteWith({ state: 'discarded' }));
    expect(result).toMatchObject({ refusedFields: [{ field: 'stage_id', code: 'already_won' }] });
    expect(life.held(quote.key)).toMatchObject({ probability: 100 });
  });

  it('in another currency than the books has no revenue', async () => {
    await life.deliver(party);
    const [result] = await life.deliver(quoteWith({ currency: 'EUR' }));
    expect(result).toMatchObject({ refusedFields: [{ field: 'expected_revenue', code: 'other_currency' }] });
    expect(life.held(quote.key)).toMatchObject({ expected_revenue: 0, description: expect.stringContaining('EUR') });
  });

  it('gets no text of another one that is called the same', async () => {
    await life.deliver(party);
    const theirs = life.database.create('crm.lead', {
      name: 'Quote 1',
      type: 'opportunity',
      description: '<p>Nobody may read this</p>',
    });
    life.database.externalIds.set('__export__.crm_lead_1', { model: 'crm.lead', id: theirs.id });
    await life.deliver(quote);
    expect(life.held(quote.key)?.description).toMatch(/^<p>Quote state: Quoted<\/p>/);
  });

  it('keeps what people wrote', async () => {
    await life.deliver(party);
    await life.deliver(quote);
    const [lead] = life.database.rows('crm.lead');
    life.database.write('crm.lead', lead?.id ?? 0, {
      description: `<p>Call on Monday</p>${String(lead?.['description'])}`,
    });
    await life.deliver(quoteWith({ product: 'home' }));
    expect(life.held(quote.key)?.description).toMatch(/^<p>Call on Monday<\/p>.*<p>Product: home<\/p>/);
  });
});

describe('what people wrote', () => {
  it.each([
    ['crm.lead', 'description', quote],
    ['project.task', 'description', claim],
    ['sale.order', 'note', policy],
  ] as const)('in a %s stays when the app has lost its memory', async (model, field, record) => {
    await open({ maySetUp: model !== 'sale.order' });
    await life.start();
    await life.deliver(party, policy);
    await life.deliver(record);
    const [row] = life.database.rows(model);
    life.database.write(model, row?.id ?? 0, { [field]: '<p>Call on Monday</p>' });
    life.ids.clear();
    await life.deliver(party, policy);
    await life.deliver(record);
    expect(life.held(record.key)?.[field]).toMatch(/^<p>Call on Monday<\/p><p>.+/);
    expect(life.database.rows(model)).toHaveLength(1);
  });
});

describe('in a database that was restored, what has an id of ours and is not ours', () => {
  beforeEach(async () => {
    await open({ maySetUp: false });
    await life.start();
    await life.deliver(party, policy, quote);
  });

  /** The record of this key becomes somebody's, under the same database id. */
  function giveAway(key: string, externalId?: string): void {
    const target = life.database.externalIds.get(`socotra_sync.${key}`);
    life.database.externalIds.delete(`socotra_sync.${key}`);
    if (target && externalId !== undefined) life.database.externalIds.set(externalId, target);
  }

  it.each([undefined, 'socotra_sync.p-pol-another'])('gets no note of ours (%s)', async (externalId) => {
    giveAway(policy.key, externalId);
    const line: RecordOf<'activity'> = { ...activity, relations: [TO_POLICY] };
    expect(await life.deliver(line)).toEqual([{ outcome: 'dependency', code: 'record_missing' }]);
    expect(life.database.rows('mail.message')).toEqual([]);
    await life.deliver(policy);
    expect(outcomesOf(await life.deliver(line))).toEqual(['created']);
  });

  it('that is ours, and has another name before, does get it', async () => {
    giveAway(policy.key, '__export__.sale_order_7');
    expect(outcomesOf(await life.deliver({ ...activity, relations: [TO_POLICY] }))).toEqual(['created']);
  });

  it('lends its text to no new record', async () => {
    const id = Number(life.ids.get(quote.key));
    giveAway(quote.key);
    life.database.write('crm.lead', id, { name: 'A secret deal', description: '<p>Nobody may read this</p>' });
    await life.deliver(quote);
    expect(life.ids.get(quote.key)).not.toBe(String(id));
    expect(life.held(quote.key)?.description).not.toContain('Nobody may read this');
  });

  it('is not shown as what Odoo holds of ours', async () => {
    giveAway(quote.key);
    life.database.write('crm.lead', Number(life.ids.get(quote.key)), { name: 'A secret deal' });
    const targetId = life.ids.get(quote.key);
    const delivery = { ...deliveryOf(quote), relatedIds: life.ids, ...(targetId !== undefined && { targetId }) };
    const [held] = (await odooConnector.look?.held([delivery], life.target)) ?? [];
    expect(held).toMatchObject({ ok: true, value: [{ place: 'crm.lead' }] });
    expect(JSON.stringify(held)).not.toContain('A secret deal');
  });
});

describe('a policy', () => {
  it('is an order without a price, when it is in another currency than orders are', async () => {
    await open({ maySetUp: false });
    await life.start();
    const [, result] = await life.deliver(party, { ...policy, fields: { ...policy.fields, currency: 'JPY' } });
    expect(result).toMatchObject({ refusedFields: [{ field: 'order_line', code: 'other_currency' }] });
    expect(life.held(policy.key)).toMatchObject({
      order_line: [expect.objectContaining({ price_unit: 0 })],
      note: expect.stringMatching(/<p>Currency: JPY<\/p><p>Term premium: 1100.00<\/p>/),
    });
  });

  it('has a model of its own where the user may make one', async () => {
    await open();
    expect(await life.start()).toMatchObject({ ok: true });
    await life.deliver(party, policy);
    expect(life.database.rows('x_insurance_policy')).toMatchObject([{ x_name: '100004200', x_term_premium: 1100 }]);
  });

  it('is a draft order where not, and cancelled when it is void', async () => {
    await open({ maySetUp: false });
    const started = await life.start();
    expect(JSON.stringify(started)).toContain('Policies become draft sales orders');
    await life.deliver(party, policy);
    expect(life.held(policy.key)).toMatchObject({ client_order_ref: '100004200', state: 'draft' });
    await life.deliver({ ...policy, op: 'void', fields: {}, relations: [] });
    expect(life.held(policy.key)).toMatchObject({ state: 'cancel', note: expect.stringContaining('Discarded') });
  });

  it('brings the product of its order back', async () => {
    await open({ maySetUp: false });
    await life.deliver(party);
    expect(outcomesOf(await life.deliver(policy))).toEqual(['related_record_missing']);
    expect(outcomesOf(await life.deliver(policy))).toEqual(['created']);
  });

  it('stays an order when the user may make models later', async () => {
    await open();
    await life.deliver(party);
    await life.deliver(policy);
    await life.deliver(policy);
    expect(life.held(policy.key)).toMatchObject({ origin: 'Socotra' });
    await life.start();
    expect(life.database.has('x_insurance_policy')).toBe(false);
  });
});

describe('a note', () => {
  it('stands in the chatter of the first record that is there', async () => {
    await open();
    await life.start();
    await life.deliver(party, policy);
    const line: RecordOf<'activity'> = { ...activity, relations: [TO_POLICY] };
    expect(outcomesOf(await life.deliver(line, line))).toEqual(['created', 'created']);
    expect(life.standIn.records().filter(({ kind }) => kind === 'activity')).toMatchObject([{ tiedTo: [policy.key] }]);
    life.standIn.deleteRecord(policy.key);
    expect(await life.deliver(line)).toEqual([{ outcome: 'dependency', code: 'record_missing' }]);
    life.ids.delete(policy.key);
    expect(await life.deliver(line)).toEqual([{ outcome: 'dependency', code: 'related_record_unknown' }]);
  });

  it('about nothing that Odoo holds is skipped', async () => {
    await open();
    expect(outcomesOf(await life.deliver({ ...activity, relations: [] }))).toEqual(['no_record_to_write_on']);
  });
});

it('what the installed apps have no place for is left out, and Start says so', async () => {
  await open({ apps: [], maySetUp: false });
  const { invoice, payment } = FULL_RECORDS;
  const results = await life.deliver(party, quote, policy, invoice, claim, payment, activity);
  const left = 'app_not_installed';
  expect(outcomesOf(results)).toEqual(['created', left, left, left, left, left, 'related_record_unknown']);
  expect(await life.start()).toEqual({
    ok: true,
    warnings: [
      'Quotes are left out: the app CRM is not installed in Odoo.',
      'Invoices and payments are left out: the app Invoicing is not installed in Odoo.',
      'Claims are left out: the app Project is not installed in Odoo.',
      'Policies are left out: neither may the user create a model for them, nor is the app Sales installed.',
    ],
  });
});

it('nothing more is sent after the key was refused', async () => {
  await open();
  await life.deliver(party);
  life.standIn.faults.revokeCredentials();
  const before = life.standIn.requests().length;
  const refused = { outcome: 'auth', code: 'target_unauthorized' };
  expect(await life.deliver({ ...party, fields: { name: 'x' } }, policy, claim)).toEqual([refused, refused, refused]);
  expect(life.standIn.requests().length - before).toBe(1);
});
