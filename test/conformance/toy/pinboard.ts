import { Faults } from '../../../sandbox/http/faults.ts';
import { isObject, objectOf, textOf, tryParseJson, type JsonObject } from '../../../sandbox/http/json.ts';
import {
  jsonListener,
  listenOnLoopback,
  type ReceivedRequest,
  type Reply,
} from '../../../sandbox/http/loopback-server.ts';
import { RestAccess } from '../../../sandbox/targets/rest-crm/rest-access.ts';
import type { StandInOptions, StandInRequest, TargetStandIn } from '../../../sandbox/targets/target-stand-in.ts';

interface Pin {
  readonly id: string;
  readonly board: string;
  readonly ref: string;
  closed: boolean;
  /** Ids of the pins that it hangs under. */
  under: readonly string[];
  columns: JsonObject;
}

const PINS = '/v1/pins';
const TOKEN = '/oauth/token';

/** A pinboard: pins with a unique `ref`, changed by the board's own id, and every failure but two with status 200. */
export async function startPinboard(options: StandInOptions = {}): Promise<TargetStandIn> {
  const { now = Date.now, onChange = () => undefined } = options;
  const boards = new Map([
    ['party', new Set(['title', 'given', 'mail', 'phone', 'born'])],
    ['policy', new Set(['title', 'stage', 'due', 'why', 'latest'])],
    ['activity', new Set(['title', 'happened', 'topic'])],
  ]);
  const pins = new Map<string, Pin>();
  const [closedBoards, refusedRefs] = [new Set<string>(), new Set<string>()];
  const requests: StandInRequest[] = [];
  const [access, faults] = [new RestAccess(), new Faults()];
  let nextId = 1;
  const withRef = (ref: string) => [...pins.values()].find((pin) => pin.ref === ref);

  const write = (pin: Pin, body: JsonObject): Reply => {
    const columns = objectOf(body.columns);
    const under = Array.isArray(body.under) ? body.under.map((ref) => withRef(textOf(ref))?.id) : pin.under;
    const parents = under.filter((id) => id !== undefined);
    const unknown = Object.keys(columns).find((name) => boards.get(pin.board)?.has(name) !== true);
    const all = { ...pin.columns, ...columns };
    if (closedBoards.has(pin.board)) return no('forbidden');
    if (refusedRefs.has(pin.ref) || typeof body.closed !== 'boolean') return no('invalid');
    if (Object.values(columns).some((value) => value !== null && typeof value !== 'string')) return no('invalid');
    if (unknown !== undefined) return no('column', { column: unknown });
    if (textOf(all.title) === '') return no('invalid');
    if (parents.length < under.length) return no('no_such_parent');
    const kept = Object.entries(all).filter(([, value]) => value !== null);
    pins.set(pin.id, { ...pin, closed: body.closed, under: parents, columns: Object.fromEntries(kept) });
    return { status: 200, body: { ok: true, id: pin.id } };
  };

  const answer = ({ method, path, headers, body: text }: ReceivedRequest): Reply => {
    if (path === TOKEN) return access.grant(new URLSearchParams(text));
    if (!access.accepts(headers.authorization)) return no('bad_token', {}, 401);
    if (method === 'GET' && path === '/v1/me') return { status: 200, body: { ok: true } };
    const body = tryParseJson(text);
    if (!isObject(body)) return no('invalid');
    if (method === 'PATCH') {
      const pin = pins.get(path.slice(PINS.length + 1));
      return pin === undefined ? no('no_such_pin') : write(pin, body);
    }
    const [board, ref] = [textOf(body.board), textOf(body.ref)];
    if (method !== 'POST' || path !== PINS || !boards.has(board) || ref === '') return no('invalid');
    const taken = withRef(ref);
    if (taken !== undefined) return no('ref_taken', { id: taken.id }, 409);
    return write({ id: `pin${nextId++}`, board, ref, closed: false, under: [], columns: {} }, body);
  };

  const server = await listenOnLoopback(
    jsonListener(async (request) => {
      const reply = await faults.around(request, () => Promise.resolve(answer(request)));
      const { method, path } = request;
      requests.push({ method, path, atMs: now(), status: reply === 'hang-up' ? 'cut' : reply.status });
      onChange();
      return reply;
    }),
  );
  const writes = { path: PINS, when: ({ method }: ReceivedRequest) => method !== 'GET' };

  return {
    id: 'pinboard',
    hosts: [server.host],
    settings: {
      'api-url': `${server.url}/v1`,
      'token-url': server.url + TOKEN,
      'client-id': access.clientId,
      'client-secret': access.clientSecret,
    },
    faults: {
      cutAfterCommit: (times = 1) => faults.add({ ...writes, times, cutAfterCommit: true }),
      answerWith: ({ body = '', ...reply }, times = 1) => faults.add({ ...writes, ...reply, times, text: body }),
      throttle: (seconds, times = 1) => {
        const wait = seconds === undefined ? {} : { wait_s: seconds };
        faults.add({ ...writes, times, ...no('slow_down', wait) });
      },
      serverError: (times = 1) => faults.add({ ...writes, times, ...no('internal') }),
      lock: (times = 1) => faults.add({ ...writes, times, ...no('locked') }),
      expireTokens: () => access.expire(),
      revokeCredentials: () => access.revoke(),
      restoreCredentials: () => access.restore(),
      forbid: (kind) => void closedBoards.add(kind),
      refuseRecord: (key) => void refusedRefs.add(key),
      refuseField: (kind) => {
        const column = kind === 'party' ? 'born' : 'latest';
        boards.get(kind)?.delete(column);
        return column;
      },
    },
    records: () =>
      [...pins.values()].map(({ id, board, ref, closed, under, columns }) => ({
        kind: board,
        key: ref,
        id,
        fields: { ...columns, closed },
        tiedTo: under.flatMap((parent) => pins.get(parent)?.ref ?? []).toSorted(),
      })),
    requests: () => requests,
    deleteRecord: (key) => void pins.delete(withRef(key)?.id ?? ''),
    close: () => server.close(),
  };
}

function no(reason: string, more: JsonObject = {}, status = 200) {
  return { status, body: { ok: false, reason, ...more } };
}
