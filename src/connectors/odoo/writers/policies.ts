import type { DeliveryResult } from '../../connector.js';
import { withFacts } from '../mapping/facts.js';
import { orderRow, policyFacts, policyRow } from '../mapping/policy.js';
import { type OdooAccount, policyModelOf } from '../odoo.account.js';
import { upsertRows } from '../odoo.load.js';
import { ensurePolicyProduct, isSettlingIn } from '../odoo.schema.js';
import { allFailed, type DeliveryOf, isForeign, withRefused, type Writer, type Writing } from './writing.js';
import { readTexts } from './texts.js';

const TEXTS = { model: 'sale.order', field: 'note', titleField: 'client_order_ref' };

const ESSENTIAL: ReadonlySet<string> = new Set(['id', 'x_name', 'x_partner_id', 'partner_id', 'origin']);

export const writePolicies: Writer<'policy'> = (deliveries, writing) => {
  const isOwnModel = policyModelOf(writing.account) === 'x_insurance_policy';
  return isOwnModel ? writeOwnModel(deliveries, writing) : writeOrders(deliveries, writing);
};

const writeOwnModel: Writer<'policy'> = async (deliveries, { odoo, target }) => {
  const entries = deliveries.map((delivery) => ({ delivery, row: policyRow(delivery.record, delivery) }));
  const results = await upsertRows({ odoo, model: 'x_insurance_policy', essential: ESSENTIAL }, entries);
  return results.map((result): DeliveryResult => {
    const isEarly = result.outcome === 'rejected' && result.code === 'access_error' && isSettlingIn(target);
    return isEarly ? { outcome: 'retry', code: 'access_settling_in' } : result;
  });
};

const writeOrders: Writer<'policy'> = async (deliveries, writing) => {
  const { odoo, account } = writing;
  const texts = await readTexts(odoo, TEXTS, deliveries, ({ record }) => record.fields.number);
  if (!texts.ok) return allFailed(deliveries, texts.failure);
  const entries = deliveries.map((delivery) => {
    const isInForeign = isForeignPolicy(delivery, account);
    const facts = policyFacts(delivery.record, delivery, isInForeign);
    const note = withFacts(texts.value.get(delivery.record.key) ?? '', facts);
    return { delivery, row: orderRow(delivery.record, delivery, note, isInForeign) };
  });
  const results = await upsertRows({ odoo, model: 'sale.order', essential: ESSENTIAL }, entries);
  // The product that the line sells may be what is missing.
  if (results.some(({ outcome }) => outcome === 'dependency')) await ensurePolicyProduct(odoo);
  const settled = await cancelVoid(deliveries, results, writing);
  return settled.map((result, index) => {
    const isInForeign = deliveries[index] !== undefined && isForeignPolicy(deliveries[index], account);
    return isInForeign ? withRefused(result, { field: 'order_line', code: 'other_currency' }) : result;
  });
};

function isForeignPolicy({ record: { fields } }: DeliveryOf<'policy'>, account: OdooAccount): boolean {
  return isForeign(fields.termPremium, fields.currency, account);
}

async function cancelVoid(
  deliveries: readonly DeliveryOf<'policy'>[],
  results: readonly DeliveryResult[],
  { odoo }: Writing,
): Promise<readonly DeliveryResult[]> {
  const after = [...results];
  for (const [index, { record }] of deliveries.entries()) {
    const result = results[index];
    if (record.op !== 'void' || result?.outcome !== 'delivered') continue;
    const id = Number(result.targetId);
    const rows = await odoo.searchRead('sale.order', [['id', '=', id]], ['state']);
    const acted =
      !rows.ok || rows.value[0]?.['state'] === 'cancel'
        ? rows
        : await odoo.call({ model: 'sale.order', method: 'action_cancel', ids: [id] });
    if (!acted.ok) after[index] = acted.failure;
  }
  return after;
}
