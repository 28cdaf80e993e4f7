import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import { type HubspotStandIn, startHubspot } from '../../sandbox/targets/hubspot/hubspot.ts';
import type { Delivery } from '../../src/connectors/connector.js';
import { PATHS } from '../../src/connectors/hubspot/hubspot.api.js';
import { hubspotConnector } from '../../src/connectors/hubspot/hubspot.connector.js';
import type { CanonicalRecord, Relation } from '../../src/records/canonical-record.js';
import { deliveryOf, FULL_RECORDS } from '../support/deliveries.js';
import { type Exchange, loopbackTarget } from '../support/loopback-target.js';

/**
 * Every request that the connector sends, held against HubSpot's own API description. The description is HubSpot's and
 * not licensed for us to pass on: whoever has a copy names its folder in HUBSPOT_SPEC_DIR.
 */
const FOLDER = process.env.HUBSPOT_SPEC_DIR;

/** `/2026-09/`: the collection describes every version that ever was. */
const VERSION = /\/\d{4}-\d{2}\//.exec(PATHS.account)?.[0] ?? '';

const POLICY: Relation = { name: 'policy', kind: 'policy', key: FULL_RECORDS.policy.key, required: true };
const ORGANIZATION: CanonicalRecord = {
  ...FULL_RECORDS.party,
  key: 'p-pty-78',
  fields: { ...FULL_RECORDS.party.fields, type: 'organization', companyName: 'Acme', email: null, address: null },
};
const RECORDS: readonly CanonicalRecord[] = [
  { ...FULL_RECORDS.party, relations: [] },
  { ...ORGANIZATION, relations: [] },
  FULL_RECORDS.quote,
  FULL_RECORDS.policy,
  { ...FULL_RECORDS.claim, relations: [POLICY, ...FULL_RECORDS.claim.relations] },
  { ...FULL_RECORDS.activity, relations: [POLICY, ...FULL_RECORDS.activity.relations] },
];

const ACCOUNTS = [
  { account: 'with custom objects and note keys' },
  { account: 'with neither', customObjects: false, noteKeys: false, multiStatus: false },
  { account: 'with custom objects only', noteKeys: false },
  { account: 'with note keys only', customObjects: false },
];

/** Everything the connector does in the life of an account: Start twice, news, changes, ends, lost ids, refusals, deleted records. */
async function live(standIn: HubspotStandIn): Promise<readonly Exchange[]> {
  const { target, exchanges, close } = loopbackTarget(standIn, hubspotConnector);
  try {
    await hubspotConnector.verify(target);
    await hubspotConnector.ensureSchema?.(target);
    await hubspotConnector.identify?.(target);
    const ids = new Map<string, string>();
    const deliver = async (records: readonly CanonicalRecord[]) => {
      for (const record of records) {
        const [result] = await hubspotConnector.deliver([withIds(deliveryOf(record), ids)], target);
        if (result?.outcome === 'delivered' && result.targetId) ids.set(record.key, result.targetId);
      }
    };
    await deliver(RECORDS);
    await deliver(RECORDS.map((record): CanonicalRecord => ({ ...record, op: 'void' })));
    await hubspotConnector.deliver(
      RECORDS.map((record) => deliveryOf(record)),
      target,
    );
    standIn.faults.refuseField?.('party');
    await deliver(RECORDS.slice(0, 2));
    standIn.deleteRecord(FULL_RECORDS.policy.key);
    await deliver(RECORDS.slice(-2));
    doubleNotes(standIn.account);
    await deliver(RECORDS);
    standIn.account.properties.get('contacts')?.delete('socotra_birth_date');
    standIn.account.pipelines.get('tickets')?.at(-1)?.stages.pop();
    await hubspotConnector.ensureSchema?.(target);
    return exchanges;
  } finally {
    await close();
    await standIn.close();
  }
}

/** As after two writers who were at it at the same moment. */
function doubleNotes(account: HubspotStandIn['account']): void {
  for (const { from, to } of account.associations.filter((tie) => tie.from.type === 'notes')) {
    const properties = account.objects.get('notes')?.get(from.id)?.properties ?? {};
    account.associate({ type: 'notes', id: account.write('notes', account.nextId(), properties).id }, to);
  }
}

function withIds(delivery: Delivery, ids: ReadonlyMap<string, string>): Delivery {
  const targetId = ids.get(delivery.record.key);
  const relatedIds = new Map(
    delivery.record.relations.flatMap(({ key }) => (ids.has(key) ? [[key, ids.get(key) ?? ''] as const] : [])),
  );
  return { ...delivery, relatedIds, ...(targetId !== undefined && { targetId }) };
}

async function descriptionsIn(folder: string): Promise<readonly OpenAPIBackend[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(({ name }) =>
    name.endsWith('.json'),
  );
  const documents = files.flatMap((file): Document[] => {
    const json: unknown = JSON.parse(readFileSync(join(file.parentPath, file.name), 'utf8'));
    if (typeof json !== 'object' || json === null || !('openapi' in json) || !('paths' in json)) return [];
    const isOfThisVersion = Object.keys(json.paths ?? {}).some((path) => path.includes(VERSION));
    // Safe: these two members make it an OpenAPI document; what else is in it the validator reads.
    return isOfThisVersion ? [json as unknown as Document] : [];
  });
  return Promise.all(
    documents.map((definition) =>
      new OpenAPIBackend({
        definition,
        quick: true,
        strict: false,
        ajvOpts: { strict: false, formats: { 'date-time': true } },
      }).init(),
    ),
  );
}

/** What the descriptions find wrong with an exchange; a request that none of them knows is wrong too. */
function problemsOf({ request, response }: Exchange, descriptions: readonly OpenAPIBackend[]): readonly string[] {
  const { method, url, headers = {}, body } = request;
  const path = new URL(url).pathname;
  const sent = { method, path, headers, ...(body !== undefined && { body }) };
  const operations = descriptions.flatMap((api) => {
    const operation = api.matchOperation(sent);
    return operation ? [{ api, operation }] : [];
  });
  if (operations.length === 0) return [`${method} ${path}: no description has it`];
  return operations.flatMap(({ api, operation }) => {
    const answer = successOf(response);
    const errors = [
      ...(api.validateRequest(sent, operation).errors ?? []),
      ...(answer ? (api.validateResponse(answer.body, operation, answer.status).errors ?? []) : []),
    ];
    return errors.map(({ instancePath, message }) => `${method} ${path}: ${instancePath} ${message}`);
  });
}

/** What the stand-in says is HubSpot's way to say it. A 207 is shaped as a success, and not described in this version. */
function successOf(response: Exchange['response']) {
  if (response.kind !== 'answer' || response.status >= 300 || response.status === 204) return undefined;
  const body: unknown = JSON.parse(response.body);
  return { body, status: response.status === 207 ? 200 : response.status };
}

if (FOLDER === undefined) {
  it.skip('needs HUBSPOT_SPEC_DIR, a folder with the API description of HubSpot', () => undefined);
} else {
  const descriptions = await descriptionsIn(FOLDER);

  describe("HubSpot's own description", () => {
    const seen = new Set<string>();

    it.each(ACCOUNTS)('accepts every request to an account $account', async (options) => {
      const exchanges = await live(await startHubspot(options));
      expect(exchanges.flatMap((exchange) => problemsOf(exchange, descriptions))).toEqual([]);
      for (const { request } of exchanges) seen.add(endpointOf(request));
    });

    it('was asked about every endpoint that the connector knows', () => {
      const names = Object.values(PATHS).flatMap((path) => (typeof path === 'string' ? [path] : []));
      const objects = (['upsert', 'read', 'create', 'update', 'archive'] as const).map((action) =>
        PATHS.objects('x', action),
      );
      const others = [PATHS.properties('x'), PATHS.propertyGroups('x'), PATHS.newProperties('x'), PATHS.pipelines('x')];
      const ties = [PATHS.associate('x', 'x'), PATHS.associated('x', 'x'), PATHS.associationTypes('x', 'x')];
      const all = [...names, ...objects, ...others, ...ties, PATHS.stages('x', 'x')];
      expect(all.filter((path) => !seen.has(path))).toEqual([]);
    });

    it('would find a mistake', () => {
      const response = { kind: 'answer', status: 400, headers: {}, body: '' } as const;
      const url = 'https://api.test/crm/objects/2026-09/contacts/batch/upsert';
      const wrong = { method: 'POST', url, headers: {}, body: '{"inputs":[{"properties":{"a":1}}]}' } as const;
      const lost = {
        method: 'POST',
        url: 'https://api.test/crm/v3/objects/contacts',
        headers: {},
        body: '{}',
      } as const;
      for (const request of [wrong, lost]) expect(problemsOf({ request, response }, descriptions)).not.toEqual([]);
    });
  });
}

/** The path with `x` in place of what differs between accounts. */
function endpointOf({ url }: Exchange['request']): string {
  return new URL(url).pathname.replaceAll(/\/(contacts|companies|deals|tickets|notes|\d+|2-\d+)(?=\/|$)/g, '/x');
}
