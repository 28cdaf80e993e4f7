import { randomBytes } from 'node:crypto';
import { Faults } from '../../../sandbox/http/faults.ts';
import {
  isObject,
  objectOf,
  textOf,
  tryParseJson,
  type JsonObject,
  type JsonValue,
} from '../../../sandbox/http/json.ts';
import {
  jsonListener,
  listenOnLoopback,
  type ReceivedRequest,
  type Reply,
} from '../../../sandbox/http/loopback-server.ts';
import type { StandInOptions, StandInRequest, TargetStandIn } from '../../../sandbox/targets/target-stand-in.ts';

interface Card {
  readonly id: string;
  readonly type: string;
  readonly fields: JsonObject;
  readonly under: readonly string[];
}

const KINDS: Readonly<Record<string, string>> = { person: 'party', policy: 'policy', note: 'activity' };
const OWN_FIELDS = /^(?!no_such)/;

/** A Cardfile in memory: `GET /me` and `PUT /cards/<key>`. */
export async function startCardfile({ now = Date.now, onChange }: StandInOptions = {}): Promise<TargetStandIn> {
  const token = randomBytes(24).toString('base64url');
  const cards = new Map<string, Card>();
  const requests: StandInRequest[] = [];
  const faults = new Faults();
  const refused = { all: false, keys: new Set<string>(), types: new Set<string>(), fields: new Set<string>() };

  const put = (key: string, { type, fields, under }: JsonObject): Reply => {
    const known = cards.get(key);
    const parents = Array.isArray(under) ? under.map((one: JsonValue) => textOf(one)) : (known?.under ?? []);
    const wrong = Object.keys(objectOf(fields)).find(
      (name) => !OWN_FIELDS.test(name) || refused.fields.has(`${textOf(type)} ${name}`),
    );
    if (refused.keys.has(key)) return { status: 400, body: { error: 'card_invalid' } };
    if (refused.types.has(textOf(type))) return { status: 403, body: { error: 'type_forbidden' } };
    if (wrong !== undefined) return { status: 422, body: { error: 'field_refused', field: wrong } };
    if (!parents.every((parent) => cards.has(parent))) return { status: 409, body: { error: 'no_such_parent' } };
    const merged = Object.entries({ ...known?.fields, ...objectOf(fields) }).filter(([, value]) => value !== null);
    const id = known?.id ?? `card-${cards.size + 1}`;
    cards.set(key, { id, type: textOf(type), fields: Object.fromEntries(merged), under: parents });
    return { status: 200, body: { id, created: known === undefined } };
  };

  const answer = async ({ method, path, headers, body }: ReceivedRequest): Promise<Reply> => {
    if (refused.all || headers.authorization !== `Bearer ${token}`) return { status: 401, body: {} };
    if (method === 'GET' && path === '/me') return { status: 200, body: { id: 'me' } };
    const card = tryParseJson(body);
    if (method !== 'PUT' || !path.startsWith('/cards/') || !isObject(card)) return { status: 404, body: {} };
    return put(path.slice('/cards/'.length), card);
  };

  const server = await listenOnLoopback(
    jsonListener(async (request) => {
      const reply = await faults.around(request, () => answer(request));
      const { method, path } = request;
      requests.push({ method, path, atMs: now(), status: reply === 'hang-up' ? 'cut' : reply.status });
      onChange?.();
      return reply;
    }),
  );
  const write = { path: '/cards/', method: 'PUT' };
  return {
    id: 'cardfile',
    hosts: [server.host],
    settings: { 'api-url': server.url, 'api-token': token },
    faults: {
      cutAfterCommit: (times = 1) => faults.add({ ...write, times, cutAfterCommit: true }),
      answerWith: ({ status, headers = {}, body = '' }, times = 1) =>
        faults.add({ ...write, times, status, headers, text: body }),
      throttle: (seconds, times = 1) => {
        const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
        faults.add({ ...write, times, status: 429, headers });
      },
      serverError: (times = 1) => faults.add({ ...write, times, status: 500 }),
      lock: (times = 1) => faults.add({ ...write, times, status: 409, body: { error: 'card_in_use' } }),
      expireTokens: () => void (refused.all = true),
      revokeCredentials: () => void (refused.all = true),
      restoreCredentials: () => void (refused.all = false),
      forbid: (kind) => void refused.types.add(typeOf(kind)),
      refuseRecord: (key) => void refused.keys.add(key),
      refuseField: (kind) => {
        const field = kind === 'party' ? 'phone' : 'lastChange';
        refused.fields.add(`${typeOf(kind)} ${field}`);
        return field;
      },
    },
    records: () =>
      [...cards].map(([key, { id, type, fields, under }]) => ({
        kind: KINDS[type] ?? type,
        key,
        id,
        fields,
        tiedTo: under.filter((parent) => cards.has(parent)).toSorted(),
      })),
    requests: () => requests,
    deleteRecord: (key) => void cards.delete(key),
    close: () => server.close(),
  };
}

function typeOf(kind: string): string {
  return Object.entries(KINDS).find(([, one]) => one === kind)?.[0] ?? kind;
}
