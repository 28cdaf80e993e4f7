import type { FieldGroups, FieldValues, Policyholder } from '../entities.js';
import type { Fields } from './fields.js';
import { readFieldValues, readSubEntities } from './field-values.js';
import { compact, parseObject, type Parsed } from './parsed.js';

/** The values live in `entity`; the entity search answers in another shape, which must not pass for this one. */
function readEntity(fields: Fields): { readonly values: FieldValues; readonly subEntities: FieldGroups } {
  const entity = fields.object('entity');
  if (entity !== undefined) {
    return {
      values: readFieldValues(entity, 'values'),
      subEntities: readSubEntities(entity, 'subEntitiesByLocator'),
    };
  }
  if (fields.raw('entity') === undefined) fields.note('entity', 'is missing');
  return { values: {}, subEntities: {} };
}

function readPolicyholder(fields: Fields): Policyholder {
  return compact({
    locator: fields.locator(),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    ...readEntity(fields),
  });
}

/** `GET /policyholder/{locator}`. */
export function parsePolicyholder(json: unknown): Parsed<Policyholder> {
  return parseObject(json, 'policyholder', readPolicyholder);
}
