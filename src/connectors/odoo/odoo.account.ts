import type { Asked, Failure, Target } from '../connector.js';
import { AccountMemory } from '../kit/account-memory.js';
import { askRpcVersion, askWebVersion, logIn, type Odoo, odooAt, type Transport } from './odoo.api.js';
import { failureOfExchange, resultIn } from './odoo.classify.js';
import { listOf, objectOf } from '../kit/json.js';
import { many2one } from './odoo.json.js';

/** The models that depend on what is installed, or on what Start may create. */
export const OPTIONAL_MODELS = [
  'crm.lead',
  'account.move',
  'project.task',
  'sale.order',
  'x_insurance_policy',
] as const;
export type OptionalModel = (typeof OPTIONAL_MODELS)[number];

export type PolicyModel = Extract<OptionalModel, 'x_insurance_policy' | 'sale.order'>;

/** `forbidden`: it is there, and the user has no right to it. */
export type ModelState = 'ready' | 'forbidden' | 'missing';

/** What the connector knows of one database and the user it works as. */
export interface OdooAccount {
  readonly transport: Transport;
  /** The number before the dot, for example 19. */
  readonly major: number;
  readonly models: Readonly<Record<OptionalModel, ModelState>>;
  /** The currency that the user's company keeps its books in; undefined where the user may not see it. */
  readonly currency: string | undefined;
}

export const odooAccounts = new AccountMemory<OdooAccount>(learnAccount);

/** A custom model that has been seen stays the place of policies; sales orders are for accounts without it. */
export function policyModelOf({ models }: OdooAccount): PolicyModel | undefined {
  if (models.x_insurance_policy !== 'missing') return 'x_insurance_policy';
  return models['sale.order'] === 'missing' ? undefined : 'sale.order';
}

export interface OdooVersion {
  readonly way: Transport['way'];
  readonly major: number;
}

/** `GET /web/version` answers from 19 on; older ones only tell it over `/jsonrpc`. */
export async function learnVersion(target: Target): Promise<Asked<OdooVersion>> {
  const response = await askWebVersion(target);
  const failure = failureOfExchange(response, target.now());
  if (failure !== undefined && !meansNoSuchPage(failure)) return { ok: false, failure };
  const major =
    response.kind === 'answer' && failure === undefined ? majorOf(resultIn(response.body), 'version_info') : 0;
  if (major >= FIRST_JSON2) return { ok: true, value: { way: 'json2', major } };
  const rpc = await askRpcVersion(target);
  if (!rpc.ok) return rpc;
  const rpcMajor = majorOf(rpc.value, 'server_version_info');
  if (rpcMajor === 0) return { ok: false, failure: { outcome: 'retry', code: 'version_unreadable' } };
  return { ok: true, value: { way: 'jsonrpc', major: rpcMajor } };
}

const FIRST_JSON2 = 19;

/** A 404 page, or the page that some servers show for any unknown address. */
function meansNoSuchPage({ code }: Failure): boolean {
  return ['unknown_answer_404', 'database_not_found', 'not_found', 'answer_unreadable'].includes(code);
}

/** Odoo Online has versions such as `saas~18.2`. */
function majorOf(answer: unknown, member: string): number {
  const [first] = listOf(objectOf(answer)[member]);
  return Number(/\d+/.exec(String(first))?.[0] ?? 0);
}

async function learnAccount(target: Target): Promise<Asked<OdooAccount>> {
  const version = await learnVersion(target);
  if (!version.ok) return version;
  const transport = await transportOf(target, version.value);
  if (!transport.ok) return transport;
  const odoo = odooAt(target, transport.value);
  const models = await learnModels(odoo);
  if (!models.ok) return models;
  const currency = await learnCurrency(odoo);
  if (!currency.ok) return currency;
  const { major } = version.value;
  return { ok: true, value: { transport: transport.value, major, models: models.value, currency: currency.value } };
}

async function transportOf(target: Target, { way }: OdooVersion): Promise<Asked<Transport>> {
  if (way === 'json2') return { ok: true, value: { way } };
  const uid = await logIn(target);
  return uid.ok ? { ok: true, value: { way, uid: uid.value } } : uid;
}

async function learnModels(odoo: Odoo): Promise<Asked<OdooAccount['models']>> {
  const models = { ...NO_MODELS };
  for (const model of OPTIONAL_MODELS) {
    const state = await stateOfModel(odoo, model);
    if (!state.ok) return state;
    models[model] = state.value;
  }
  return { ok: true, value: models };
}

const NO_MODELS: Record<OptionalModel, ModelState> = {
  'crm.lead': 'missing',
  'account.move': 'missing',
  'project.task': 'missing',
  'sale.order': 'missing',
  x_insurance_policy: 'missing',
};

/** Finds nothing on purpose: whether the question is allowed is the answer. */
export async function stateOfModel(odoo: Odoo, model: string): Promise<Asked<ModelState>> {
  const answer = await odoo.searchRead(model, [['id', '=', 0]], ['id']);
  if (answer.ok) return { ok: true, value: 'ready' };
  if (answer.failure.code === 'model_missing') return { ok: true, value: 'missing' };
  return answer.failure.code === 'access_error' ? { ok: true, value: 'forbidden' } : answer;
}

async function learnCurrency(odoo: Odoo): Promise<Asked<string | undefined>> {
  const context = await odoo.call({ model: 'res.users', method: 'context_get' });
  if (!context.ok) return context;
  const company = await firstMany2one(odoo, 'res.users', objectOf(context.value)['uid'], 'company_id');
  if (!company.ok || company.value === undefined) return unlessRefused(company);
  const currency = await firstMany2one(odoo, 'res.company', company.value.id, 'currency_id');
  return currency.ok ? { ok: true, value: currency.value?.label } : unlessRefused(currency);
}

async function firstMany2one(odoo: Odoo, model: string, id: unknown, field: string) {
  const rows = await odoo.searchRead(model, [['id', '=', id]], [field]);
  return rows.ok ? ({ ok: true, value: many2one(rows.value[0]?.[field]) } as const) : rows;
}

/** What the user may not see stays unknown; everything else is a reason to ask again. */
function unlessRefused(answer: Asked<unknown>): Asked<undefined> {
  return answer.ok || answer.failure.outcome === 'rejected' ? { ok: true, value: undefined } : answer;
}
