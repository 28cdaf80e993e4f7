import type { JsonObject, JsonValue } from '../../http/json.ts';
import type { OdooDatabase } from './odoo-database.ts';
import { OdooException, valueError } from './odoo-exception.ts';
import type { Field } from './odoo-models.ts';

/** One record of a `load` call, with the rows it came from. */
export interface ImportedRecord {
  readonly index: number;
  readonly rows: { readonly from: number; readonly to: number };
  readonly externalId: string | undefined;
  readonly values: Readonly<Record<string, JsonValue>>;
  /** Lines by one2many field. */
  readonly lines: ReadonlyMap<string, readonly ImportedLine[]>;
}

export interface ImportedLine {
  readonly externalId: string | undefined;
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** Why a row cannot be taken, in the words of the importer. */
export class RowProblem extends Error {
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

type Cells = ReadonlyMap<string, JsonValue>;

/** Groups rows to records: a row whose own cells are all empty continues the record before it. */
export function recordsIn(
  database: OdooDatabase,
  model: string,
  columns: readonly string[],
  data: readonly (readonly JsonValue[])[],
): readonly (Omit<ImportedRecord, 'values' | 'lines' | 'externalId'> & { readonly cells: readonly Cells[] })[] {
  checkColumns(database, model, columns);
  const own = columns.filter((column) => !isLineColumn(database, model, column));
  const groups: { index: number; rows: { from: number; to: number }; cells: Cells[] }[] = [];
  data.forEach((row, from) => {
    const cells = new Map(columns.map((column, index) => [column, row[index] ?? '']));
    const last = groups.at(-1);
    const continues = own.length < columns.length && own.every((column) => cells.get(column) === '');
    if (continues && last) {
      last.cells.push(cells);
      last.rows.to = from;
    } else {
      groups.push({ index: groups.length, rows: { from, to: from }, cells: [cells] });
    }
  });
  return groups;
}

/** An unknown column is a mistake of the whole call. */
function checkColumns(database: OdooDatabase, model: string, columns: readonly string[]): void {
  for (const column of columns) {
    if (column === 'id' || column === '.id') continue;
    const [name = '', ...rest] = column.split('/');
    const field = database.model(model).fields.get(name);
    if (field === undefined) throw valueError(`Invalid field name '${column}'`);
    if (field.type === 'one2many') checkColumns(database, field.model ?? '', [rest.join('/')]);
  }
}

function isLineColumn(database: OdooDatabase, model: string, column: string): boolean {
  return database.model(model).fields.get(column.split('/')[0] ?? '')?.type === 'one2many';
}

/** The values of one record, converted. @throws {RowProblem} */
export function convertRecord(
  database: OdooDatabase,
  model: string,
  cells: readonly Cells[],
): Pick<ImportedRecord, 'externalId' | 'values' | 'lines'> {
  const [first = new Map<string, JsonValue>()] = cells;
  const columns = [...first.keys()];
  const own = columns.filter((column) => !isLineColumn(database, model, column));
  const lines = new Map<string, ImportedLine[]>();
  for (const row of cells) {
    for (const name of new Set(
      columns.filter((column) => !own.includes(column)).map((column) => column.split('/')[0] ?? ''),
    )) {
      const ofLine = columns.filter((column) => column.startsWith(`${name}/`));
      if (ofLine.every((column) => row.get(column) === '')) continue;
      const lineModel = database.field(model, name).model ?? '';
      const stripped = new Map(ofLine.map((column) => [column.slice(name.length + 1), row.get(column) ?? '']));
      const line = convertCells(database, lineModel, stripped);
      lines.set(name, [...(lines.get(name) ?? []), line]);
    }
  }
  return { ...convertCells(database, model, new Map(own.map((column) => [column, first.get(column) ?? '']))), lines };
}

function convertCells(database: OdooDatabase, model: string, cells: Cells): ImportedLine {
  let externalId: string | undefined;
  const values: Record<string, JsonValue> = {};
  for (const [column, cell] of cells) {
    if (column === 'id') externalId = externalIdIn(cell);
    else {
      const [name = '', subfield = ''] = column.split('/');
      values[name] = converted(database, name, database.field(model, name), subfield, cell);
    }
  }
  return { externalId, values };
}

function externalIdIn(cell: JsonValue): string | undefined {
  const text = String(cell);
  if (text === '') return undefined;
  if (text.includes(' ')) throw new RowProblem(`The external ID '${text}' contains a space`);
  return text.includes('.') ? text : `__import__.${text}`;
}

function converted(database: OdooDatabase, name: string, field: Field, subfield: string, cell: JsonValue): JsonValue {
  if (typeof cell === 'boolean')
    throw new OdooException(500, 'builtins.AttributeError', "'bool' object has no attribute 'lower'");
  const text = String(cell);
  if (field.type === 'many2one') return text === '' ? false : relatedId(database, name, field, subfield, text);
  if (field.type === 'many2many') {
    const parts = text.split(',').filter((part) => part !== '');
    return parts.map((part) => relatedId(database, name, field, subfield, part));
  }
  if (subfield !== '') throw valueError(`Invalid field name '${name}/${subfield}'`);
  if (field.type === 'boolean') return ['true', '1', 'yes'].includes(text.toLowerCase());
  if (text === '') return field.type === 'float' || field.type === 'integer' ? 0 : false;
  return convertedText(name, field, text);
}

function convertedText(name: string, { type, label, values = {} }: Field, text: string): JsonValue {
  switch (type) {
    case 'float':
    case 'integer': {
      const number = Number(text);
      const fits = Number.isFinite(number) && (type === 'float' || Number.isInteger(number));
      if (!fits) throw new RowProblem(`'${text}' does not seem to be a number for field '${label}'`, name);
      return number;
    }
    case 'date':
      return checkedDate(name, label, text, /^\d{4}-\d{2}-\d{2}$/, text);
    case 'datetime':
      return checkedDate(name, label, text, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, `${text.replace(' ', 'T')}Z`);
    case 'selection': {
      const found = Object.entries(values).find(([value, shown]) => value === text || shown === text);
      if (found === undefined) throw new RowProblem(`Value '${text}' not found in selection field '${label}'`, name);
      return found[0];
    }
    default:
      return text;
  }
}

function checkedDate(name: string, label: string, text: string, form: RegExp, iso: string): string {
  if (form.test(text) && !Number.isNaN(Date.parse(iso))) return text;
  throw new RowProblem(`'${text}' does not seem to be a valid date for field '${label}'`, name);
}

function relatedId(database: OdooDatabase, name: string, field: Field, subfield: string, text: string): number {
  const { model = '', label } = field;
  const kind = { id: 'external id', '.id': 'database id', '': 'name' }[subfield];
  if (kind === undefined)
    throw valueError(`Can not create Many-To-One records indirectly, import the field separately`);
  const found = relatedIn(database, model, subfield, text);
  if (found === undefined)
    throw new RowProblem(`No matching record found for ${kind} '${text}' in field '${label}'`, name);
  return found;
}

function relatedIn(database: OdooDatabase, model: string, subfield: string, text: string): number | undefined {
  if (subfield === '.id') return database.find(model, Number(text))?.id;
  if (subfield === 'id') {
    const target = database.externalIds.get(text);
    return target?.model === model ? target.id : undefined;
  }
  const named = database.rows(model).filter((row) => row.active !== false);
  return named.find((row) => row.name === text || (model === 'res.country' && row.code === text.toUpperCase()))?.id;
}

/** The entry of `messages` for a record that was refused. */
export function messageOf(record: Pick<ImportedRecord, 'index' | 'rows'>, message: string, field?: string): JsonObject {
  const { index, rows } = record;
  return { type: 'error', record: index, rows: { ...rows }, message, ...(field !== undefined && { field }) };
}
