import type { RecordKey } from '../../../records/record-key.js';
import type { Asked, Delivery } from '../../connector.js';
import { textOf } from '../../kit/json.js';
import type { Odoo } from '../odoo.api.js';
import { externalIdsOf, isRecordOf } from '../odoo.external-ids.js';
import { knownIds } from './writing.js';

/** Where a model keeps the text, and what its records are called. */
export interface TextPlace {
  readonly model: string;
  readonly field: string;
  readonly titleField: string;
}

/**
 * Texts (HTML) that Odoo holds for these records, by key, so that what people wrote there is kept. A record whose id is
 * not known, because it is new or the app lost its memory, is looked for by its title. Both are confirmed by the external id.
 *
 * @param titleOf what the record is called in Odoo; undefined: it does not say
 */
export async function readTexts<D extends Delivery>(
  odoo: Odoo,
  { model, field, titleField }: TextPlace,
  deliveries: readonly D[],
  titleOf: (delivery: D) => string | undefined,
): Promise<Asked<ReadonlyMap<RecordKey, string>>> {
  const ids = knownIds(deliveries);
  const titles = deliveries.flatMap((delivery) => {
    const title = delivery.targetId === undefined ? titleOf(delivery) : undefined;
    return title === undefined ? [] : [title];
  });
  if (ids.length === 0 && titles.length === 0) return { ok: true, value: new Map() };
  const rows = await odoo.searchRead(model, ['|', ['id', 'in', ids], [titleField, 'in', titles]], [field]);
  if (!rows.ok) return rows;
  const found = rows.value.flatMap(({ id, [field]: text }) =>
    typeof id === 'number' ? [{ id, text: textOf(text) }] : [],
  );
  const names = await externalIdsOf(
    odoo,
    model,
    found.map(({ id }) => id),
  );
  if (!names.ok) return names;
  const texts = deliveries.flatMap(({ record: { key }, targetId }): [RecordKey, string][] => {
    const own = found.find(({ id }) => isRecordOf(key, names.value.get(id), String(id) === targetId));
    return own === undefined ? [] : [[key, own.text]];
  });
  return { ok: true, value: new Map(texts) };
}
