import type { AccountHandle, Asked, Target } from '../connector.js';
import { CLAIMS_PROJECT_KEY } from './mapping/claim.js';
import { externalId } from './mapping/cells.js';
import { ORDER_ORIGIN, POLICY_MODEL_FIELDS, POLICY_PRODUCT_KEY } from './mapping/policy.js';
import { type ModelState, stateOfModel } from './odoo.account.js';
import type { Odoo } from './odoo.api.js';
import { textOf } from '../kit/json.js';
import { idsIn } from './odoo.json.js';
import { loadRows } from './odoo.load.js';

/** The model of policies, in accounts that allow the app to make one. */
export const POLICY_MODEL = 'x_insurance_policy';

/** What became of an attempt to make sure that something is there: `refused` by the rights of the user. */
export type Ensured = 'there' | 'refused';

/** Each server process reads new access rights when it likes; one may lag behind the one that was asked. */
const SETTLING_MS = 300_000;
const PROBES = 5;
const createdAtMs = new WeakMap<AccountHandle, number>();

/** Whether the model of policies is so new that some of the server's processes may still refuse it. */
export function isSettlingIn(target: Target): boolean {
  return target.now() - (createdAtMs.get(target.account) ?? -Infinity) < SETTLING_MS;
}

/** The model of policies with its fields and access rights. Idempotent; nothing that is there is changed. */
export async function ensurePolicyModel(odoo: Odoo, target: Target, state: ModelState): Promise<Asked<Ensured>> {
  if (state === 'missing') {
    const wasUsed = await hasPolicyOrders(odoo);
    if (!wasUsed.ok) return wasUsed;
    // What stands as a sales order cannot become a record of another model under the same external id.
    if (wasUsed.value) return { ok: true, value: 'refused' };
    const created = await createModel(odoo);
    if (!created.ok || created.value === 'refused') return created;
    createdAtMs.set(target.account, target.now());
  }
  const modelId = await idOfModel(odoo);
  if (!modelId.ok) return orRefused(modelId);
  if (state !== 'missing') {
    const fields = await ensureFields(odoo, modelId.value);
    if (!fields.ok) return orRefused(fields);
  }
  if (state !== 'ready') {
    const access = await ensureAccess(odoo, modelId.value);
    if (!access.ok) return orRefused(access);
    await untilReady(odoo);
  }
  return { ok: true, value: 'there' };
}

async function hasPolicyOrders(odoo: Odoo): Promise<Asked<boolean>> {
  const domain = [['origin', '=', ORDER_ORIGIN]];
  const found = await odoo.call({ model: 'sale.order', method: 'search', args: { domain }, options: { limit: 1 } });
  if (found.ok) return { ok: true, value: idsIn(found.value).length > 0 };
  return found.failure.outcome === 'rejected' ? { ok: true, value: false } : found;
}

async function createModel(odoo: Odoo): Promise<Asked<Ensured>> {
  const field_id = POLICY_MODEL_FIELDS.map((field) => [0, 0, field]);
  // With a chatter, for the lines of the timeline.
  const model = { name: 'Insurance policy', model: POLICY_MODEL, is_mail_thread: true, field_id };
  const created = await odoo.call({ model: 'ir.model', method: 'create', args: { vals_list: [model] } });
  if (created.ok) return { ok: true, value: 'there' };
  // Two starts at a time: the other one made it.
  const state = await stateOfModel(odoo, POLICY_MODEL);
  return state.ok && state.value !== 'missing' ? { ok: true, value: 'there' } : orRefused(created);
}

async function idOfModel(odoo: Odoo): Promise<Asked<number>> {
  const found = await odoo.searchRead('ir.model', [['model', '=', POLICY_MODEL]], ['id']);
  if (!found.ok) return found;
  const id = found.value[0]?.['id'];
  return typeof id === 'number'
    ? { ok: true, value: id }
    : { ok: false, failure: { outcome: 'retry', code: 'model_unseen' } };
}

/** A model of an earlier release, or one that an administrator made by hand, may lack fields. */
async function ensureFields(odoo: Odoo, modelId: number): Promise<Asked<unknown>> {
  const found = await odoo.searchRead('ir.model.fields', [['model', '=', POLICY_MODEL]], ['name']);
  if (!found.ok) return found;
  const there = new Set(found.value.map((field) => textOf(field['name'])));
  const missing = POLICY_MODEL_FIELDS.filter(({ name }) => !there.has(name));
  if (missing.length === 0) return { ok: true, value: undefined };
  const vals_list = missing.map((field) => ({ ...field, model_id: modelId }));
  return odoo.call({ model: 'ir.model.fields', method: 'create', args: { vals_list } });
}

/** Without an access right nobody, the app included, may see the model. */
async function ensureAccess(odoo: Odoo, modelId: number): Promise<Asked<unknown>> {
  const cells = {
    id: externalId('access_insurance_policy'),
    name: 'Insurance policy: internal users',
    'model_id/.id': String(modelId),
    'group_id/id': 'base.group_user',
    perm_read: 'True',
    perm_write: 'True',
    perm_create: 'True',
    perm_unlink: 'False',
  };
  return loadRows(odoo, 'ir.model.access', [{ cells }]);
}

/** The access right counts from a later request on; asking helps the processes of the server to notice. */
async function untilReady(odoo: Odoo): Promise<void> {
  for (let probe = 0; probe < PROBES; probe += 1) {
    const state = await stateOfModel(odoo, POLICY_MODEL);
    if (!state.ok || state.value === 'ready') return;
  }
}

/** No contact has such a field. */
const NO_FIELD = 'x_socotra_start_check';

/**
 * Whether the user may create contacts, without which no other record has its place. Odoo looks at the rights before it
 * looks at the fields, and saves nothing for either reason.
 */
export async function mayCreateContacts(odoo: Odoo): Promise<Asked<boolean>> {
  const vals_list = [{ [NO_FIELD]: '' }];
  const created = await odoo.call({ model: 'res.partner', method: 'create', args: { vals_list } });
  if (!created.ok && created.failure.outcome !== 'rejected') return created;
  return { ok: true, value: created.ok || created.failure.code !== 'access_error' };
}

/** The project that holds the claims. */
export async function ensureClaimsProject(odoo: Odoo): Promise<Asked<Ensured>> {
  return there(await loadRows(odoo, 'project.project', [named(CLAIMS_PROJECT_KEY, 'Insurance claims')]));
}

/** The service that the line of a policy's sales order sells. */
export async function ensurePolicyProduct(odoo: Odoo): Promise<Asked<Ensured>> {
  const { cells } = named(POLICY_PRODUCT_KEY, 'Insurance policy');
  return there(await loadRows(odoo, 'product.product', [{ cells: { ...cells, type: 'service', taxes_id: '' } }]));
}

function named(key: string, name: string) {
  return { cells: { id: externalId(key), name } };
}

function there(answer: Asked<unknown>): Asked<Ensured> {
  return answer.ok ? { ok: true, value: 'there' } : orRefused(answer);
}

function orRefused(answer: Extract<Asked<unknown>, { ok: false }>): Asked<Ensured> {
  return answer.failure.outcome === 'rejected' ? { ok: true, value: 'refused' } : answer;
}
