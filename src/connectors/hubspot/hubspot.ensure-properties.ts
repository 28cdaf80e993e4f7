import type { Asked, Failure, Target } from '../connector.js';
import { objectsOf, textOf } from '../kit/json.js';
import { rejection } from './hubspot.advice.js';
import { type ObjectType, PATHS, post, read } from './hubspot.api.js';
import { GROUP, KEY, NOTE_PROPERTIES, type OwnProperties, propertyInput } from './hubspot.properties.js';

/** The properties that an object type has, and whether the key among them admits each value only once. */
export interface KnownProperties {
  readonly names: ReadonlySet<string>;
  readonly isKeyed: boolean;
}

/** Several times as many as HubSpot lets an object have, and longer than its names are: whoever answers may be somebody else. */
const MOST_PROPERTIES = 5_000;
const LONGEST_NAME = 255;

/** Creates the app's own properties of an object type where they are missing. */
export async function ensureProperties(
  target: Target,
  type: ObjectType,
  own: OwnProperties,
): Promise<Asked<KnownProperties>> {
  const there = await readProperties(target, type);
  if (!there.ok) return there;
  const complete = await createMissing(target, type, own, there.value);
  if (!complete.ok || complete.value.isKeyed) return complete;
  return { ok: false, failure: notUnique(type) };
}

/**
 * Notes stay single by a unique property where HubSpot lets them have one; whether it does is documented nowhere, so it
 * is tried. A refusal is an answer, not a failure.
 */
export async function tryNoteKeys(target: Target): Promise<Asked<KnownProperties>> {
  const there = await readProperties(target, 'notes');
  if (!there.ok && there.failure.outcome !== 'rejected') return there;
  const known = there.ok ? there.value : { names: new Set<string>(), isKeyed: false };
  const created = await createMissing(target, 'notes', NOTE_PROPERTIES, known);
  if (!created.ok && created.failure.outcome !== 'rejected') return created;
  return { ok: true, value: created.ok ? created.value : known };
}

async function readProperties(target: Target, type: ObjectType): Promise<Asked<KnownProperties>> {
  const properties = await read(target, PATHS.properties(type));
  if (!properties.ok) return properties;
  const results = objectsOf(properties.value.results);
  const isKeyed = results.some(({ name, hasUniqueValue }) => name === KEY && hasUniqueValue === true);
  const names = results.map(({ name }) => textOf(name)).filter(({ length }) => length <= LONGEST_NAME);
  return { ok: true, value: { names: new Set(names.slice(0, MOST_PROPERTIES)), isKeyed } };
}

async function createMissing(
  target: Target,
  type: ObjectType,
  own: OwnProperties,
  there: KnownProperties,
): Promise<Asked<KnownProperties>> {
  const missing = Object.entries(own).filter(([name]) => !there.names.has(name));
  if (missing.length === 0) return { ok: true, value: there };
  // A group that is there already is refused, which is as good.
  const group = await post(target, PATHS.propertyGroups(type), { ...GROUP, displayOrder: -1 });
  if (!group.ok && !isAnswer(group.failure)) return group;
  const inputs = missing.map(([name, property]) => propertyInput(name, property));
  const created = await post(target, PATHS.newProperties(type), { inputs });
  if (!created.ok && !isAnswer(created.failure)) return created;
  // Read back: some may have been there, made by somebody else at the same moment.
  const after = await readProperties(target, type);
  if (!after.ok || missing.every(([name]) => after.value.names.has(name))) return after;
  const lacksScope = !created.ok && created.failure.code === 'missing_scopes';
  return lacksScope ? created : { ok: false, failure: refusedProperties(type) };
}

/** HubSpot said no, or that it is there: both are settled by reading back. */
function isAnswer({ outcome, code }: Failure): boolean {
  return outcome === 'rejected' || code === 'conflict';
}

function refusedProperties(type: ObjectType): Extract<Failure, { outcome: 'rejected' }> {
  const advice =
    `HubSpot does not let the app create its properties of ${type}: it allows at most ten with unique values and, by ` +
    'plan, a number of own ones. Delete some that are not used, and start the app again.';
  return { ...rejection('properties_refused'), advice };
}

function notUnique(type: ObjectType): Extract<Failure, { outcome: 'rejected' }> {
  const advice =
    `The property ${KEY} of ${type} exists, but does not admit each value only once: delete it in HubSpot ` +
    '(Settings, Properties), and start the app again, which creates it as it must be.';
  return { ...rejection('key_not_unique'), advice };
}
