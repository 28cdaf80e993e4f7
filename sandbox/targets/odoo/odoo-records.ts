import type { JsonObject, JsonValue } from '../../http/json.ts';
import type { StandInRecord } from '../target-stand-in.ts';
import type { OdooAccounting } from './odoo-accounting.ts';
import type { OdooDatabase, Row } from './odoo-database.ts';

/** Where the records of a kind live. */
export const KIND_MODELS: Readonly<Record<string, readonly string[]>> = {
  party: ['res.partner'],
  quote: ['crm.lead'],
  policy: ['x_insurance_policy', 'sale.order'],
  invoice: ['account.move'],
  payment: ['account.payment'],
  claim: ['project.task'],
  activity: ['mail.message'],
};

const MODULE = 'socotra_sync.';
/** What an external id ends in that stands for no record of the app's: credit notes and remarks of the connector. */
const COMPANION = /_(reversal|written_off)$/;
const KEY = /\b[ps]-(?:pty|quo|pol|inv|pay|clm)-[A-Za-z0-9_-]+/g;

/** The record key in an external id. */
export function keyOf(externalId: string): string {
  return externalId.startsWith(MODULE) ? externalId.slice(MODULE.length) : '';
}

/** What stands for canonical records; one that was made without an external id is a double, and shows. */
export function standInRecords(database: OdooDatabase, accounting: OdooAccounting): readonly StandInRecord[] {
  const found = Object.entries(KIND_MODELS).flatMap(([kind, models]) =>
    models.filter((model) => database.has(model)).flatMap((model) => recordsOf(database, accounting, kind, model)),
  );
  const keys = new Set(found.map(({ key }) => key));
  return found.map((record) => ({ ...record, tiedTo: record.tiedTo.filter((key) => keys.has(key)).toSorted() }));
}

function recordsOf(
  database: OdooDatabase,
  accounting: OdooAccounting,
  kind: string,
  model: string,
): readonly StandInRecord[] {
  return database.rows(model).flatMap((row): StandInRecord[] => {
    const externalId = database.externalIdOf(model, row.id) ?? '';
    // The entry behind a payment is the payment's.
    if (row.move_type === 'entry' || COMPANION.test(externalId)) return [];
    const key = keyOf(externalId) || `without-external-id-${row.id}`;
    const tiedTo = [...new Set(tiesOf(database, accounting, model, row))].filter((other) => other !== key);
    return [{ kind, key, id: String(row.id), fields: fieldsOf(database, model, row), tiedTo }];
  });
}

function fieldsOf(database: OdooDatabase, model: string, row: Row): JsonObject {
  const { fields } = database.model(model);
  const shown = [...fields].filter(([name]) => isFilled(row[name]) || fields.get(name)?.type === 'one2many');
  return Object.fromEntries(
    shown.map(([name, field]): [string, JsonValue] => {
      if (field.type === 'many2one') return [name, database.labelOf(field.model ?? '', row[name])];
      if (field.type !== 'one2many') return [name, row[name] ?? false];
      return [name, database.linesOf(model, row.id, name).map((line) => fieldsOf(database, field.model ?? '', line))];
    }),
  );
}

function isFilled(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== false && value !== '';
}

/** By its relations, by the document whose chatter it stands in, by what it pays, and by the keys that its texts name. */
function tiesOf(database: OdooDatabase, accounting: OdooAccounting, model: string, row: Row): readonly string[] {
  const ties = [...database.model(model).fields].flatMap(([name, field]) => {
    const id = row[name];
    return field.type === 'many2one' && typeof id === 'number' ? [[field.model ?? '', id] as const] : [];
  });
  if (typeof row.model === 'string' && typeof row.res_id === 'number') ties.push([row.model, row.res_id]);
  if (model === 'account.payment')
    ties.push(...accounting.invoicesOf(row.id).map((id) => ['account.move', id] as const));
  const named = ['invoice_origin', 'memo', 'ref', 'description'].map((name) => String(row[name] ?? ''));
  return [
    ...ties.map(([other, id]) => keyOf(database.externalIdOf(other, id) ?? '')),
    ...named.flatMap((text) => text.match(KEY) ?? []),
  ];
}
