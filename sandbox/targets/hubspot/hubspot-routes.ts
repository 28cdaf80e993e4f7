import { objectOf, tryParseJson } from '../../http/json.ts';
import type { ReceivedRequest, Reply } from '../../http/loopback-server.ts';
import type { HubspotAccount, HubspotOptions } from './hubspot-account.ts';
import { associateDefault, readAssociations } from './hubspot-associations-api.ts';
import { errorReply, invalidInput } from './hubspot-errors.ts';
import { HubspotObjectsApi, type Refusal } from './hubspot-objects-api.ts';
import { HubspotSchemaApi } from './hubspot-schema-api.ts';

/** The version that this stand-in answers for; any other path is unknown. */
const VERSION = '2026-09';
const OBJECT_PATH = new RegExp(`^/crm/objects/${VERSION}/([^/]+)/batch/(upsert|create|update|read|archive)$`);
const ASSOCIATION_PATH = new RegExp(
  `^/crm/associations/${VERSION}/([^/]+)/([^/]+)/(batch/associate/default|batch/read|labels)$`,
);
const PROPERTY_PATH = new RegExp(`^/crm/properties/${VERSION}/([^/]+)(/groups|/batch/create)?$`);
const PIPELINE_PATH = new RegExp(`^/crm/pipelines/${VERSION}/([^/]+)(?:/([^/]+)/stages)?$`);

/** Whether the request would change records or their ties. */
export function isWrite({ method, path }: ReceivedRequest): boolean {
  const action = OBJECT_PATH.exec(path)?.[2] ?? ASSOCIATION_PATH.exec(path)?.[3];
  return (
    method === 'POST' && ['upsert', 'create', 'update', 'archive', 'batch/associate/default'].includes(action ?? '')
  );
}

/** The object type whose records the request would write; ties are no records. */
export function writtenType(request: ReceivedRequest): string | undefined {
  return isWrite(request) ? OBJECT_PATH.exec(request.path)?.[1] : undefined;
}

/** Answers as HubSpot's endpoints do. */
export class HubspotRoutes {
  readonly #account: HubspotAccount;
  readonly #schema: HubspotSchemaApi;
  readonly #objects: HubspotObjectsApi;

  constructor(account: HubspotAccount, options: HubspotOptions, refusal: Refusal) {
    this.#account = account;
    this.#schema = new HubspotSchemaApi(account, options);
    this.#objects = new HubspotObjectsApi(account, options, refusal);
  }

  async answer(request: ReceivedRequest): Promise<Reply> {
    const { method, path } = request;
    const parsed = request.body === '' ? {} : tryParseJson(request.body);
    if (parsed === undefined) return errorReply(invalidInput('Invalid input JSON'));
    const body = objectOf(parsed);
    if (method === 'GET' && path === `/account-info/${VERSION}/details`) return this.#details();
    if (path === `/crm-object-schemas/${VERSION}/schemas`) {
      return method === 'POST' ? this.#schema.createSchema(body) : this.#schema.schemas();
    }
    const [, type = '', action = ''] = OBJECT_PATH.exec(path) ?? [];
    if (method === 'POST' && action === 'upsert') return this.#objects.upsert(type, body);
    if (method === 'POST' && action === 'create') return this.#objects.create(type, body);
    if (method === 'POST' && action === 'update') return this.#objects.update(type, body);
    if (method === 'POST' && action === 'read') return this.#objects.read(type, body);
    if (method === 'POST' && action === 'archive') return this.#objects.archive(type, body);
    const [, from = '', to = '', tie = ''] = ASSOCIATION_PATH.exec(path) ?? [];
    if (method === 'POST' && tie === 'batch/associate/default') return associateDefault(this.#account, from, to, body);
    if (method === 'POST' && tie === 'batch/read') return readAssociations(this.#account, from, to, body);
    if (method === 'GET' && tie === 'labels') return this.#schema.associationTypes(from, to);
    const [isProperty, propertyType = '', part = ''] = PROPERTY_PATH.exec(path) ?? [];
    if (isProperty && method === 'GET' && part === '') return this.#schema.properties(propertyType);
    if (isProperty && method === 'POST' && part === '/groups') return this.#schema.createGroup(propertyType, body);
    if (isProperty && method === 'POST' && part !== '') return this.#schema.createProperties(propertyType, body);
    const [isPipeline, pipelineType = '', pipelineId] = PIPELINE_PATH.exec(path) ?? [];
    if (isPipeline && method === 'GET') return this.#schema.pipelines(pipelineType);
    if (isPipeline && method === 'POST') {
      return pipelineId === undefined
        ? this.#schema.createPipeline(pipelineType, body)
        : this.#schema.createStage(pipelineType, pipelineId, body);
    }
    return { status: 404, body: '' };
  }

  #details(): Reply {
    return {
      status: 200,
      body: {
        portalId: this.#account.portalId,
        accountType: 'DEVELOPER_TEST',
        timeZone: 'US/Eastern',
        companyCurrency: 'USD',
        additionalCurrencies: ['EUR'],
        utcOffset: '-04:00',
        utcOffsetMilliseconds: -14_400_000,
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'na1',
      },
    };
  }
}
