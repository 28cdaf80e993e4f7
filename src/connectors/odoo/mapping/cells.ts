import type { CustomFields, IsoInstant } from '../../../records/canonical-record.js';
import type { RecordKey } from '../../../records/record-key.js';
import type { RecordKind } from '../../../records/record-kinds.js';
import type { Delivery } from '../../connector.js';
import { EXTERNAL_ID_MODULE } from '../odoo.load-answer.js';
import type { Cells } from '../odoo.load.js';

/** The name under which `load` finds the record again; the dot separates the module from it. */
export function externalId(key: string): string {
  return `${EXTERNAL_ID_MODULE}.${key}`;
}

/** One cell, or none where the value is missing; an empty cell clears the field. */
export function cell(column: string, value: string | null | undefined): Cells {
  return value === undefined ? {} : { [column]: value ?? '' };
}

/** Fields of the tenant's own, by Odoo's names of them. */
export function customCells({ custom = {} }: CustomFields): Cells {
  return Object.assign({}, ...Object.entries(custom).map(([name, value]) => cell(name, value))) as Cells;
}

export function relatedKey({ record }: Delivery, kind: RecordKind): RecordKey | undefined {
  return record.relations.find((relation) => relation.kind === kind)?.key;
}

/** A many2one by the external id of the related record. */
export function relatedCell(column: string, key: RecordKey | undefined): Cells {
  return cell(`${column}/id`, key === undefined ? undefined : externalId(key));
}

/** `2024-05-21 15:30:00`, as Odoo writes date-times: UTC, whole seconds. */
export function secondOf(instant: IsoInstant): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
}
