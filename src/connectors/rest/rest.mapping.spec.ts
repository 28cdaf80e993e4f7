import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import { fakeTarget } from '../../../test/support/fake-target.ts';
import type { CanonicalRecord } from '../../records/canonical-record.js';
import { RECORD_KIND_NAMES } from '../../records/record-kinds.js';
import { pingBody, pushBody } from './rest.mapping.js';

type Json = Readonly<Record<string, unknown>>;

const ROOT = new URL('../../../', import.meta.url);
/** The published description of the body; it is a JSON object with `$defs`. */
const SCHEMA = readJson('docs/rest-record.schema.json') as { readonly $defs: Record<string, { properties: Json }> };
const isBody = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(SCHEMA);

/** It is only looked at: a request would fail. */
const TARGET = fakeTarget().target;

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'));
}

function pushed(record: CanonicalRecord): Json {
  const delivery = deliveryOf(record);
  return JSON.parse(pushBody([delivery], delivery.deliveryId, TARGET)) as Json;
}

function problemsOf(body: unknown): readonly string[] {
  return isBody(body) ? [] : (isBody.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the body of a push', () => {
  it('has exactly these members', () => {
    expect(pushed(FULL_RECORDS.payment)).toEqual({
      specVersion: '1',
      deliveryId: 'd-p-pay-1',
      tenant: 'abc123',
      environment: 'production',
      records: [
        {
          kind: 'payment',
          op: 'upsert',
          key: 'p-pay-1',
          locator: '100004200',
          revision: '2024-05-21T15:30:00.450Z#1',
          fields: FULL_RECORDS.payment.fields,
          relations: [{ name: 'policyholder', kind: 'party', key: 'p-pty-77' }],
          event: {
            id: '645e1c3d-d8b7-5b92-94ba-35c68cb69e1a',
            type: 'policy.issue',
            occurredAt: '2024-05-21T15:30:00.450Z',
          },
        },
      ],
    });
  });

  it('leaves out what is missing and keeps what is null', () => {
    const record: CanonicalRecord = { ...FULL_RECORDS.claim, fields: { number: '1', cause: null } };
    expect(pushed(record).records).toMatchObject([{ fields: { number: '1', cause: null } }]);
    expect(JSON.stringify(pushed(record))).toContain('"fields":{"number":"1","cause":null}');
  });
});

it('a push of several records has all of them in their order, under an id of its own', () => {
  const deliveries = [FULL_RECORDS.party, FULL_RECORDS.policy, FULL_RECORDS.payment].map((record) =>
    deliveryOf(record),
  );
  const body = JSON.parse(pushBody(deliveries, 'of all', TARGET)) as Json;
  expect(body.deliveryId).toBe('of all');
  expect(body.records).toEqual(deliveries.flatMap(({ record }) => pushed(record).records));
  expect(problemsOf(body)).toEqual([]);
});

describe('the published schema', () => {
  it.each(RECORD_KIND_NAMES)('takes a full %s, a void one and one without any field', (kind) => {
    const record: CanonicalRecord = FULL_RECORDS[kind];
    expect(problemsOf(pushed(record))).toEqual([]);
    expect(problemsOf(pushed({ ...record, op: 'void', relations: [] }))).toEqual([]);
    expect(problemsOf(pushed({ ...record, fields: {} } as CanonicalRecord))).toEqual([]);
  });

  it.each(RECORD_KIND_NAMES)('knows every field of %s and no other', (kind) => {
    const { fields } = SCHEMA.$defs[kind]?.properties ?? {};
    const described = Object.keys((fields as { properties: Json }).properties);
    expect(described.sort()).toEqual([...new Set([...Object.keys(FULL_RECORDS[kind].fields), 'custom'])].sort());
  });

  it.each(readdirSync(new URL('test/golden/', ROOT)))('takes what the translators make of %s', (name) => {
    const golden = readJson(`test/golden/${name}`) as { readonly records?: readonly CanonicalRecord[] };
    for (const record of golden.records ?? []) expect(problemsOf(pushed(record))).toEqual([]);
  });

  it('takes a ping', () => {
    expect(problemsOf(JSON.parse(pingBody(TARGET)))).toEqual([]);
  });

  const good = pushed(FULL_RECORDS.policy);
  const [record] = good.records as readonly Json[];
  const { environment: _environment, ...withoutEnvironment } = good;
  const withRecord = (parts: Json): Json => ({ ...good, records: [{ ...record, ...parts }] });
  const withFields = (parts: Json): Json => withRecord({ fields: { number: '1', ...parts } });

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['another version', { ...good, specVersion: '2' }],
    ['an unknown member', { ...good, extra: 1 }],
    ['a missing member', withoutEnvironment],
    ['another environment', { ...good, environment: 'test' }],
    ['no records', { ...good, records: [] }],
    ['a ping with records', { ...good, type: 'ping' }],
    ['a ping without tenant', { specVersion: '1', type: 'ping', environment: 'production' }],
    ['an unknown kind', withRecord({ kind: 'deal' })],
    ['the key of another kind', withRecord({ key: 'p-inv-1' })],
    ['a key with a slash', withRecord({ key: 'p-pol-1/2' })],
    ['a key that is too long', withRecord({ key: `p-pol-${'1'.repeat(59)}` })],
    ['another operation', withRecord({ op: 'delete' })],
    ['a revision without sequence', withRecord({ revision: '2024-05-21T15:30:00.450Z' })],
    ['an unknown field', withFields({ premium: '1.00' })],
    ['a field of another kind', withFields({ lossDate: '2024-05-21' })],
    ['money as a number', withFields({ taxes: 90.75 })],
    ['money with one decimal', withFields({ taxes: '90.7' })],
    ['a day with a time', withFields({ effectiveDate: '2024-06-01T00:00:00.000Z' })],
    ['a day that is none', withFields({ effectiveDate: '2024-13-01' })],
    ['an instant with an offset', withFields({ issuedAt: '2024-05-21T15:30:00+02:00' })],
    ['another status', withFields({ status: 'active' })],
    ['a currency in words', withFields({ currency: 'dollars' })],
    ['a custom value that is a number', withFields({ custom: { a: 1 } })],
    ['a relation without key', withRecord({ relations: [{ name: 'policyholder', kind: 'party' }] })],
    ['an event without time', withRecord({ event: { id: 'e', type: 'policy.issue' } })],
  ])('refuses %s', (_what, body) => {
    expect(problemsOf(good)).toEqual([]);
    expect(problemsOf(body)).not.toEqual([]);
  });
});
