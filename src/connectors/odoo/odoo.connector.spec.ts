import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import { loopbackTarget } from '../../../test/support/loopback-target.ts';
import { type OdooOptions, type OdooStandIn, startOdoo } from '../../../sandbox/targets/odoo/odoo.ts';
import type { CanonicalRecord, RecordOf } from '../../records/canonical-record.js';
import type { HttpRequest } from '../../http/exchange.js';
import type { Delivery, DeliveryResult, TargetResponse } from '../connector.js';
import { odooConnector } from './odoo.connector.js';

/** People, quotes, policies, claims and notes, and Start, against the stand-in: emulated. */

const { quote, policy, claim, activity } = FULL_RECORDS;
const { custom: _own, ...PARTY_FIELDS } = FULL_RECORDS.party.fields;
const party: RecordOf<'party'> = { ...FULL_RECORDS.party, fields: PARTY_FIELDS };
const TO_POLICY = { name: 'policy', kind: 'policy', key: policy.key, required: false } as const;

let odoo: OdooStandIn;
let way: ReturnType<typeof loopbackTarget>;
let ids: Map<Delivery['record']['key'], string>;

async function start(options: OdooOptions = {}, settings: Readonly<Record<string, string>> = {}): Promise<void> {
  odoo = await startOdoo(options);
  way = loopbackTarget({ hosts: odoo.hosts, settings: { ...odoo.settings, ...settings } }, odooConnector);
  ids = new Map();
}

afterEach(async () => {
  await way.close();
  await odoo.close();
});

async function deliver(...records: readonly CanonicalRecord[]): Promise<readonly DeliveryResult[]> {
  const deliveries = records.map((record): Delivery => {
    const targetId = ids.get(record.key);
    return { ...deliveryOf(record), relatedIds: ids, ...(targetId !== undefined && { targetId }) };
  });
  const results = await odooConnector.deliver(deliveries, way.target);
  results.forEach((result, index) => {
    const key = records[index]?.key;
    if (result.outcome === 'delivered' && result.targetId !== undefined && key) ids.set(key, result.targetId);
  });
  return results;
}

const outcomes = (results: readonly DeliveryResult[]) => {
  return results.map((result) => (result.outcome === 'delivered' ? result.change : 'code' in result && result.code));
};
const held = (key: string) => odoo.records().find((record) => record.key === key)?.fields;
const quoteWith = (fields: RecordOf<'quote'>['fields']): RecordOf<'quote'> => ({
  ...quote,
  fields: { ...quote.fields, ...fields },
});

describe('a contact', () => {
  it('lives in the state of its own country, and one that nobody knows is told', async () => {
    await start();
    const abroad = { ...party, fields: { ...party.fields, address: { region: 'CA', country: 'ES' } } };
    await deliver(abroad);
    expect(held(party.key)).toMatchObject({ country_id: 'Spain', state_id: 'Cádiz' });
    const [lost] = await deliver({
      ...party,
      fields: { ...party.fields, address: { region: 'Ruritania', country: 'US' } },
    });
    expect(lost).toMatchObject({ refusedFields: [{ field: 'state_id', code: 'no_matching_record' }] });
    // Nor does it stay in the state that it moved away from.
    expect(held(party.key)?.state_id).toBeUndefined();
  });

  it('of an unknown country is written without it', async () => {
    await start();
    const [result] = await deliver({
      ...party,
      fields: { name: 'Jo', address: { city: 'Reno', country: 'Atlantis' } },
    });
    expect(result).toMatchObject({ refusedFields: [{ field: 'country_id', code: 'no_matching_record' }] });
    expect(held(party.key)).toMatchObject({ name: 'Jo', city: 'Reno' });
  });

  it('that moved to an unknown country does not stay in the last one', async () => {
    await start();
    await deliver(party);
    expect(held(party.key)).toMatchObject({ country_id: 'United States' });
    const [result] = await deliver({ ...party, fields: { address: { city: 'Poseidonis', country: 'Atlantis' } } });
    expect(result).toMatchObject({ refusedFields: [{ field: 'country_id', code: 'no_matching_record' }] });
    expect(held(party.key)?.country_id).toBeUndefined();
  });
});

it('nothing more is asked of an Odoo that no longer answers', async () => {
  await start();
  const { target } = way;
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
  beforeEach(() => start());

  it.each<[RecordOf<'quote'>['fields']['state'] & string, number, boolean]>([
    ['quoted', 10, true],
    ['accepted', 100, true],
    ['declined', 0, false],
    ['discarded', 0, false],
  ])('that is %s has the probability %s', async (state, probability, active) => {
    await deliver(party);
    await deliver(quoteWith({ state }));
    await deliver(quoteWith({ state }));
    expect(odoo.database.rows('crm.lead')).toMatchObject([{ probability, active, expected_revenue: 1100 }]);
    const ends = way.exchanges.filter(({ request }) => request.url.includes('action_set'));
    expect(ends).toHaveLength(state === 'quoted' ? 0 : 1);
  });

  it('that was won is not lost any more, and that is told', async () => {
    await deliver(party);
    await deliver(quoteWith({ state: 'accepted' }));
    const [result] = await deliver(quoteWith({ state: 'discarded' }));
    expect(result).toMatchObject({ refusedFields: [{ field: 'stage_id', code: 'already_won' }] });
    expect(held(quote.key)).toMatchObject({ probability: 100 });
  });

  it('in another currency than the books has no revenue', async () => {
    await deliver(party);
    const [result] = await deliver(quoteWith({ currency: 'EUR' }));
    expect(result).toMatchObject({ refusedFields: [{ field: 'expected_revenue', code: 'other_currency' }] });
    expect(held(quote.key)).toMatchObject({ expected_revenue: 0, description: expect.stringContaining('EUR') });
  });

  it('keeps what people wrote', async () => {
    await deliver(party);
    await deliver(quote);
    const [lead] = odoo.database.rows('crm.lead');
    odoo.database.write('crm.lead', lead?.id ?? 0, {
      description: `<p>Call on Monday</p>${String(lead?.['description'])}`,
    });
    await deliver(quoteWith({ product: 'home' }));
    expect(held(quote.key)?.description).toMatch(/^<p>Call on Monday<\/p>.*<p>Product: home<\/p>/);
  });
});

describe('what people wrote', () => {
  it.each([
    ['crm.lead', 'description', quote],
    ['project.task', 'description', claim],
    ['sale.order', 'note', policy],
  ] as const)('in a %s stays when the app has lost its memory', async (model, field, record) => {
    await start({ maySetUp: model !== 'sale.order' });
    await odooConnector.ensureSchema?.(way.target);
    await deliver(party, policy);
    await deliver(record);
    const [row] = odoo.database.rows(model);
    odoo.database.write(model, row?.id ?? 0, { [field]: '<p>Call on Monday</p>' });
    ids.clear();
    await deliver(party, policy);
    await deliver(record);
    expect(held(record.key)?.[field]).toMatch(/^<p>Call on Monday<\/p><p>.+/);
    expect(odoo.database.rows(model)).toHaveLength(1);
  });
});

describe('a policy', () => {
  it('is an order without a price, when it is in another currency than orders are', async () => {
    await start({ maySetUp: false });
    await odooConnector.ensureSchema?.(way.target);
    const [, result] = await deliver(party, { ...policy, fields: { ...policy.fields, currency: 'JPY' } });
    expect(result).toMatchObject({ refusedFields: [{ field: 'order_line', code: 'other_currency' }] });
    expect(held(policy.key)).toMatchObject({
      order_line: [expect.objectContaining({ price_unit: 0 })],
      note: expect.stringMatching(/<p>Currency: JPY<\/p><p>Term premium: 1100.00<\/p>/),
    });
  });

  it('has a model of its own where the user may make one', async () => {
    await start();
    expect(await odooConnector.ensureSchema?.(way.target)).toMatchObject({ ok: true });
    await deliver(party, policy);
    expect(odoo.database.rows('x_insurance_policy')).toMatchObject([{ x_name: '100004200', x_term_premium: 1100 }]);
  });

  it('is a draft order where not, and cancelled when it is void', async () => {
    await start({ maySetUp: false });
    const started = await odooConnector.ensureSchema?.(way.target);
    expect(JSON.stringify(started)).toContain('Policies become draft sales orders');
    await deliver(party, policy);
    expect(held(policy.key)).toMatchObject({ client_order_ref: '100004200', state: 'draft' });
    await deliver({ ...policy, op: 'void', fields: {}, relations: [] });
    expect(held(policy.key)).toMatchObject({ state: 'cancel', note: expect.stringContaining('Discarded') });
  });

  it('brings the product of its order back', async () => {
    await start({ maySetUp: false });
    await deliver(party);
    expect(outcomes(await deliver(policy))).toEqual(['related_record_missing']);
    expect(outcomes(await deliver(policy))).toEqual(['created']);
  });

  it('stays an order when the user may make models later', async () => {
    await start();
    await deliver(party);
    await deliver(policy);
    await deliver(policy);
    expect(held(policy.key)).toMatchObject({ origin: 'Socotra' });
    await odooConnector.ensureSchema?.(way.target);
    expect(odoo.database.has('x_insurance_policy')).toBe(false);
  });
});

describe('a note', () => {
  it('stands in the chatter of the first record that is there', async () => {
    await start();
    await odooConnector.ensureSchema?.(way.target);
    await deliver(party, policy);
    const line: RecordOf<'activity'> = { ...activity, relations: [TO_POLICY] };
    expect(outcomes(await deliver(line, line))).toEqual(['created', 'created']);
    expect(odoo.records().filter(({ kind }) => kind === 'activity')).toMatchObject([{ tiedTo: [policy.key] }]);
    odoo.deleteRecord(policy.key);
    expect(await deliver(line)).toEqual([{ outcome: 'dependency', code: 'record_missing' }]);
    ids.delete(policy.key);
    expect(await deliver(line)).toEqual([{ outcome: 'dependency', code: 'related_record_unknown' }]);
  });

  it('about nothing that Odoo holds is skipped', async () => {
    await start();
    expect(outcomes(await deliver({ ...activity, relations: [] }))).toEqual(['no_record_to_write_on']);
  });
});

it('what the installed apps have no place for is left out, and Start says so', async () => {
  await start({ apps: [], maySetUp: false });
  const { invoice, payment } = FULL_RECORDS;
  const results = await deliver(party, quote, policy, invoice, claim, payment, activity);
  const left = 'app_not_installed';
  expect(outcomes(results)).toEqual(['created', left, left, left, left, left, 'related_record_unknown']);
  expect(await odooConnector.ensureSchema?.(way.target)).toEqual({
    ok: true,
    warnings: [
      'Quotes are left out: the app CRM is not installed in Odoo.',
      'Invoices and payments are left out: the app Invoicing is not installed in Odoo.',
      'Claims are left out: the app Project is not installed in Odoo.',
      'Policies are left out: neither may the user create a model for them, nor is the app Sales installed.',
    ],
  });
});

describe('Start', () => {
  it.each<[string, OdooOptions, Readonly<Record<string, string>>, object]>([
    ['takes a good key', {}, {}, { ok: true }],
    ['takes a good login', { version: 17 }, {}, { ok: true }],
    ['refuses a wrong key', {}, { 'api-token': 'wrong' }, { code: 'target_unauthorized', message: /API key/ }],
    ['refuses a wrong login', { version: 17 }, { 'api-token': 'wrong' }, { code: 'target_unauthorized' }],
    ['refuses a wrong database', {}, { account: 'other' }, { code: 'database_not_found', message: /"Account at/ }],
    ['refuses a wrong old database', { version: 17 }, { account: 'other' }, { code: 'database_not_found' }],
  ])('%s', async (_what, options, settings, expected) => {
    await start(options, settings);
    const { message, ...others } = expected as { message?: RegExp };
    const result = await odooConnector.verify(way.target);
    expect(result).toMatchObject({ ...others, ...(message && { message: expect.stringMatching(message) as string }) });
    expect(JSON.stringify(result)).not.toContain('wrong');
  });

  it('asks for what old versions need', async () => {
    await start({ version: 17 });
    const { username: _left, ...settings } = odoo.settings;
    const { target, close } = loopbackTarget({ hosts: odoo.hosts, settings }, odooConnector);
    expect(await odooConnector.verify(target)).toMatchObject({
      ok: false,
      cause: 'settings',
      code: 'login_incomplete',
      message: expect.stringContaining('fill in "User name or header name"') as string,
    });
    await close();
  });

  it('makes one model, one project and one access rule, however often it runs', async () => {
    await start();
    await odooConnector.ensureSchema?.(way.target);
    const again = await odooConnector.ensureSchema?.(way.target);
    expect(again).toEqual({
      ok: true,
      warnings: ['Only USD is active in Odoo: invoices in another currency are refused until you activate it.'],
    });
    expect(odoo.database.rows('project.project')).toHaveLength(1);
    expect(odoo.database.rows('ir.model.access')).toHaveLength(1);
  });

  it('adds the fields that a model of an earlier release lacks', async () => {
    await start();
    await odooConnector.ensureSchema?.(way.target);
    const fields = odoo.database.rows('ir.model.fields').filter(({ name }) => name === 'x_fees');
    for (const { id } of fields) odoo.database.unlink('ir.model.fields', id);
    odoo.database.model('x_insurance_policy').fields.delete('x_fees');
    await odooConnector.ensureSchema?.(way.target);
    expect(odoo.database.model('x_insurance_policy').fields.has('x_fees')).toBe(true);
  });
});

it('nothing more is sent after the key was refused', async () => {
  await start();
  await deliver(party);
  odoo.faults.revokeCredentials();
  const before = odoo.requests().length;
  const refused = { outcome: 'auth', code: 'target_unauthorized' };
  expect(await deliver({ ...party, fields: { name: 'x' } }, policy, claim)).toEqual([refused, refused, refused]);
  expect(odoo.requests().length - before).toBe(1);
});
