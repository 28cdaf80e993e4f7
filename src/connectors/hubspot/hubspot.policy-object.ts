import type { Asked, Target } from '../connector.js';
import { type JsonObject, objectsOf, textOf } from '../kit/json.js';
import { type ObjectType, PATHS, post, read } from './hubspot.api.js';
import { KEY, POLICY_PROPERTIES, propertyInput } from './hubspot.properties.js';

const NAME = 'socotra_policy';

/**
 * The custom object for policies, by the id that its paths use; undefined: there is none yet. Rejected: the account or
 * the token has no custom objects.
 */
export async function findPolicyObject(target: Target): Promise<Asked<ObjectType | undefined>> {
  const schemas = await read(target, PATHS.schemas);
  if (!schemas.ok) return schemas;
  const found = objectsOf(schemas.value.results).find(({ name, archived }) => name === NAME && archived !== true);
  return { ok: true, value: found && (textOf(found.objectTypeId) || undefined) };
}

/** Creates it with what people search and read it by; the rest of its properties follow like those of other objects. */
export async function createPolicyObject(target: Target): Promise<Asked<ObjectType>> {
  const number = 'socotra_number';
  const created = await post(target, PATHS.schemas, {
    name: NAME,
    labels: { singular: 'Policy', plural: 'Policies' },
    primaryDisplayProperty: number,
    secondaryDisplayProperties: [],
    requiredProperties: [number],
    searchableProperties: [number],
    associatedObjects: ['CONTACT', 'COMPANY', 'DEAL', 'TICKET'],
    allowsSensitiveProperties: false,
    properties: [
      withoutGroup(propertyInput(number, POLICY_PROPERTIES[number])),
      withoutGroup(propertyInput(KEY, POLICY_PROPERTIES[KEY])),
    ],
  });
  if (created.ok) return { ok: true, value: textOf(created.value.objectTypeId) };
  // Somebody else may have been faster, and then the name is taken.
  const found = await findPolicyObject(target);
  return found.ok && found.value !== undefined ? { ok: true, value: found.value } : created;
}

/** The group can only be made once the object is there. */
function withoutGroup({ groupName: _group, ...input }: JsonObject): JsonObject {
  return input;
}
