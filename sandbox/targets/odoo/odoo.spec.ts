import { readFileSync } from 'node:fs';
import { isObject, objectOf, parseJson, type JsonObject, type JsonValue } from '../../http/json.ts';
import { type OdooStandIn, startOdoo } from './odoo.ts';

/** The stand-in must answer what the real server answered, as far as the recordings go. */

interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: JsonValue };
  readonly response: { readonly status: number; readonly body: JsonValue };
}

function recorded(file: string): readonly Exchange[] {
  const path = new URL(`../../../test/fixtures/targets/odoo/${file}`, import.meta.url);
  // Safe: the recordings are files of ours, and a missing member fails the test that needs it.
  const { exchanges } = JSON.parse(readFileSync(path, 'utf8')) as { exchanges: readonly Exchange[] };
  return exchanges;
}

/** Wizards are not emulated: they take no external id, so the connector must not use them. */
const NOT_EMULATED = ['payment wizard', 'create payment', 'invoice after payment', 'note'];
const HEADERS = { 'content-type': 'application/json' };

let odoo: OdooStandIn;

async function send(exchange: Exchange, body: JsonObject, headers: Readonly<Record<string, string>>) {
  const { method, path } = exchange.request;
  const answer = await fetch(`${odoo.settings['api-url'] ?? ''}${path}`, {
    method,
    headers: { ...HEADERS, ...headers },
    ...(method === 'POST' && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** What of an answer does not depend on what else the database holds. */
function shapeOf(body: JsonValue): JsonValue {
  if (!isObject(body)) return typeof body;
  if (typeof body.name === 'string')
    return { name: body.name, message: String(body.message).replace(/\d+/g, 'N').split('\n')[0] ?? '' };
  const isLoad = 'ids' in body && 'messages' in body;
  if (!isLoad) return Object.keys(body).toSorted();
  const messages = Array.isArray(body.messages) ? (body.messages as readonly JsonValue[]) : [];
  return { saved: body.ids !== false, messages: messages.map((message) => objectOf(message).message ?? '') };
}

describe('as Odoo 19', () => {
  beforeAll(async () => {
    odoo = await startOdoo({ version: 19 });
  });
  afterAll(() => odoo.close());

  it.each(recorded('recorded-odoo19-json2.json').filter(({ name }) => !NOT_EMULATED.includes(name)))(
    '$name',
    async (exchange) => {
      const isWrongKey = exchange.name === 'ping with bad key';
      const isWrongDatabase = exchange.name.startsWith('unknown database');
      const answer = await send(exchange, withIds(objectOf(exchange.request.body)), {
        authorization: `bearer ${isWrongKey ? 'wrong' : (odoo.settings['api-token'] ?? '')}`,
        'x-odoo-database': isWrongDatabase ? 'nodb' : (odoo.settings.account ?? ''),
      });
      expect(answer.status).toBe(exchange.response.status);
      if (isWrongDatabase) expect(answer.text).toContain('No database is selected');
      else expect(shapeOf(parseJson(answer.text))).toEqual(shapeOf(exchange.response.body));
    },
  );

  /** The invoice of the recording has another id here. */
  function withIds(body: JsonObject): JsonObject {
    const invoice = odoo.database.externalIds.get('socotra_sync.rec_inv_1')?.id ?? 0;
    return JSON.stringify(body.ids) === '[8]' ? { ...body, ids: [invoice] } : body;
  }
});

describe('as Odoo 17', () => {
  beforeAll(async () => {
    odoo = await startOdoo({ version: 17 });
  });
  afterAll(() => odoo.close());

  it.each(recorded('recorded-odoo17-jsonrpc.json'))('$name', async (exchange) => {
    const { params, ...envelope } = objectOf(exchange.request.body);
    const { args, ...called } = objectOf(params);
    const [, uid, , ...rest] = Array.isArray(args) ? (args as readonly JsonValue[]) : [];
    const key = exchange.name.startsWith('bad password') ? 'wrong' : (odoo.settings['api-token'] ?? '');
    const placed = called.service === 'common' ? [] : [odoo.settings.account ?? '', uid ?? 0, key, ...rest];
    const answer = await send(exchange, { ...envelope, params: { ...called, args: placed } }, {});
    const [given, expected] = [objectOf(parseJson(answer.text)), objectOf(exchange.response.body)];
    expect(answer.status).toBe(200);
    expect(shapeOf(given.result ?? null)).toEqual(shapeOf(expected.result ?? null));
    expect(shapeOf(objectOf(given.error).data ?? null)).toEqual(shapeOf(objectOf(expected.error).data ?? null));
  });
});

describe('a careless client', () => {
  beforeEach(async () => {
    odoo = await startOdoo();
  });
  afterEach(() => odoo.close());

  async function call(model: string, method: string, body: JsonObject) {
    const exchange = { request: { method: 'POST', path: `/json/2/${model}/${method}`, body } };
    const headers = { authorization: `Bearer ${odoo.settings['api-token'] ?? ''}` };
    const answer = await send({ ...exchange, name: '', response: { status: 0, body: null } }, body, headers);
    return { status: answer.status, body: parseJson(answer.text) };
  }
  const partner = (id: string, name: string) =>
    call('res.partner', 'load', { fields: ['id', 'name'], data: [[id, name]] });

  it('doubles lines that have no external id, and is taxed where it says nothing of taxes', async () => {
    await partner('x.p', 'Ada');
    const fields = [
      'id',
      'move_type',
      'partner_id/id',
      'invoice_line_ids/name',
      'invoice_line_ids/price_unit',
      'invoice_line_ids/quantity',
    ];
    const data = [['x.i', 'out_invoice', 'x.p', 'Premium', '100', '1']];
    await call('account.move', 'load', { fields, data });
    await call('account.move', 'load', { fields, data });
    expect(odoo.database.rows('account.move')).toMatchObject([{ amount_total: 230 }]);
  });

  it('makes a second record when it creates instead of loading, and that shows', async () => {
    await partner('socotra_sync.p-pty-1', 'Ada');
    await call('res.partner', 'create', { vals_list: [{ name: 'Ada' }] });
    expect(odoo.records().map(({ key }) => key)).toEqual(['p-pty-1', expect.stringMatching(/^without-external-id-/)]);
  });

  it('meets others that load the same new external id', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => partner('socotra_sync.p-pty-1', 'Ada')));
    const saved = answers.filter(({ body }) => objectOf(body).ids !== false);
    expect(saved.length).toBeLessThan(answers.length);
    expect(odoo.records()).toHaveLength(1);
    expect(JSON.stringify(answers)).toContain('could not serialize access due to concurrent update');
  });

  it.each<[string, string, string, JsonObject, number, string]>([
    [
      'a JSON boolean in a cell',
      'res.partner',
      'load',
      { fields: ['name', 'active'], data: [['x', true]] },
      500,
      'AttributeError',
    ],
    ['an unknown column', 'res.partner', 'load', { fields: ['nope'], data: [['x']] }, 500, "Invalid field name 'nope'"],
    ['ids on a method of the model', 'res.partner', 'create', { ids: [1], vals_list: [] }, 422, 'with ids'],
    ['an unknown argument', 'res.partner', 'search', { domain: [], nope: 1 }, 422, 'unexpected keyword'],
    [
      'a space in an external id',
      'res.partner',
      'load',
      { fields: ['id', 'name'], data: [['x.a b', 'x']] },
      200,
      'space',
    ],
    [
      'an American date',
      'crm.lead',
      'load',
      { fields: ['name', 'date_deadline'], data: [['x', '01/02/2026']] },
      200,
      'valid date',
    ],
    [
      'a currency that is not active',
      'account.move',
      'load',
      { fields: ['currency_id'], data: [['EUR']] },
      200,
      'No matching record',
    ],
    [
      'a state nobody knows',
      'project.task',
      'load',
      { fields: ['name', 'state'], data: [['x', 'open']] },
      200,
      'not found in selection',
    ],
  ])('is refused %s', async (_what, model, method, body, status, words) => {
    const answer = await call(model, method, body);
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(words);
  });
});
