import type { Asked, DeliveryResult } from '../../connector.js';
import { withFacts } from '../mapping/facts.js';
import { quoteEnd, quoteFacts, quoteRow, quoteTitle } from '../mapping/quote.js';
import type { OdooAccount } from '../odoo.account.js';
import type { Odoo } from '../odoo.api.js';
import type { JsonObject } from '../../kit/json.js';
import { upsertRows } from '../odoo.load.js';
import { allFailed, type DeliveryOf, isForeign, withRefused, type Writer } from './writing.js';
import { readTexts } from './texts.js';

const MODEL = 'crm.lead';
const TEXTS = { model: MODEL, field: 'description', titleField: 'name' };
const ESSENTIAL: ReadonlySet<string> = new Set(['id', 'name', 'type', 'partner_id']);

export const writeQuotes: Writer<'quote'> = async (deliveries, { odoo, account }) => {
  const texts = await readTexts(odoo, TEXTS, deliveries, ({ record }) => quoteTitle(record));
  if (!texts.ok) return allFailed(deliveries, texts.failure);
  const entries = deliveries.map((delivery) => {
    const description = withFacts(texts.value.get(delivery.record.key) ?? '', quoteFacts(delivery.record));
    const row = quoteRow(inBooksCurrency(delivery.record, account), delivery, description);
    return { delivery, row };
  });
  const written = await upsertRows({ odoo, model: MODEL, essential: ESSENTIAL }, entries);
  const ended = await endQuotes(
    odoo,
    deliveries,
    written.map((result, index) => goneAlready(deliveries[index], result)),
  );
  return ended.map((result, index) => {
    const isInForeign = deliveries[index] !== undefined && isForeignQuote(deliveries[index].record, account);
    return isInForeign ? withRefused(result, { field: 'expected_revenue', code: 'other_currency' }) : result;
  });
};

type Quote = DeliveryOf<'quote'>['record'];

function isForeignQuote({ fields }: Quote, account: OdooAccount): boolean {
  return isForeign(fields.grossPremium, fields.currency, account);
}

/** Opportunities are in the currency of the books: an amount in another one is left out. */
export function inBooksCurrency(record: Quote, account: OdooAccount): Quote {
  if (!isForeignQuote(record, account)) return record;
  const { grossPremium: _left, ...fields } = record.fields;
  return { ...record, fields };
}

/** A quote that ended and that somebody deleted in Odoo is not made again to be shown as lost. */
function goneAlready(delivery: DeliveryOf<'quote'> | undefined, result: DeliveryResult): DeliveryResult {
  const isEmptyVoid = delivery?.record.op === 'void' && delivery.record.fields.name === undefined;
  return isEmptyVoid && result.outcome === 'rejected' ? { outcome: 'skipped', code: 'nothing_to_void' } : result;
}

async function endQuotes(
  odoo: Odoo,
  deliveries: readonly DeliveryOf<'quote'>[],
  results: readonly DeliveryResult[],
): Promise<readonly DeliveryResult[]> {
  const ended = results.flatMap((result, index) => {
    const id = result.outcome === 'delivered' ? Number(result.targetId) : undefined;
    const end = deliveries[index] && quoteEnd(deliveries[index].record);
    return id === undefined || end === undefined ? [] : [{ index, id, end }];
  });
  if (ended.length === 0) return results;
  const rows = await odoo.searchRead(MODEL, [['id', 'in', ended.map(({ id }) => id)]], ['active', 'probability']);
  const after = [...results];
  for (const { index, id, end } of ended) {
    const result = results[index];
    if (result === undefined) continue;
    after[index] = rows.ok
      ? await endQuote(
          odoo,
          id,
          end,
          rows.value.find((row) => row['id'] === id),
          result,
        )
      : rows.failure;
  }
  return after;
}

async function endQuote(
  odoo: Odoo,
  id: number,
  end: 'won' | 'lost',
  lead: JsonObject | undefined,
  result: DeliveryResult,
): Promise<DeliveryResult> {
  if (lead === undefined) return { outcome: 'retry', code: 'record_missing' };
  const is = lead['active'] === false ? 'lost' : lead['probability'] === 100 ? 'won' : 'open';
  if (is === end) return result;
  // Odoo loses no opportunity that was won (422); people may reopen it there.
  if (is === 'won') return withRefused(result, { field: 'stage_id', code: 'already_won' });
  const acted: Asked<unknown> = await odoo.call({ model: MODEL, method: `action_set_${end}`, ids: [id] });
  return acted.ok ? result : acted.failure;
}
