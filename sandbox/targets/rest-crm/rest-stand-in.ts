import { isObject, objectsOf, textOf, tryParseJson } from '../../http/json.ts';
import type { ReceivedRequest } from '../../http/loopback-server.ts';
import type { StandInFaults, StandInOptions, StandInRecord, TargetStandIn } from '../target-stand-in.ts';
import type { CrmRecord } from './crm-store.ts';
import { startRestCrm, type RestCrm } from './rest-crm.ts';

export interface RestOptions extends StandInOptions {
  /** How its users prove themselves; default: a token. */
  readonly auth?: 'bearer' | 'oauth2-client-credentials';
  /** Records in one request at most; default: left empty in the form. */
  readonly batchSize?: number;
  /** Where time makes leaps: the moment before the latest one, by which a request under way is signed. */
  readonly beforeMove?: () => number;
}

/** The CRM behind the generic REST target, as any other stand-in. */
export async function startRest(options: RestOptions = {}): Promise<TargetStandIn & { readonly crm: RestCrm }> {
  const { now = Date.now, onChange = () => undefined, auth = 'bearer', batchSize, beforeMove = now } = options;
  const crm = await startRestCrm({ now, beforeMove }, onChange);
  const { access, store } = crm;
  const credentials: Readonly<Record<string, string>> =
    auth === 'bearer'
      ? { 'api-token': access.apiToken }
      : { 'token-url': crm.tokenUrl, 'client-id': access.clientId, 'client-secret': access.clientSecret };
  return {
    id: 'rest',
    crm,
    hosts: [crm.server.host],
    settings: {
      'api-url': crm.apiUrl,
      auth,
      ...credentials,
      'signing-secret': crm.signingSecret,
      ...(batchSize !== undefined && { 'batch-size': String(batchSize) }),
    },
    faults: faultsOf(crm),
    records: () => store.records.map(standInRecordOf),
    requests: () => crm.requests,
    deleteRecord: (key) => store.remove(key),
    close: () => crm.server.close(),
  };
}

function faultsOf({ faults, access, forbiddenKinds, refusedKeys, refuse }: RestCrm): StandInFaults {
  const writes = { path: '/records', method: 'POST', when: carriesRecords };
  return {
    cutAfterCommit: (times = 1) => faults.add({ ...writes, times, cutAfterCommit: true }),
    answerWith: ({ status, headers = {}, body = '' }, times = 1) =>
      faults.add({ ...writes, times, status, headers, text: body }),
    throttle: (seconds, times = 1) => {
      const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
      faults.add({ ...writes, times, status: 429, headers });
    },
    serverError: (times = 1) => faults.add({ ...writes, times, status: 503 }),
    lock: (times = 1) => {
      const refusal = { code: 'locked', message: 'in use by somebody else', retryable: true };
      refuse({ ...refusal, times });
    },
    expireTokens: () => access.expire(),
    revokeCredentials: () => access.revoke(),
    restoreCredentials: () => access.restore(),
    forbid: (kind) => void forbiddenKinds.add(kind),
    refuseRecord: (key) => void refusedKeys.add(key),
  };
}

function carriesRecords({ body }: ReceivedRequest): boolean {
  const json = tryParseJson(body);
  return isObject(json) && objectsOf(json.records).length > 0;
}

export function standInRecordOf({ kind, key, op, fields, relations }: CrmRecord): StandInRecord {
  return {
    kind,
    key,
    id: `crm-${key}`,
    fields: { ...fields, ...(op !== 'upsert' && { op }) },
    tiedTo: relations.map((relation) => textOf(relation.key)).toSorted(),
  };
}
