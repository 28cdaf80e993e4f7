import { isNegative, negate } from '../../records/money.js';
import type { Asked, Delivery, HeldRecord, Target } from '../connector.js';
import { type JsonObject, textOf } from '../kit/json.js';
import { claimFacts, claimRow, taskTitle } from './mapping/claim.js';
import { withFacts } from './mapping/facts.js';
import { invoiceRow, moveTypeOf } from './mapping/invoice.js';
import { partyRow } from './mapping/party.js';
import { memoField, paymentRow } from './mapping/payment.js';
import { orderRow, policyFacts, policyRow } from './mapping/policy.js';
import { quoteFacts, quoteRow, quoteTitle } from './mapping/quote.js';
import { odooAccounts, type OdooAccount, policyModelOf } from './odoo.account.js';
import { type Odoo, odooAt } from './odoo.api.js';
import { externalIdsOf, isRecordOf } from './odoo.external-ids.js';
import { many2one } from './odoo.json.js';
import type { Cells } from './odoo.load.js';
import { planOf } from './writers/invoices.js';
import { inBooksCurrency } from './writers/quotes.js';
import { isForeign, knownIds } from './writers/writing.js';

type Held = Asked<readonly HeldRecord[]>;

/** Where a record is found again, and what a delivery would write of it beside what is there. */
interface Place {
  readonly model: string;
  /** A field that people know it by, and its value: looked for where its id is not known. */
  readonly known: readonly [field: string, operator: '=' | 'ilike', value: string | undefined];
  /** Fields that decide what is written, beside those that are. */
  readonly also?: readonly string[];
  /** @param row as Odoo holds it; undefined: it is new. */
  cells(row: JsonObject | undefined): Cells;
}

const NOTHING: Cells = {};

/** What Odoo holds of these records, one after the other: there are few of them. */
export async function heldByOdoo(deliveries: readonly Delivery[], target: Target): Promise<readonly Held[]> {
  const account = await odooAccounts.get(target);
  if (!account.ok) return deliveries.map(() => account);
  const odoo = odooAt(target, account.value.transport);
  const results: Held[] = [];
  for (const delivery of deliveries) {
    const place = placeOf(delivery, account.value);
    results.push(place === undefined ? { ok: true, value: [] } : await heldAt(place, delivery, odoo));
  }
  return results;
}

async function heldAt(place: Place, delivery: Delivery, odoo: Odoo): Promise<Held> {
  // What may be written does not depend on the row, only how.
  const fields = [...new Set([...fieldsOf(place.cells(undefined)), ...(place.also ?? [])])];
  const row = await findRow(place, delivery, odoo, fields);
  if (!row.ok) return row;
  const wanted = comparable(place.cells(row.value));
  const country = await countryOf(row.value, odoo);
  if (!country.ok) return country;
  const textOfField = (field: string) =>
    field === 'country_id' ? (country.value ?? '') : heldText(row.value?.[field]);
  const now = row.value && Object.fromEntries(Object.keys(wanted).map((field) => [field, textOfField(field)]));
  return { ok: true, value: [{ place: place.model, wanted, ...(now && { held: now }) }] };
}

/** Found by the id from an earlier delivery or by what people know it by, and confirmed by its external id. */
async function findRow(
  { model, known: [field, operator, value] }: Place,
  delivery: Delivery,
  odoo: Odoo,
  fields: readonly string[],
): Promise<Asked<JsonObject | undefined>> {
  const ids = knownIds([delivery]);
  const byId = ['id', 'in', ids];
  const rows = await odoo.searchRead(
    model,
    value === undefined ? [byId] : ['|', [field, operator, value], byId],
    fields,
  );
  if (!rows.ok) return rows;
  const found = rows.value.flatMap((row) => (typeof row['id'] === 'number' ? [{ id: row['id'], row }] : []));
  const names = await externalIdsOf(
    odoo,
    model,
    found.map(({ id }) => id),
  );
  if (!names.ok) return names;
  const { key } = delivery.record;
  const own = found.find(({ id }) => isRecordOf(key, names.value.get(id), ids.includes(id)));
  return { ok: true, value: own?.row };
}

function placeOf(delivery: Delivery, account: OdooAccount): Place | undefined {
  const { record } = delivery;
  switch (record.kind) {
    case 'party':
      return {
        model: 'res.partner',
        known: ['ref', '=', record.locator],
        cells: (row) => partyRow(record, row === undefined ? delivery : { ...delivery, targetId: 'there' }).cells,
      };
    case 'policy': {
      const { number, termPremium, currency } = record.fields;
      if (policyModelOf(account) === 'x_insurance_policy') {
        const cells = () => policyRow(record, delivery).cells;
        return { model: 'x_insurance_policy', known: ['x_locator', '=', record.locator], cells };
      }
      const inForeign = isForeign(termPremium, currency, account);
      const facts = policyFacts(record, delivery, inForeign);
      const cells = (row?: JsonObject) => orderRow(record, delivery, withFacts(textOf(row?.['note']), facts)).cells;
      return policyModelOf(account) && { model: 'sale.order', known: ['client_order_ref', '=', number], cells };
    }
    case 'quote':
      return ifReady(account.models['crm.lead'], {
        model: 'crm.lead',
        known: ['name', '=', quoteTitle(record)],
        cells: (row) => {
          const description = withFacts(textOf(row?.['description']), quoteFacts(record));
          return quoteRow(inBooksCurrency(record, account), delivery, description).cells;
        },
      });
    case 'claim':
      return ifReady(account.models['project.task'], {
        model: 'project.task',
        known: ['name', '=', taskTitle(record)],
        cells: (row) => {
          const description = withFacts(textOf(row?.['description']), claimFacts(record, delivery));
          return claimRow(record, delivery, description).cells;
        },
      });
    case 'invoice':
      return ifReady(account.models['account.move'], invoicePlace({ ...delivery, record }));
    case 'payment':
      return ifReady(account.models['account.move'], paymentPlace({ ...delivery, record }, account));
    case 'policy_change':
    case 'claim_item':
    case 'premium_row':
    case 'activity':
      return undefined;
  }
}

function ifReady(state: OdooAccount['models']['crm.lead'], place: Place): Place | undefined {
  return state === 'missing' ? undefined : place;
}

/** A draft is written whole; what is posted or cancelled keeps its books, and only its state may still change. */
function invoicePlace(delivery: Delivery & { record: Extract<Delivery['record'], { kind: 'invoice' }> }): Place {
  const { record } = delivery;
  return {
    model: 'account.move',
    known: ['ref', '=', record.locator],
    also: ['state', 'move_type', 'amount_total'],
    cells: (row) => {
      const state = textOf(row?.['state']);
      const isMove = state === 'draft' || state === 'posted' || state === 'cancel';
      const plan = planOf(record, isMove ? { state, isReversed: false } : undefined);
      if (plan === 'cancel') return { state: 'cancel' };
      if (plan !== 'load') return NOTHING;
      const heldType = row?.['move_type'] === 'out_refund' ? 'out_refund' : 'out_invoice';
      const { total } = record.fields;
      const { cells } = invoiceRow(record, delivery, moveTypeOf(record) ?? heldType);
      // Odoo adds its lines up, and knows no negative total.
      return { ...cells, ...(total !== undefined && { amount_total: isNegative(total) ? negate(total) : total }) };
    },
  };
}

/** A payment that is there keeps its amount and its journal. */
function paymentPlace(
  delivery: Delivery & { record: Extract<Delivery['record'], { kind: 'payment' }> },
  { major }: OdooAccount,
): Place {
  const { record } = delivery;
  const { cells } = paymentRow(record, delivery, { major, journalId: 0, partnerId: undefined });
  const own = new Set(Object.keys(record.fields.custom ?? {}));
  return {
    model: 'account.payment',
    known: [memoField(major), 'ilike', record.key],
    cells: (row) =>
      row === undefined ? cells : Object.fromEntries(Object.entries(cells).filter(([column]) => own.has(column))),
  };
}

/** Ties and lines stand in columns with a slash; the external id is no field. */
function comparable(cells: Cells): HeldRecord['wanted'] {
  return Object.fromEntries(Object.entries(cells).filter(([column]) => column !== 'id' && !column.includes('/')));
}

function fieldsOf(cells: Cells): readonly string[] {
  return Object.keys(comparable(cells));
}

/** Countries are written by their code and read by their name. */
async function countryOf(row: JsonObject | undefined, odoo: Odoo): Promise<Asked<string | undefined>> {
  const country = many2one(row?.['country_id']);
  if (country === undefined) return { ok: true, value: undefined };
  const rows = await odoo.searchRead('res.country', [['id', '=', country.id]], ['code']);
  if (!rows.ok && rows.failure.outcome !== 'rejected') return rows;
  return { ok: true, value: (rows.ok && textOf(rows.value[0]?.['code'])) || undefined };
}

/** `false` stands for nothing, a many2one for its label. */
function heldText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return many2one(value)?.label ?? '';
}
