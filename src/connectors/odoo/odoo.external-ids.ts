import type { RecordKey } from '../../records/record-key.js';
import type { Asked } from '../connector.js';
import { isObject, textOf } from '../kit/json.js';
import { externalId } from './mapping/cells.js';
import type { Odoo } from './odoo.api.js';
import { EXTERNAL_ID_MODULE } from './odoo.load-answer.js';

/** The external ids of records, by database id; a user needs no right to `ir.model.data` for it. */
export async function externalIdsOf(
  odoo: Odoo,
  model: string,
  ids: readonly number[],
): Promise<Asked<ReadonlyMap<number, string>>> {
  if (ids.length === 0) return { ok: true, value: new Map() };
  const answer = await odoo.call({ model, method: 'get_external_id', ids });
  if (!answer.ok) return answer;
  const names = isObject(answer.value) ? Object.entries(answer.value) : [];
  return { ok: true, value: new Map(names.map(([id, name]) => [Number(id), textOf(name)])) };
}

/**
 * Whether the record that once got this database id as ours still is: in a database that was restored from a backup it is
 * somebody else's by now. Odoo tells one external id of each record, the oldest: people may have named ours before.
 *
 * @param name of {@link externalIdsOf}
 */
export function isStillOurs(name: string | undefined, key: RecordKey): boolean {
  if (name === undefined || name === '') return false;
  return name === externalId(key) || !name.startsWith(`${EXTERNAL_ID_MODULE}.`);
}

/** Whether a record that was found by its database id or its title is the one of this key. */
export function isRecordOf(key: RecordKey, name: string | undefined, hasOurId: boolean): boolean {
  return name === externalId(key) || (hasOurId && isStillOurs(name, key));
}
