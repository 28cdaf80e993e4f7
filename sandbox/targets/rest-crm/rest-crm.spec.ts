import { Webhook } from 'standardwebhooks';
import { objectOf, objectsOf, tryParseJson, type JsonObject } from '../../http/json.ts';
import { startRestCrm, type RestCrm } from './rest-crm.ts';

const NOW = Date.parse('2024-06-01T12:00:00Z');
const LONG_BEFORE = Date.parse('2024-05-01T12:00:00Z');
const RECORD = {
  kind: 'policy',
  op: 'upsert',
  key: 's-pol-1',
  locator: '1',
  revision: '2024-06-01#1',
  fields: { number: '1' },
};

let crm: RestCrm;

beforeEach(async () => {
  crm = await startRestCrm({ now: () => NOW, beforeMove: () => LONG_BEFORE }, () => undefined);
});
afterEach(() => crm.server.close());

interface Sent {
  readonly body?: JsonObject | string;
  readonly id?: string;
  readonly token?: string;
  readonly secret?: string;
  readonly sentMs?: number;
}

async function send({ body = { records: [RECORD] }, id = 'd1', token, secret, sentMs = NOW }: Sent = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const sentAt = new Date(sentMs);
  const response = await fetch(crm.apiUrl, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? crm.apiToken}`,
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(sentMs / 1000)),
      'webhook-signature': new Webhook(secret ?? crm.signingSecret).sign(id, sentAt, text),
    },
    body: text,
  });
  const results = objectsOf(objectOf(tryParseJson(await response.text())).results);
  return { status: response.status, results: results.map((result) => result.status) };
}

const record = (parts: JsonObject): JsonObject => ({ records: [{ ...RECORD, ...parts }] });

describe('the CRM stand-in', () => {
  it.each<[string, Sent, number, Partial<RestCrm['anomalies']>]>([
    ['a good request', {}, 200, {}],
    ['a ping', { body: { specVersion: '1', type: 'ping' } }, 200, {}],
    ['a wrong token', { token: 'wrong' }, 401, { unauthorised: 1 }],
    [
      'a wrong signature',
      { secret: `whsec_${Buffer.from('another secret').toString('base64')}` },
      401,
      { unsigned: 1 },
    ],
    ['an old signature', { sentMs: NOW - 6 * 60_000 }, 401, { unsigned: 1 }],
    ['no JSON', { body: 'records' }, 400, { malformed: 1 }],
    ['no records', { body: { records: [] } }, 400, { malformed: 1 }],
  ])('answers %s', async (_what, sent, status, anomalies) => {
    expect((await send(sent)).status).toBe(status);
    expect(crm.anomalies).toEqual({ unauthorised: 0, unsigned: 0, malformed: 0, repeated: 0, ...anomalies });
  });

  it('upserts by key and keeps what a later write leaves out', async () => {
    expect((await send()).results).toEqual(['created']);
    const later = record({ revision: '2024-06-01#2', fields: { status: 'issued' } });
    expect((await send({ id: 'd2', body: later })).results).toEqual(['updated']);
    expect(crm.store.records).toMatchObject([{ writes: 2, fields: { number: '1', status: 'issued' } }]);
    await send({ id: 'd3', body: record({ revision: '2024-06-01#3', fields: { status: null } }) });
    expect(crm.store.find('s-pol-1')?.fields).toEqual({ number: '1' });
  });

  it('ignores an older revision', async () => {
    await send();
    const older = record({ revision: '2024-06-01#0', fields: { number: 'old' } });
    expect((await send({ id: 'd2', body: older })).results).toEqual(['ignored']);
    expect(crm.store.find('s-pol-1')?.fields).toEqual({ number: '1' });
    expect(crm.store.olderIgnored).toBe(1);
  });

  it('answers a repeated request from memory', async () => {
    expect((await send()).results).toEqual(['created']);
    expect((await send()).results).toEqual(['created']);
    expect([crm.anomalies.repeated, crm.store.writes]).toEqual([1, 1]);
  });

  it('refuses single records on request, and takes them at the next try', async () => {
    crm.refuse({ kind: 'policy', code: 'locked', message: 'locked', retryable: true, times: 1 });
    expect((await send()).results).toEqual(['failed']);
    expect((await send()).results).toEqual(['created']);
  });

  it('can commit without answering', async () => {
    crm.faults.add({ path: '/records', cutAfterCommit: true });
    await expect(send()).rejects.toThrow();
    expect(crm.store.records).toHaveLength(1);
    expect((await send()).results).toEqual(['created']);
    expect(crm.store.writes).toBe(1);
  });

  it('finds doubled records', async () => {
    await send();
    await send({ id: 'd2', body: record({ key: 's-pol-one' }) });
    expect(crm.store.twins()).toEqual(['s-pol-one']);
  });
});
