import type { Connector, Delivery, DeliveryResult, Failure, Target } from '../../../src/connectors/connector.js';
import { authorizedRequest } from '../../../src/connectors/kit/authorized-request.js';
import { inBatches } from '../../../src/connectors/kit/in-batches.js';
import { objectOf, parseObject, textOf, type JsonObject } from '../../../src/connectors/kit/json.js';
import { isUsableUrl } from '../../../src/connectors/kit/setting-checks.js';
import * as shared from '../../../src/connectors/kit/shared-fields.js';
import { statusFailure } from '../../../src/connectors/kit/status-failure.js';
import { transportFailure } from '../../../src/connectors/kit/transport-failure.js';
import { verifyResultOf } from '../../../src/connectors/kit/verify-result.js';
import { withoutRefusedFields } from '../../../src/connectors/kit/without-refused-fields.js';
import type { HttpRequest } from '../../../src/http/exchange.js';
import type { CanonicalRecord, FieldsByKind } from '../../../src/records/canonical-record.js';
import type { RecordKind } from '../../../src/records/record-kinds.js';

type Pinned = 'party' | 'policy' | 'activity';
type Columns = Readonly<Record<string, unknown>>;
/** What the target said, and what it means if it did not do as asked. */
type Said = { readonly failure: Failure | undefined; readonly body: JsonObject };

const UNPINNED = { unsupported: 'A pinboard holds people, policies and notes.' };
const LONGEST_WAIT_MS = 3_600_000;
/** The column that every pin must have. */
const TITLE = 'title';

/** A pin has few columns: what stands in no list here is not shown. */
const COLUMNS: { readonly [K in Pinned]: { readonly [F in keyof FieldsByKind[K]]?: string } } = {
  party: { name: TITLE, firstName: 'given', email: 'mail', phone: 'phone', birthDate: 'born' },
  policy: { number: TITLE, status: 'stage', balanceDue: 'due', cancellationReason: 'why', lastChange: 'latest' },
  activity: { subject: TITLE, occurredAt: 'happened', type: 'topic' },
};

/** Pinboard's reasons and what each means; they come with status 200, whatever went wrong. */
const REASONS: Readonly<Record<string, Failure>> = {
  locked: { outcome: 'retry', code: 'locked' },
  internal: { outcome: 'retry', code: 'internal' },
  no_such_pin: { outcome: 'retry', code: 'no_such_pin' },
  ref_taken: { outcome: 'retry', code: 'ref_taken' },
  slow_down: { outcome: 'throttled', code: 'slow_down' },
  bad_token: { outcome: 'auth', code: 'target_unauthorized' },
  no_such_parent: { outcome: 'dependency', code: 'no_such_parent' },
  invalid: { outcome: 'rejected', code: 'invalid', advice: 'Correct the values of this record in Socotra.' },
  column: { outcome: 'rejected', code: 'column', advice: 'Create the column in Pinboard, or do not map it.' },
  forbidden: { outcome: 'rejected', code: 'forbidden', advice: 'Give the OAuth client the right to write this kind.' },
};

/** Creates first, because the target guards its unique key: a 409 names the pin to change instead. */
export const pinboardConnector: Connector = {
  id: 'pinboard',
  label: 'Pinboard',
  docs: 'docs/connectors/authors.md',
  fields: [
    shared.required(shared.apiUrlField('The address of your board, which stands for the account.')),
    shared.required(shared.tokenUrlField('Ends with /oauth/token.')),
    shared.required(shared.clientIdField('From the page "Clients" of the board.')),
    shared.required(shared.clientSecretField('Shown once, when the client is created.')),
  ],
  defaultProfile: 'crm',
  kinds: {
    party: 'upsert',
    policy: 'upsert',
    activity: 'upsert',
    quote: UNPINNED,
    policy_change: UNPINNED,
    invoice: UNPINNED,
    payment: UNPINNED,
    claim: UNPINNED,
    claim_item: UNPINNED,
    premium_row: UNPINNED,
  },
  limits: { concurrent: 4 },
  checkSettings: ({ 'api-url': apiUrl = '', 'token-url': tokenUrl = '' }) =>
    isUsableUrl(apiUrl) && isUsableUrl(tokenUrl) ? [] : ['Both addresses must begin with https://.'],
  verify: async (target) => {
    const { failure } = await ask(target, 'GET', '/me');
    const unauthorized = 'Pinboard refuses the OAuth client: check its id, its secret and the token address.';
    return failure === undefined ? { ok: true } : verifyResultOf(failure, { unauthorized });
  },
  classify: (response, nowMs) => {
    if (response.kind !== 'answer') return transportFailure(response);
    const { ok, reason, wait_s: waitS } = objectOf(parseObject(response.body));
    const known = ok === false && Object.hasOwn(REASONS, textOf(reason)) ? REASONS[textOf(reason)] : undefined;
    const waitMs = typeof waitS === 'number' && waitS >= 0 ? Math.min(waitS * 1_000, LONGEST_WAIT_MS) : undefined;
    if (known?.outcome === 'throttled' && waitMs !== undefined) return { ...known, retryAfterMs: waitMs };
    const failure = known ?? statusFailure(response, nowMs);
    if (failure !== undefined || (response.status < 300 && ok === true)) return failure;
    return { outcome: 'retry', code: `unknown_answer_${response.status}` };
  },
  deliver: (deliveries, target) =>
    inBatches(deliveries, 1, (batch) => Promise.all(batch.map((delivery) => pin(delivery, target)))),
};

function pin(delivery: Delivery, target: Target): Promise<DeliveryResult> {
  const all = Object.entries(columnsOf(delivery.record));
  return withoutRefusedFields(
    (column) => column !== TITLE,
    (leftOut) => upsert(delivery, Object.fromEntries(all.filter(([column]) => !leftOut.has(column))), target),
  );
}

async function upsert({ record, targetId }: Delivery, columns: Columns, target: Target): Promise<DeliveryResult> {
  const parents = record.relations.filter(({ kind }) => isPinned(kind));
  // A void record may come without its relations: what it hangs under then stays.
  const under = parents.length > 0 && { under: parents.map(({ key }) => key) };
  const content = { closed: record.op === 'void', ...under, columns };
  const change = (id: string) => ask(target, 'PATCH', `/pins/${encodeURIComponent(id)}`, content);
  const changed = targetId === undefined ? undefined : await change(targetId);
  if (changed !== undefined && changed.failure?.code !== 'no_such_pin') return resultOf(changed, 'updated', columns);
  const created = await ask(target, 'POST', '/pins', { board: record.kind, ref: record.key, ...content });
  const id = created.failure?.code === 'ref_taken' ? textOf(created.body.id) : '';
  return id === '' ? resultOf(created, 'created', columns) : resultOf(await change(id), 'updated', columns);
}

function resultOf({ failure, body }: Said, change: 'created' | 'updated', columns: Columns): DeliveryResult {
  const [targetId, column] = [textOf(body.id), textOf(body.column)];
  if (failure === undefined && targetId === '') return { outcome: 'retry', code: 'answer_without_id' };
  if (failure === undefined) return { outcome: 'delivered', change, targetId };
  // Only a name that we sent is repeated.
  const isOurs = failure.outcome === 'rejected' && failure.code === 'column' && Object.hasOwn(columns, column);
  return isOurs ? { ...failure, field: column } : failure;
}

function columnsOf({ kind, fields: { custom, ...fields } }: CanonicalRecord): Columns {
  const names: Readonly<Record<string, string>> = isPinned(kind) ? COLUMNS[kind] : {};
  const shown = Object.entries(fields).filter(([name]) => names[name] !== undefined);
  return { ...Object.fromEntries(shown.map(([name, value]) => [names[name], value])), ...custom };
}

function isPinned(kind: RecordKind): kind is Pinned {
  return Object.hasOwn(COLUMNS, kind);
}

async function ask(target: Target, method: HttpRequest['method'], path: string, content?: object): Promise<Said> {
  const { 'api-url': apiUrl = '', 'token-url': tokenUrl = '', ...client } = target.settings;
  const { 'client-id': clientId = '', 'client-secret': clientSecret = '' } = client;
  const oauth = { way: 'oauth', client: { tokenUrl, clientId, clientSecret } } as const;
  const body = content === undefined ? {} : { body: JSON.stringify(content) };
  const asked = await authorizedRequest(target, oauth, ({ headers }) => {
    return { method, url: apiUrl + path, headers: { ...headers, 'content-type': 'application/json' }, ...body };
  });
  if (!asked.ok) return { failure: asked.failure, body: {} };
  const said = asked.value.kind === 'answer' ? objectOf(parseObject(asked.value.body)) : {};
  return { failure: pinboardConnector.classify(asked.value, target.now()), body: said };
}
