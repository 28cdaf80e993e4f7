import type { RecordKey } from '../../../records/record-key.js';
import type { RecordKind } from '../../../records/record-kinds.js';
import type { DeliveryResult } from '../../connector.js';
import { activityRow, type ChatterPlace } from '../mapping/activity.js';
import { type OdooAccount, policyModelOf } from '../odoo.account.js';
import { IN_UTC, type LoadEntry, NO_RESULT, upsertRows } from '../odoo.load.js';
import type { Odoo } from '../odoo.api.js';
import { externalIdsOf, isStillOurs } from '../odoo.external-ids.js';
import { type DeliveryOf, type Writer } from './writing.js';

const ESSENTIAL: ReadonlySet<string> = new Set(['id', 'model', 'res_id', 'body', 'message_type', 'subtype_id']);

/** A line stands in one chatter: that of the policy, or of the policyholder where there is no policy. */
export const writeActivities: Writer<'activity'> = async (deliveries, { odoo, account }) => {
  const places = new Map(deliveries.map((delivery) => [delivery, placeOf(delivery, account)]));
  const asked = await missingPlaces(
    odoo,
    [...places.values()].filter((place) => 'model' in place),
  );
  const settled = new Map<DeliveryOf<'activity'>, DeliveryResult>();
  const entries: LoadEntry[] = [];
  for (const [delivery, place] of places) {
    if (!('model' in place)) settled.set(delivery, place);
    else if (!asked.ok) settled.set(delivery, asked.failure);
    else if (asked.value.has(nameOf(place))) settled.set(delivery, { outcome: 'dependency', code: 'record_missing' });
    else entries.push({ delivery, row: activityRow(delivery.record, place) });
  }
  const written = await upsertRows({ odoo, model: 'mail.message', essential: ESSENTIAL, options: IN_UTC }, entries);
  entries.forEach(({ delivery }, index) => {
    const known = deliveries.find((one) => one === delivery);
    const result = written[index];
    if (known && result) settled.set(known, result);
  });
  return deliveries.map((delivery) => settled.get(delivery) ?? NO_RESULT);
};

/** Where a record of this kind lives in this account; undefined: nowhere. */
function modelOf(kind: RecordKind, account: OdooAccount): string | undefined {
  const { models } = account;
  switch (kind) {
    case 'party':
      return 'res.partner';
    case 'policy':
      return policyModelOf(account);
    case 'quote':
      return models['crm.lead'] === 'missing' ? undefined : 'crm.lead';
    case 'invoice':
      return models['account.move'] === 'missing' ? undefined : 'account.move';
    case 'payment':
      return models['account.move'] === 'missing' ? undefined : 'account.payment';
    case 'claim':
      return models['project.task'] === 'missing' ? undefined : 'project.task';
    case 'policy_change':
    case 'claim_item':
    case 'premium_row':
    case 'activity':
      return undefined;
  }
}

/** With the key of the record that is known to be there. */
interface OwnPlace extends ChatterPlace {
  readonly key: RecordKey;
}

function placeOf({ record, relatedIds }: DeliveryOf<'activity'>, account: OdooAccount): OwnPlace | DeliveryResult {
  const held = record.relations.flatMap(({ kind, key }) => {
    const model = modelOf(kind, account);
    return model === undefined ? [] : [{ model, id: Number(relatedIds.get(key) ?? 0), key }];
  });
  if (held.length === 0) return { outcome: 'skipped', code: 'no_record_to_write_on' };
  return held.find(({ id }) => id > 0) ?? { outcome: 'dependency', code: 'related_record_unknown' };
}

function nameOf({ model, id }: ChatterPlace): string {
  return `${model} ${id}`;
}

/**
 * A message would also be written to a record that is gone, and nobody would ever see it; and to one that is somebody else's
 * by now, where everybody would.
 */
async function missingPlaces(odoo: Odoo, places: readonly OwnPlace[]) {
  const missing = new Set<string>();
  for (const [model, ofModel] of Map.groupBy(places, (place) => place.model)) {
    const ids = [...new Set(ofModel.map(({ id }) => id))];
    const rows = await odoo.searchRead(model, [['id', 'in', ids]], ['id']);
    if (!rows.ok) return rows;
    const there = new Set(rows.value.map((row) => row['id']));
    const names = await externalIdsOf(
      odoo,
      model,
      ids.filter((id) => there.has(id)),
    );
    if (!names.ok) return names;
    for (const place of ofModel) if (!isStillOurs(names.value.get(place.id), place.key)) missing.add(nameOf(place));
  }
  return { ok: true, value: missing } as const;
}
