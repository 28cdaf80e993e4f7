import { readFileSync } from 'node:fs';
import { answered, fakeTarget } from '../../../test/support/fake-target.ts';
import type { HttpResponse } from '../../http/exchange.js';
import { askRpcVersion, askWebVersion, type Odoo, odooAt, type Transport } from './odoo.api.js';
import { classifyOdoo } from './odoo.classify.js';
import { type Cells, loadRows, type OdooRow } from './odoo.load.js';

/** What was exchanged with real servers: our client must ask the same and understand the answers. */

interface Exchange {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

const KEY = '<redacted>';

function recorded(file: string): ReadonlyMap<string, Exchange> {
  const path = new URL(`../../../test/fixtures/targets/odoo/${file}`, import.meta.url);
  // Safe: the recordings are files of ours, and a missing member fails the test that needs it.
  const { exchanges } = JSON.parse(readFileSync(path, 'utf8')) as { exchanges: readonly Exchange[] };
  return new Map(exchanges.map((exchange) => [exchange.name, exchange]));
}

function responseOf({ response: { status, headers, body } }: Exchange): HttpResponse {
  const lowerCased = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return answered(status, body, Object.fromEntries(lowerCased));
}

/** Gives the recorded answer to whatever is asked, and keeps the question. */
function targetOf(exchange: Exchange, account: string) {
  const settings = { 'api-url': 'https://odoo.test/', 'api-token': KEY, account };
  return fakeTarget({ settings, answers: () => responseOf(exchange) });
}

const partner = (key: string, name: string, email: string, ref: string): OdooRow => ({
  cells: { id: `socotra_sync.${key}`, name, email, company_type: 'person', ref },
});
const GRACE = partner('rec_ph_1', 'Grace Hopper', 'grace@example.com', 'rec-1');
const GRACE_M = partner('rec_ph_1', 'Grace M. Hopper', 'grace@example.com', 'rec-1');

const lead = (key: string, name: string, party: string, more: Cells): OdooRow => ({
  cells: { id: key, name, 'partner_id/id': party, type: 'opportunity', ...more },
});

function invoice(premium: string): OdooRow {
  const line = (number: number, name: string, price: string): Cells => ({
    'invoice_line_ids/id': `socotra_sync.rec_inv_1_l${number}`,
    'invoice_line_ids/name': name,
    'invoice_line_ids/quantity': '1',
    'invoice_line_ids/price_unit': price,
  });
  return {
    cells: {
      id: 'socotra_sync.rec_inv_1',
      move_type: 'out_invoice',
      'partner_id/id': 'socotra_sync.rec_ph_1',
      invoice_date: '2026-11-20',
      ref: 'REC-INV-1',
    },
    lines: [line(1, 'Premium', premium), line(2, 'Policy fee', '10.00')],
  };
}

type Ask = (odoo: Odoo) => Promise<unknown>;

const load = (model: string, ...rows: readonly OdooRow[]): Ask => {
  return (odoo) => loadRows(odoo, model, rows);
};
const call = (...parts: Parameters<Odoo['call']>): Ask => {
  return (odoo) => odoo.call(...parts);
};
const ok = (value: unknown) => ({ ok: true, value });
const failed = (failure: object) => ({ ok: false, failure: expect.objectContaining(failure) as object });
const search = (model: string, domain: unknown, fields: readonly string[]): Ask => {
  return call({ model, method: 'search_read', args: { domain }, options: { fields } });
};

const OUTCOME_POSTED = failed({ outcome: 'rejected', code: 'posted_move' });
const DANGLING = lead('socotra_sync.rec_q_2', 'Quote', 'socotra_sync.rec_nope', {});

describe('Odoo 19 over JSON-2', () => {
  const exchanges = recorded('recorded-odoo19-json2.json');
  it.each<[string, Ask, unknown]>([
    [
      'ping: context_get',
      call({ model: 'res.users', method: 'context_get' }),
      ok({ lang: 'en_US', tz: false, uid: 2 }),
    ],
    [
      'ping with bad key',
      call({ model: 'res.users', method: 'context_get' }),
      failed({ outcome: 'auth', code: 'target_unauthorized' }),
    ],
    ['upsert partner: create', load('res.partner', GRACE), ok([282])],
    ['upsert partner: same external id updates', load('res.partner', GRACE_M), ok([282])],
    [
      'read back',
      search('res.partner', [['ref', '=', 'rec-1']], ['name', 'email', 'ref', 'is_company']),
      ok([expect.objectContaining({ id: 282, name: 'Grace M. Hopper' })]),
    ],
    [
      'batch with one bad row: nothing saved, HTTP 200',
      load('res.partner', partner('rec_ph_2', 'Good', '', 'rec-2'), partner('rec_ph_3', '', '', 'rec-3')),
      failed({ outcome: 'rejected', code: 'record_refused' }),
    ],
    [
      'relation by external id missing: HTTP 200 with message',
      load('crm.lead', DANGLING),
      failed({ outcome: 'dependency', code: 'related_record_missing' }),
    ],
    [
      'opportunity upsert',
      load(
        'crm.lead',
        lead('socotra_sync.rec_q_1', 'Quote R1', 'socotra_sync.rec_ph_1', { expected_revenue: '1200.5' }),
      ),
      ok([6]),
    ],
    ['invoice upsert (2 lines with external ids)', load('account.move', invoice('300.00')), ok([8])],
    ['invoice upsert again: lines updated, not duplicated', load('account.move', invoice('350.00')), ok([8])],
    ['post', call({ model: 'account.move', method: 'action_post', ids: [8] }), ok(false)],
    [
      'post again: 422',
      call({ model: 'account.move', method: 'action_post', ids: [8] }),
      failed({ code: 'user_error' }),
    ],
    ['upsert a posted invoice: HTTP 200 with message', load('account.move', invoice('400.00')), OUTCOME_POSTED],
    [
      'invoice after payment',
      search('account.move', [['id', '=', 8]], ['name', 'state', 'amount_total', 'amount_residual', 'payment_state']),
      ok([expect.objectContaining({ amount_residual: 260, payment_state: 'partial' })]),
    ],
    [
      'missing record: 404',
      call({ model: 'res.partner', method: 'write', ids: [999999], args: { vals: { name: 'z' } } }),
      failed({ outcome: 'dependency', code: 'record_missing' }),
    ],
    [
      'unknown model: 404',
      call({ model: 'no.model', method: 'search', args: { domain: [] } }),
      failed({ code: 'model_missing' }),
    ],
    [
      'unknown field: HTTP 500',
      call({ model: 'res.partner', method: 'create', args: { vals_list: [{ nosuch: 1, name: 'x' }] } }),
      failed({ outcome: 'rejected', code: 'unknown_field', field: 'nosuch' }),
    ],
  ])('%s', async (name, ask, expected) => {
    const exchange = exchangeOf(exchanges, name);
    const { target, sent } = targetOf(exchange, 'o19');
    expect(await ask(odooAt(target, { way: 'json2' }))).toEqual(expected);
    expect(sent).toEqual([
      {
        method: exchange.request.method,
        url: `https://odoo.test${exchange.request.path}`,
        headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'x-odoo-database': 'o19' },
        body: expect.any(String),
      },
    ]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(exchange.request.body);
  });

  it('the version is asked without credentials', async () => {
    const exchange = exchangeOf(exchanges, 'version (no auth)');
    const { target, sent } = targetOf(exchange, 'o19');
    expect(classifyOdoo(await askWebVersion(target), 0)).toBeUndefined();
    const headers = { 'content-type': 'application/json' };
    expect(sent).toEqual([{ method: 'GET', url: 'https://odoo.test/web/version', headers }]);
  });
});

describe('Odoo 17 over JSON-RPC', () => {
  const exchanges = recorded('recorded-odoo17-jsonrpc.json');
  const transport: Transport = { way: 'jsonrpc', uid: 2 };
  it.each<[string, Ask, unknown]>([
    ['ping', call({ model: 'res.users', method: 'context_get' }), ok({ lang: 'en_US', tz: false, uid: 2 })],
    [
      'bad password: HTTP 200 + error',
      call({ model: 'res.users', method: 'context_get' }),
      failed({ outcome: 'auth', code: 'target_unauthorized' }),
    ],
    ['upsert create', load('res.partner', GRACE), ok([11])],
    ['upsert update', load('res.partner', GRACE_M), ok([11])],
    ['bad row', load('res.partner', partner('rec_ph_3', '', '', 'rec-3')), failed({ code: 'record_refused' })],
    ['invoice upsert', load('account.move', invoice('300.00')), ok([1])],
    ['invoice upsert again', load('account.move', invoice('350.00')), ok([1])],
    [
      'invoice read',
      search('account.move', [['ref', '=', 'REC-INV-1']], ['name', 'state', 'amount_total', 'invoice_line_ids']),
      ok([expect.objectContaining({ amount_total: 360 })]),
    ],
    [
      'missing record',
      call({ model: 'res.partner', method: 'write', ids: [999999], args: { vals: { name: 'z' } } }),
      failed({ outcome: 'dependency' }),
    ],
    [
      'unknown model',
      call({ model: 'no.model', method: 'search', args: { domain: [] } }),
      failed({ code: 'model_missing' }),
    ],
  ])('%s', async (name, ask, expected) => {
    const exchange = exchangeOf(exchanges, name);
    const { target, sent } = targetOf(exchange, 'o17');
    expect(await ask(odooAt(target, transport))).toEqual(expected);
    expect(sent).toEqual([
      {
        method: 'POST',
        url: 'https://odoo.test/jsonrpc',
        headers: { 'content-type': 'application/json' },
        body: expect.any(String),
      },
    ]);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(exchange.request.body);
  });

  it('the version is asked without credentials', async () => {
    const exchange = exchangeOf(exchanges, 'version');
    const { target, sent } = targetOf(exchange, 'o17');
    expect(await askRpcVersion(target)).toEqual(ok(expect.objectContaining({ server_version: '17.0' })));
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual(exchange.request.body);
  });
});

function exchangeOf(exchanges: ReadonlyMap<string, Exchange>, name: string): Exchange {
  const exchange = exchanges.get(name);
  if (exchange === undefined) throw new Error(`Nothing was recorded as "${name}".`);
  return exchange;
}
