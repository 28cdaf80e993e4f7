import { textOf, type JsonObject, type JsonValue } from '../../http/json.ts';
import type { StandInRecord } from '../target-stand-in.ts';
import type { ObjectDefinition } from './org-metadata.ts';
import type { OrgStore, StoredRecord } from './org-store.ts';

const KEY = 'Socotra_Key__c';

const KINDS: Readonly<Record<string, string>> = {
  pty: 'party',
  quo: 'quote',
  pol: 'policy',
  chg: 'policy_change',
  clm: 'claim',
  sub: 'claim_item',
  prm: 'premium_row',
  act: 'activity',
};

/** Two kinds share an object, so the key says which one a record is. */
export function kindOfKey(key: string): string {
  return KINDS[key.split('-')[1] ?? ''] ?? 'unknown';
}

/** What the app wrote. A person is an account and, without person accounts, its contact: one record of the app's. */
export function standInRecords(
  store: OrgStore,
  objects: ReadonlyMap<string, ObjectDefinition>,
): readonly StandInRecord[] {
  const ours = store.records.filter(({ fields }) => typeof fields[KEY] === 'string');
  const contacts = ours.filter((record) => accountOf(store, record) !== undefined);
  return ours
    .filter((record) => !contacts.includes(record))
    .map((record) => {
      const contact = contacts.find((one) => accountOf(store, one) === record);
      const key = textOf(record.fields[KEY]);
      return {
        kind: kindOfKey(key),
        key,
        id: record.id,
        fields: {
          ...shown(record, objects),
          ...(contact && prefixed('Contact', shown(contact, objects))),
        },
        tiedTo: tiesOf(store, record, objects),
      };
    });
}

/** The account of the same person that a contact belongs to. */
function accountOf(store: OrgStore, { object, fields }: StoredRecord): StoredRecord | undefined {
  const account = object === 'Contact' ? store.byId(textOf(fields.AccountId)) : undefined;
  return account?.fields[KEY] === fields[KEY] ? account : undefined;
}

function isLookup(objects: ReadonlyMap<string, ObjectDefinition>, object: string, field: string): boolean {
  return objects.get(object)?.get(field)?.type === 'reference';
}

function shown({ object, fields }: StoredRecord, objects: ReadonlyMap<string, ObjectDefinition>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => name !== KEY && !isLookup(objects, object, name)),
  );
}

function prefixed(prefix: string, fields: JsonObject): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${prefix}.${name}`, value]));
}

function tiesOf(
  store: OrgStore,
  { object, fields }: StoredRecord,
  objects: ReadonlyMap<string, ObjectDefinition>,
): readonly string[] {
  return Object.entries(fields)
    .filter(([name]) => isLookup(objects, object, name))
    .flatMap(([, id]) => textOf(store.byId(textOf(id))?.fields[KEY]) || [])
    .toSorted();
}
