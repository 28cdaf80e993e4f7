import type { JsonObject, JsonValue } from '../http/json.ts';
import type { StandInRecord } from '../targets/target-stand-in.ts';
import type { TestedTarget } from './bench.ts';
import { externalIdsOf, openOdooClient, type OdooClient, type OdooLogin } from './odoo-client.ts';

interface Place {
  readonly model: string;
  readonly fields: readonly string[];
  /** many2one fields and the models they lead to. */
  readonly relations: Readonly<Record<string, string>>;
  /** A one2many field, the model of its lines, and what of them the cases look at. */
  readonly lines?: { readonly field: string; readonly model: string; readonly fields: readonly string[] };
}

const PARTNER = { partner_id: 'res.partner' };
const POLICY_FIELDS = ['x_name', 'x_status', 'x_product', 'x_currency', 'x_cancellation_reason', 'x_last_change'];
const POLICY_DATES = ['x_effective_date', 'x_expiration_date', 'x_cancellation_date', 'x_past_due_since'];
const POLICY_AMOUNTS = ['x_term_premium', 'x_taxes', 'x_fees', 'x_balance_due', 'x_paid_to_date'];
const ADDRESS = ['street', 'city', 'zip'];
const BOOKS = ['amount_total', 'amount_residual', 'payment_state', 'invoice_date', 'invoice_date_due', 'ref'];

/** Where the connector puts each kind, and what of it the cases look at. */
const PLACES: Readonly<Record<string, readonly Place[]>> = {
  party: [{ model: 'res.partner', fields: ['name', 'email', 'phone', 'company_type', ...ADDRESS], relations: {} }],
  quote: [
    {
      model: 'crm.lead',
      fields: ['name', 'active', 'probability', 'expected_revenue', 'description'],
      relations: PARTNER,
    },
  ],
  policy: [
    {
      model: 'x_insurance_policy',
      fields: [...POLICY_FIELDS, ...POLICY_DATES, ...POLICY_AMOUNTS],
      relations: { x_partner_id: 'res.partner' },
    },
    { model: 'sale.order', fields: ['client_order_ref', 'state', 'note', 'amount_untaxed'], relations: PARTNER },
  ],
  invoice: [
    {
      model: 'account.move',
      fields: ['state', 'move_type', 'invoice_origin', ...BOOKS],
      relations: PARTNER,
      lines: { field: 'invoice_line_ids', model: 'account.move.line', fields: ['name', 'quantity', 'price_unit'] },
    },
  ],
  payment: [
    { model: 'account.payment', fields: ['state', 'amount', 'payment_type', 'memo', 'ref'], relations: PARTNER },
  ],
  claim: [{ model: 'project.task', fields: ['name', 'state', 'description'], relations: PARTNER }],
  activity: [{ model: 'mail.message', fields: ['body', 'date', 'model', 'res_id'], relations: {} }],
};

const MODULE = 'socotra_sync.';
/** Records of the run are the newest; more than one case makes are not looked at. */
const NEWEST = 400;
const KEY = /\b[ps]-(?:pty|quo|pol|inv|pay|clm|act)-[A-Za-z0-9-]+(?:_[0-9a-f]{12})?\b/g;
const OWN_KEY = new RegExp(`^${KEY.source}$`);

/** A real server, as far as it can be asked: it fails on nobody's request, and nobody counts what reaches it. */
export async function openRealOdoo(login: OdooLogin, posting: string | undefined): Promise<TestedTarget> {
  const client = await openOdooClient(login);
  const places = await placesOf(client);
  const { protocol, hostname, port } = new URL(login.url);
  return {
    hosts: [`${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`],
    settings: {
      'api-url': login.url,
      account: login.database,
      'api-token': login.key,
      ...(login.user !== undefined && { username: login.user }),
      ...(posting !== undefined && { posting }),
    },
    faults: {},
    records: async () => {
      const found = await Promise.all((await places()).map(([kind, place]) => recordsIn(client, kind, place)));
      const keys = new Set(found.flat().map(({ key }) => key));
      return found
        .flat()
        .map((record) => ({ ...record, tiedTo: record.tiedTo.filter((key) => keys.has(key)).toSorted() }));
    },
    deleteRecord: async (key) => {
      for (const [kind, place] of await places()) {
        for (const record of await recordsIn(client, kind, place)) {
          if (record.key === key) await client.call(place.model, 'unlink', [Number(record.id)]);
        }
      }
    },
  };
}

/** Start may create a model, so what there is is asked anew each time; fields that a version lacks are left out. */
async function placesOf(client: OdooClient): Promise<() => Promise<readonly (readonly [string, Place])[]>> {
  await client.call('res.users', 'context_get', undefined);
  return async () => {
    const all = Object.entries(PLACES).flatMap(([kind, places]) => places.map((place) => [kind, place] as const));
    const known = await Promise.all(
      all.map(async ([kind, place]) => {
        const fields = await fieldsOf(client, place.model);
        return [kind, { ...place, fields: place.fields.filter((name) => fields.has(name)) }] as const;
      }),
    );
    return known.filter(([, place]) => place.fields.length > 0);
  };
}

async function fieldsOf(client: OdooClient, model: string): Promise<ReadonlySet<string>> {
  const named = { context: { active_test: false } };
  const rows = await client.searchRead('ir.model.fields', [['model', '=', model]], ['name'], named);
  return new Set(rows.map(({ name }) => String(name)));
}

async function recordsIn(client: OdooClient, kind: string, place: Place): Promise<readonly StandInRecord[]> {
  const { model, fields, relations, lines } = place;
  const named = { limit: NEWEST, order: 'id desc', context: { active_test: false } };
  const rows = await client.searchRead(
    model,
    [],
    [...fields, ...Object.keys(relations), ...(lines ? [lines.field] : [])],
    named,
  );
  const names = await externalIdsOf(client, model, rows.map(idOf));
  const own = rows.filter((row) => OWN_KEY.test(keyOf(names.get(idOf(row)))));
  const ties = await tiesOf(client, place, own);
  const linesById = await linesOf(client, place, own);
  return own.map((row) => ({
    kind,
    key: keyOf(names.get(idOf(row))),
    id: String(row.id),
    fields: {
      ...filled(row, fields),
      ...(lines && { lines: idsIn(row[lines.field]).flatMap((id) => linesById.get(id) ?? []) }),
    },
    tiedTo: [...(ties.get(idOf(row)) ?? [])].filter((key) => key !== keyOf(names.get(idOf(row)))),
  }));
}

/** Lines by database id. */
async function linesOf(
  client: OdooClient,
  { lines }: Place,
  rows: readonly JsonObject[],
): Promise<ReadonlyMap<number, JsonObject>> {
  if (lines === undefined) return new Map();
  const ids = rows.flatMap((row) => idsIn(row[lines.field]));
  const found = await client.searchRead(lines.model, [['id', 'in', ids]], lines.fields);
  return new Map(found.map((line) => [idOf(line), filled(line, lines.fields)]));
}

function filled(row: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap((name): [string, JsonValue][] => (isFilled(row[name]) ? [[name, row[name] ?? null]] : [])),
  );
}

/** By its relations, by the document whose chatter it stands in, and by the keys that its texts name. */
async function tiesOf(
  client: OdooClient,
  { relations }: Place,
  rows: readonly JsonObject[],
): Promise<ReadonlyMap<number, ReadonlySet<string>>> {
  const pointers = rows.flatMap((row) => [
    ...Object.entries(relations).map(([field, model]) => ({ from: idOf(row), model, to: firstOf(row[field]) })),
    ...(typeof row.model === 'string' ? [{ from: idOf(row), model: row.model, to: Number(row.res_id) }] : []),
  ]);
  const ties = new Map(rows.map((row) => [idOf(row), new Set(JSON.stringify(row).match(KEY) ?? [])]));
  for (const [model, ofModel] of Map.groupBy(pointers, (pointer) => pointer.model)) {
    const ids = [...new Set(ofModel.map(({ to }) => to).filter((to) => to > 0))];
    const names = await externalIdsOf(client, model, ids);
    for (const { from, to } of ofModel) ties.get(from)?.add(keyOf(names.get(to)));
  }
  return ties;
}

function keyOf(externalId = ''): string {
  return externalId.startsWith(MODULE) ? externalId.slice(MODULE.length) : '';
}

function idOf({ id }: JsonObject): number {
  return typeof id === 'number' ? id : 0;
}

function idsIn(value: JsonValue | undefined): readonly number[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]).filter((id) => typeof id === 'number') : [];
}

/** A many2one reads as `[id, "label"]`. */
function firstOf(value: JsonValue | undefined): number {
  const first = Array.isArray(value) ? (value as readonly JsonValue[])[0] : undefined;
  return typeof first === 'number' ? first : 0;
}

function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== false && value !== '';
}
