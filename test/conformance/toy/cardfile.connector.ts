import type {
  Connector,
  Delivery,
  DeliveryResult,
  Failure,
  Target,
  TargetResponse,
  VerifyResult,
} from '../../../src/connectors/connector.js';
import { authorizedRequest, bearer } from '../../../src/connectors/kit/authorized-request.js';
import { inBatches } from '../../../src/connectors/kit/in-batches.js';
import { parseObject, textOf } from '../../../src/connectors/kit/json.js';
import { isUsableUrl } from '../../../src/connectors/kit/setting-checks.js';
import { apiTokenField, apiUrlField, required } from '../../../src/connectors/kit/shared-fields.js';
import { statusFailure } from '../../../src/connectors/kit/status-failure.js';
import { transportFailure } from '../../../src/connectors/kit/transport-failure.js';
import { verifyResultOf } from '../../../src/connectors/kit/verify-result.js';
import { withoutRefusedFields } from '../../../src/connectors/kit/without-refused-fields.js';
import type { HttpRequest } from '../../../src/http/exchange.js';
import type { CanonicalRecord } from '../../../src/records/canonical-record.js';

/** Keeps policyholders, policies and the timeline as cards in a Cardfile, a target that exists only in this folder. */
export const cardfileConnector: Connector = {
  id: 'cardfile',
  label: 'Cardfile',
  docs: 'docs/connectors/cardfile.md',
  fields: [
    required(apiUrlField('https address of your Cardfile.')),
    required(apiTokenField('From Cardfile, under Settings, Access.')),
  ],
  defaultProfile: 'crm',
  kinds: {
    party: 'upsert',
    quote: { unsupported: 'A Cardfile holds nothing that is not bought yet.' },
    policy: 'upsert',
    policy_change: { unsupported: 'The timeline tells of changes.' },
    invoice: { unsupported: 'A Cardfile is no ledger; the policy shows its balance.' },
    payment: { unsupported: 'A Cardfile is no ledger; the policy shows what was paid.' },
    claim: { unsupported: 'The timeline tells of claims.' },
    claim_item: { unsupported: 'The timeline tells of claims.' },
    premium_row: { unsupported: 'A Cardfile holds no reports.' },
    activity: 'upsert',
  },
  limits: { concurrent: 2, burst: { requests: 50, perMs: 1_000 } },
  checkSettings: ({ 'api-url': url = '' }) => (isUsableUrl(url) ? [] : ['"Address" must be a full https address.']),
  verify,
  classify,
  deliver: (deliveries, target) =>
    inBatches(deliveries, 1, async (batch) => Promise.all(batch.map((delivery) => write(delivery, target)))),
};

async function verify(target: Target): Promise<VerifyResult> {
  const asked = await ask(target, { method: 'GET', path: '/me' });
  const failure = asked.ok ? classify(asked.value, target.now()) : asked.failure;
  if (failure === undefined) return { ok: true };
  return verifyResultOf(failure, { unauthorized: 'Cardfile refuses the token: make a new one and set it as "Token".' });
}

async function write(delivery: Delivery, target: Target): Promise<DeliveryResult> {
  const { key } = delivery.record;
  return withoutRefusedFields(
    (field) => field !== 'name' && field !== 'text',
    async (leftOut) => {
      const body = cardOf(delivery.record, leftOut);
      const asked = await ask(target, { method: 'PUT', path: `/cards/${key}`, body: JSON.stringify(body) });
      if (!asked.ok) return asked.failure;
      return classify(asked.value, target.now()) ?? delivered(asked.value);
    },
  );
}

function delivered(response: TargetResponse): DeliveryResult {
  const answer = (response.kind === 'answer' && parseObject(response.body)) || {};
  return { outcome: 'delivered', change: answer.created === true ? 'created' : 'updated', targetId: textOf(answer.id) };
}

function ask(target: Target, { path, ...request }: Pick<HttpRequest, 'method' | 'body'> & { readonly path: string }) {
  const { 'api-url': address = '', 'api-token': token = '' } = target.settings;
  return authorizedRequest(target, bearer(token), ({ headers }) => ({
    ...request,
    url: address + path,
    headers: { ...headers, 'content-type': 'application/json' },
  }));
}

/** The record as a card; a field that is left out stays as it is, null clears it. */
function cardOf({ kind, op, locator, fields, relations }: CanonicalRecord, leftOut: ReadonlySet<string>): object {
  const { custom = {}, ...own } = fields;
  const shown = { ...own, ...custom, ...textOfLine(own), locator, ended: op === 'void' };
  const parents = relations.filter((parent) => cardfileConnector.kinds[parent.kind] === 'upsert');
  return {
    type: kind === 'party' ? 'person' : kind === 'activity' ? 'note' : 'policy',
    fields: Object.fromEntries(Object.entries(shown).filter(([name]) => !leftOut.has(name))),
    ...(op === 'upsert' && { under: parents.map(({ key }) => key) }),
  };
}

function textOfLine(fields: object): object {
  return 'subject' in fields ? { text: fields.subject } : {};
}

function classify(response: TargetResponse, nowMs: number): Failure | undefined {
  if (response.kind !== 'answer') return transportFailure(response);
  const { status } = response;
  const answer = parseObject(response.body);
  if (status === 200 && textOf(answer?.id) !== '') return undefined;
  return refusal(textOf(answer?.error), textOf(answer?.field)) ?? statusFailure(response, nowMs) ?? unknown(status);
}

/** What Cardfile says in its own words, whatever the status. */
function refusal(error: string, field: string): Failure | undefined {
  switch (error) {
    case 'card_in_use':
      return { outcome: 'retry', code: error };
    case 'no_such_parent':
      return { outcome: 'dependency', code: error };
    case 'field_refused':
      return { outcome: 'rejected', code: error, field, advice: 'Allow the field for this type of card in Cardfile.' };
    case 'card_invalid':
      return {
        outcome: 'rejected',
        code: error,
        advice: 'Cardfile refuses the card: look at its rules for this type.',
      };
    case 'type_forbidden':
      return { outcome: 'rejected', code: error, advice: 'Allow the token to write this type of card in Cardfile.' };
    default:
      return undefined;
  }
}

/** Nobody knows what it means: it is tried again, and reported. */
function unknown(status: number): Failure {
  return { outcome: 'retry', code: `unknown_answer_${status}` };
}
