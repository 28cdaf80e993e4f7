import type { Asked, Target } from '../connector.js';
import { authorizedRequest, bearer } from '../kit/authorized-request.js';
import { type JsonObject, parseObject } from '../kit/json.js';
import { failureOf } from './hubspot.classify.js';
import { DEFAULT_API_URL } from './hubspot.fields.js';

/** HubSpot's dated API version: supported for 18 months from its release on 8 September 2026. The one place to change it. */
const VERSION = '2026-09';

/** How many inputs one call for objects or properties takes. */
export const BATCH_SIZE = 100;

/** Name of an object type in paths: `contacts`, or `2-123` for a custom object. */
export type ObjectType = string;

/** A record of HubSpot's: ids are unique within one object type only. */
export interface ObjectRef {
  readonly type: ObjectType;
  readonly id: string;
}

export const PATHS = {
  account: `/account-info/${VERSION}/details`,
  schemas: `/crm-object-schemas/${VERSION}/schemas`,
  properties: (type: ObjectType) => `/crm/properties/${VERSION}/${type}`,
  propertyGroups: (type: ObjectType) => `/crm/properties/${VERSION}/${type}/groups`,
  newProperties: (type: ObjectType) => `/crm/properties/${VERSION}/${type}/batch/create`,
  pipelines: (type: ObjectType) => `/crm/pipelines/${VERSION}/${type}`,
  stages: (type: ObjectType, pipelineId: string) => `/crm/pipelines/${VERSION}/${type}/${pipelineId}/stages`,
  objects: (type: ObjectType, action: 'upsert' | 'read' | 'create' | 'update' | 'archive') =>
    `/crm/objects/${VERSION}/${type}/batch/${action}`,
  associate: (from: ObjectType, to: ObjectType) => `/crm/associations/${VERSION}/${from}/${to}/batch/associate/default`,
  associated: (from: ObjectType, to: ObjectType) => `/crm/associations/${VERSION}/${from}/${to}/batch/read`,
  associationTypes: (from: ObjectType, to: ObjectType) => `/crm/associations/${VERSION}/${from}/${to}/labels`,
} as const;

/** What the target id of a delivered record looks like: `contacts/512`. */
export function targetIdOf({ type, id }: ObjectRef): string {
  return `${type}/${id}`;
}

export function refOf(targetId: string | undefined): ObjectRef | undefined {
  const [type, id, ...rest] = (targetId ?? '').split('/');
  return type && id && rest.length === 0 ? { type, id } : undefined;
}

export function read(target: Target, path: string): Promise<Asked<JsonObject>> {
  return ask(target, 'GET', path);
}

/** @returns the answer's body; after a 207 it names what went wrong with single inputs */
export function post(target: Target, path: string, body: JsonObject): Promise<Asked<JsonObject>> {
  return ask(target, 'POST', path, body);
}

async function ask(
  target: Target,
  method: 'GET' | 'POST',
  path: string,
  body?: JsonObject,
): Promise<Asked<JsonObject>> {
  const { 'api-token': token = '', 'api-url': url = DEFAULT_API_URL } = target.settings;
  const asked = await authorizedRequest(target, bearer(token.trim()), ({ headers }) => ({
    method,
    url: `${url.trim().replace(/\/+$/, '')}${path}`,
    headers: { ...headers, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }));
  if (!asked.ok) return asked;
  const response = asked.value;
  const failure = failureOf(response, target.now());
  if (failure !== undefined) return { ok: false, failure };
  return { ok: true, value: (response.kind === 'answer' && parseObject(response.body)) || {} };
}
