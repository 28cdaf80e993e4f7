import type { Asked, Delivery, HeldRecord, Target } from '../connector.js';
import { objectOf, textOf } from '../kit/json.js';
import type { ObjectType } from './hubspot.api.js';
import { typesOf } from './hubspot.deliver.js';
import { type Draft, draftOf } from './hubspot.draft.js';
import { layouts } from './hubspot.layout.js';
import { rowsByKey } from './hubspot.relatives.js';

type Held = Asked<readonly HeldRecord[]>;

/** What HubSpot holds of these records, type by type. */
export async function heldByHubspot(deliveries: readonly Delivery[], target: Target): Promise<readonly Held[]> {
  // Not remembered where it is news: whoever only looks cannot create what is missing.
  const layout = await layouts.look(target);
  if (!layout.ok) return deliveries.map(() => layout);
  const types = await typesOf(deliveries, target, layout.value);
  const results = new Map<Delivery, Held>();
  const drafts = new Map<ObjectType, Draft[]>();
  for (const delivery of deliveries) {
    const type = types.get(delivery);
    const draft = type?.ok ? draftOf(delivery, type.value, layout.value) : type;
    if (draft === undefined) results.set(delivery, { ok: true, value: [] });
    else if (!draft.ok) results.set(delivery, draft);
    else if (type?.ok) drafts.set(type.value, [...(drafts.get(type.value) ?? []), draft.value]);
  }
  for (const [type, ofType] of drafts) {
    const held = await heldOfType(type, ofType, target);
    for (const { delivery } of ofType) results.set(delivery, held.get(delivery) ?? { ok: true, value: [] });
  }
  return deliveries.map((delivery) => results.get(delivery) ?? { ok: true, value: [] });
}

async function heldOfType(
  type: ObjectType,
  drafts: readonly Draft[],
  target: Target,
): Promise<ReadonlyMap<Delivery, Held>> {
  const keys = drafts.map(({ delivery }) => delivery.record.key);
  const properties = new Set(drafts.flatMap((draft) => Object.keys(draft.properties)));
  const rows = await rowsByKey(target, type, keys, [...properties]);
  return new Map(
    drafts.map(({ delivery, properties: wanted }): [Delivery, Held] => {
      if (!rows.ok) return [delivery, rows];
      const row = rows.value.get(delivery.record.key);
      return [
        delivery,
        { ok: true, value: [{ place: placeOf(type), wanted, ...(row && { held: heldIn(row, wanted) }) }] },
      ];
    }),
  );
}

/** The id of a custom object means nothing to people: the app has one, for policies. */
function placeOf(type: ObjectType): string {
  return /^\d/.test(type) ? 'policies (custom object)' : type;
}

/** HubSpot gives every value as text, and `null` where there is none. */
function heldIn(row: object, wanted: HeldRecord['wanted']): HeldRecord['wanted'] {
  const properties = objectOf('properties' in row ? row.properties : undefined);
  return Object.fromEntries(Object.keys(wanted).map((name) => [name, textOf(properties[name])]));
}
