import { randomBytes } from 'node:crypto';
import { Faults } from '../../http/faults.ts';
import { isObject, objectsOf, textOf, tryParseJson, type JsonObject } from '../../http/json.ts';
import {
  jsonListener,
  listenOnLoopback,
  type LoopbackServer,
  type ReceivedRequest,
  type Reply,
} from '../../http/loopback-server.ts';
import type { StoryTime } from '../../story/story-time.ts';
import type { StandInRequest } from '../target-stand-in.ts';
import { CrmStore, type WriteResult } from './crm-store.ts';
import { RestAccess } from './rest-access.ts';
import { isSigned } from './signature.ts';

const PATH = '/records';
const TOKEN_PATH = '/oauth/token';

/** A record that this CRM refuses on request while it takes the others of the same call. */
export interface RecordRefusal {
  /** Absent: of any kind. */
  readonly kind?: string;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly times: number;
}

/** What the CRM noticed and a careful sender avoids. */
export interface Anomalies {
  unauthorised: number;
  unsigned: number;
  malformed: number;
  /** Requests that were sent again with a known `Idempotency-Key`: answered from memory, nothing written. */
  repeated: number;
}

/** A small CRM that speaks the push contract of the generic REST target and keeps what it was sent. */
export interface RestCrm {
  readonly server: LoopbackServer;
  /** What the tenant enters as `api-url`. */
  readonly apiUrl: string;
  /** What the tenant enters as `token-url`, if it prefers OAuth to the token. */
  readonly tokenUrl: string;
  readonly apiToken: string;
  readonly access: RestAccess;
  readonly signingSecret: string;
  readonly store: CrmStore;
  readonly faults: Faults;
  readonly anomalies: Anomalies;
  /** In the order in which they were answered. */
  readonly requests: readonly StandInRequest[];
  /** Kinds that the sender may not write. */
  readonly forbiddenKinds: Set<string>;
  /** Keys of records that are refused for good. */
  readonly refusedKeys: Set<string>;
  refuse(refusal: RecordRefusal): void;
}

/**
 * @param time story time, in which the sender lives
 * @param onChange called after every request that may have changed something
 */
export async function startRestCrm(
  time: Pick<StoryTime, 'now' | 'beforeMove'>,
  onChange: () => void,
): Promise<RestCrm> {
  const access = new RestAccess();
  const signingSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const store = new CrmStore();
  const faults = new Faults();
  const anomalies: Anomalies = { unauthorised: 0, unsigned: 0, malformed: 0, repeated: 0 };
  const refusals: { readonly refusal: RecordRefusal; left: number }[] = [];
  const answers = new Map<string, Reply>();
  const requests: StandInRequest[] = [];
  const forbiddenKinds = new Set<string>();
  const refusedKeys = new Set<string>();

  const writeRecord = (record: JsonObject): WriteResult => {
    if (refusedKeys.has(textOf(record.key))) {
      return { key: textOf(record.key), status: 'failed', code: 'invalid', message: 'invalid', retryable: false };
    }
    const refused = refusals.find(({ refusal, left }) => left > 0 && (refusal.kind ?? record.kind) === record.kind);
    if (refused === undefined) return store.write(record, time.now());
    refused.left -= 1;
    const { code, message, retryable } = refused.refusal;
    return { key: textOf(record.key), status: 'failed', code, message, retryable };
  };

  const push = (request: ReceivedRequest): Reply => {
    // A request that was on its way when the story moved on carries the time of before.
    if (![time.now(), time.beforeMove()].some((nowMs) => isSigned(request, signingSecret, nowMs)))
      return counted(anomalies, 'unsigned', 401, 'signature missing or wrong');
    const body = tryParseJson(request.body);
    if (!isObject(body)) return counted(anomalies, 'malformed', 400, 'the body is not a JSON object');
    if (body.type === 'ping' || body.type === 'disconnected') return { status: 200, body: {} };
    const records = objectsOf(body.records);
    const idempotencyKey = request.headers['idempotency-key'];
    if (records.length === 0 || idempotencyKey === undefined) {
      return counted(anomalies, 'malformed', 400, 'records and Idempotency-Key are needed');
    }
    if (records.some(({ kind }) => forbiddenKinds.has(textOf(kind)))) {
      return { status: 403, body: { message: 'not allowed to write this kind' } };
    }
    const remembered = answers.get(idempotencyKey);
    if (remembered !== undefined) {
      anomalies.repeated += 1;
      return remembered;
    }
    const results = records.map(writeRecord);
    const reply: Reply = { status: 200, body: { results: results.map((result) => ({ ...result })) } };
    // A refusal that may be repeated is no final answer to remember.
    if (!results.some((result) => result.retryable === true)) answers.set(idempotencyKey, reply);
    return reply;
  };

  const answer = async (request: ReceivedRequest): Promise<Reply> => {
    if (request.path === TOKEN_PATH) return access.grant(new URLSearchParams(request.body));
    if (!access.accepts(request.headers.authorization)) {
      return counted(anomalies, 'unauthorised', 401, 'token missing or wrong');
    }
    if (request.path === PATH && request.method === 'POST') return push(request);
    if (request.path === PATH && request.method === 'GET') {
      return { status: 200, body: store.records.map((record) => ({ ...record })) };
    }
    return { status: 404, body: { message: 'not found' } };
  };

  const server = await listenOnLoopback(
    jsonListener(async (request) => {
      const reply = await faults.around(request, () => answer(request));
      const { method, path } = request;
      requests.push({ method, path, atMs: time.now(), status: reply === 'hang-up' ? 'cut' : reply.status });
      onChange();
      return reply;
    }),
  );
  return {
    server,
    apiUrl: server.url + PATH,
    tokenUrl: server.url + TOKEN_PATH,
    apiToken: access.apiToken,
    access,
    signingSecret,
    store,
    faults,
    anomalies,
    requests,
    forbiddenKinds,
    refusedKeys,
    refuse: (refusal) => refusals.push({ refusal, left: refusal.times }),
  };
}

function counted(anomalies: Anomalies, kind: keyof Anomalies, status: number, message: string): Reply {
  anomalies[kind] += 1;
  return { status, body: { message } };
}
