import { randomBytes } from 'node:crypto';
import { objectOf, objectsOf, tryParseJson } from '../../http/json.ts';
import { jsonListener, listenOnLoopback, type ReceivedRequest, type Reply } from '../../http/loopback-server.ts';
import type { StandInOptions, StandInRecord, StandInRequest, TargetStandIn } from '../target-stand-in.ts';
import { HubspotAccount, type HubspotOptions, type StoredObject, textProperties } from './hubspot-account.ts';
import { rateLimited, unauthorized } from './hubspot-errors.ts';
import { HubspotFaults } from './hubspot-faults.ts';
import { HubspotRoutes, writtenType } from './hubspot-routes.ts';

const KEY = 'socotra_key';
const WINDOW_MS = 10_000;
const NOTE_KEY = /[ps]-act-[A-Za-z0-9_-]+/;

/** HubSpot as its documentation describes it: one account, every property with values in text. */
export interface HubspotStandIn extends TargetStandIn {
  readonly account: HubspotAccount;
}

export async function startHubspot(options: StandInOptions & HubspotOptions = {}): Promise<HubspotStandIn> {
  const token = `pat-na1-${randomBytes(18).toString('hex')}`;
  const account = new HubspotAccount();
  const faults = new HubspotFaults();
  const requests: StandInRequest[] = [];
  const recentMs: number[] = [];
  const now = options.now ?? Date.now;
  const allowed = options.requestsPerTenSeconds ?? 190;
  const refusal = (type: string, properties: Readonly<Record<string, string>>) =>
    faults.problemOf(kindOf(account, type, properties) ?? '', keyOf(type, properties), properties);
  const routes = new HubspotRoutes(account, options, refusal);

  const answer = async (request: ReceivedRequest): Promise<Reply | 'hang-up'> => {
    const fault = faults.take(request);
    if (fault !== undefined && fault !== 'cut after commit') return fault.answer;
    if (request.headers.authorization !== `Bearer ${token}`) return unauthorized('INVALID_AUTHENTICATION');
    const atMs = Date.now();
    while (recentMs[0] !== undefined && recentMs[0] <= atMs - WINDOW_MS) recentMs.shift();
    if (recentMs.length >= allowed) return rateLimited('TEN_SECONDLY_ROLLING');
    recentMs.push(atMs);
    const reply = forbidden(request) ?? (await routes.answer(request));
    return fault === 'cut after commit' ? 'hang-up' : withLimits(reply, allowed, recentMs.length);
  };
  const forbidden = (request: ReceivedRequest): Reply | undefined => {
    const type = writtenType(request);
    const kinds = type === undefined ? [] : kindsIn(account, type, request.body);
    return kinds.map((kind) => faults.forbids(kind)).find((reply) => reply !== undefined);
  };
  const handle = async (request: ReceivedRequest): Promise<Reply | 'hang-up'> => {
    const reply = await answer(request);
    const status = reply === 'hang-up' ? 'cut' : reply.status;
    requests.push({ method: request.method, path: request.path, atMs: now(), status });
    options.onChange?.();
    return reply;
  };
  const server = await listenOnLoopback(jsonListener(handle));

  return {
    id: 'hubspot',
    hosts: [server.host],
    settings: { 'api-token': token, 'api-url': server.url },
    faults,
    account,
    records: () => recordsOf(account),
    requests: () => requests,
    deleteRecord: (key) => {
      for (const [type, objects] of account.objects) {
        for (const { id, properties } of objects.values())
          if (keyOf(type, properties) === key) account.archive(type, id);
      }
    },
    close: () => server.close(),
  };
}

function withLimits(reply: Reply, allowed: number, used: number): Reply {
  const headers = {
    'x-hubspot-ratelimit-max': String(allowed),
    'x-hubspot-ratelimit-remaining': String(allowed - used),
    'x-hubspot-ratelimit-interval-milliseconds': String(WINDOW_MS),
  };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

function recordsOf(account: HubspotAccount): readonly StandInRecord[] {
  return [...account.objects].flatMap(([type, objects]) =>
    [...objects.values()].flatMap((object) => {
      const kind = kindOf(account, type, object.properties);
      const key = keyOf(type, object.properties);
      if (kind === undefined || key === '') return [];
      const tiedTo = tiesOf(account, type, object);
      return [{ kind, key, id: `${type}/${object.id}`, fields: object.properties, tiedTo }];
    }),
  );
}

function tiesOf(account: HubspotAccount, type: string, { id }: StoredObject): readonly string[] {
  const keys = account.associations
    .filter(({ from }) => from.type === type && from.id === id)
    .map(({ to }) => keyOf(to.type, account.objects.get(to.type)?.get(to.id)?.properties ?? {}))
    .filter((key) => key !== '');
  return [...new Set(keys)].toSorted();
}

/** The canonical kind; undefined for what somebody else put there. */
function kindOf(
  account: HubspotAccount,
  type: string,
  properties: Readonly<Record<string, string>>,
): string | undefined {
  switch (type) {
    case 'contacts':
    case 'companies':
      return 'party';
    case 'tickets':
      return 'claim';
    case 'notes':
      return 'activity';
    case 'deals':
      return account.pipelineOf(properties.pipeline)?.label === 'Policies' ? 'policy' : 'quote';
    default:
      return account.schemas.some(({ objectTypeId, name }) => objectTypeId === type && name === 'socotra_policy')
        ? 'policy'
        : undefined;
  }
}

function keyOf(type: string, properties: Readonly<Record<string, string>>): string {
  const key = properties[KEY];
  return key ?? (type === 'notes' ? (NOTE_KEY.exec(properties.hs_note_body ?? '')?.[0] ?? '') : '');
}

function kindsIn(account: HubspotAccount, type: string, body: string): readonly string[] {
  const inputs = objectsOf(objectOf(tryParseJson(body)).inputs);
  const kinds = inputs.map(({ properties }) => kindOf(account, type, textProperties(properties) ?? {}));
  return [...new Set(kinds.filter((kind) => kind !== undefined))];
}
