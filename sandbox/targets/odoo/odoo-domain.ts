import type { JsonValue } from '../../http/json.ts';
import type { OdooDatabase, Row } from './odoo-database.ts';
import { valueError } from './odoo-exception.ts';

/** Whether a record fits a search domain: leaves and the operators `&`, `|`, `!` in prefix order; `&` where none is. */
export function matches(database: OdooDatabase, model: string, row: Row, domain: JsonValue): boolean {
  if (!Array.isArray(domain)) throw valueError(`Domain must be a list: ${JSON.stringify(domain)}`);
  const terms = [...(domain as readonly JsonValue[])];
  let fits = true;
  while (terms.length > 0) {
    const one = nextTerm(database, model, row, terms);
    fits &&= one;
  }
  return fits;
}

function nextTerm(database: OdooDatabase, model: string, row: Row, terms: JsonValue[]): boolean {
  const term = terms.shift();
  if (term === '!') return !nextTerm(database, model, row, terms);
  if (term === '&' || term === '|') {
    const [left, right] = [nextTerm(database, model, row, terms), nextTerm(database, model, row, terms)];
    return term === '&' ? left && right : left || right;
  }
  if (!Array.isArray(term) || term.length !== 3) throw valueError(`Invalid leaf ${JSON.stringify(term)}`);
  const [path, operator, value] = term as readonly JsonValue[];
  return compares(valueAt(database, model, row, String(path)), String(operator), value ?? false);
}

/** A dotted path leads through many2one fields. */
function valueAt(database: OdooDatabase, model: string, row: Row, path: string): JsonValue {
  const [name = '', ...rest] = path.split('.');
  const field = database.field(model, name);
  const value = row[name] ?? false;
  if (rest.length === 0) return value;
  const other = typeof value === 'number' ? database.find(field.model ?? '', value) : undefined;
  if (other === undefined) {
    database.field(field.model ?? '', rest[0] ?? '');
    return false;
  }
  return valueAt(database, field.model ?? '', other, rest.join('.'));
}

function compares(held: JsonValue, operator: string, value: JsonValue): boolean {
  switch (operator) {
    case '=':
      return held === value;
    case '!=':
      return held !== value;
    case 'in':
      return Array.isArray(value) && value.includes(held);
    case 'ilike':
      return typeof held === 'string' && held.toLowerCase().includes(String(value).toLowerCase());
    case '=ilike':
      return typeof held === 'string' && held.toLowerCase() === String(value).toLowerCase();
    default:
      throw valueError(`Invalid operator ${operator}`);
  }
}
