import type { Asked, Target } from '../connector.js';
import { type JsonObject, objectOf, objectsOf, textOf } from '../kit/json.js';
import { AccountMemory } from '../kit/account-memory.js';
import { describe, query } from './salesforce.api.js';
import { definitionOf, type Flavour, type ObjectName, OBJECTS_OF } from './salesforce.objects.js';
import { chooseStatuses, type ChosenStatuses, readStatuses, type Status } from './salesforce.statuses.js';

/** A field as the integration user sees it. */
export interface OrgField {
  readonly type: string;
  /** Characters; 0 where the type has none. */
  readonly length: number;
  /** This and `unique` are told of the table's fields only. */
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly writable: boolean;
  /** The active values of a picklist that the table names; none of any other. */
  readonly values: readonly string[];
}

/** The fields by name: those of the table, and whatever else may be written. */
export type OrgObject = ReadonlyMap<string, OrgField>;

/** What the connector knows of an org. */
export interface Org {
  /** The org's own id: a sandbox that is refreshed keeps its address, but gets another one, and has lost what it held. */
  readonly id: string;
  readonly flavour: Flavour;
  /** People are accounts themselves, of this record type. */
  readonly personRecordTypeId?: string;
  readonly personAccounts: boolean;
  /** Objects that the integration user cannot see are absent. */
  readonly objects: ReadonlyMap<ObjectName, OrgObject>;
  readonly statuses: ChosenStatuses;
}

export const orgs = new AccountMemory<Org>(learn);

const STATUS_QUERIES = {
  stages: 'SELECT ApiName, IsClosed, IsWon FROM OpportunityStage WHERE IsActive = true ORDER BY SortOrder',
  cases: 'SELECT ApiName, IsClosed FROM CaseStatus ORDER BY SortOrder',
  tasks: 'SELECT ApiName, IsClosed FROM TaskStatus ORDER BY SortOrder',
} as const;

const PERSON_TYPE =
  "SELECT Id FROM RecordType WHERE SobjectType = 'Account' AND IsPersonType = true AND IsActive = true ORDER BY DeveloperName LIMIT 1";

/** The org behind the address, as its own id. */
export async function identifyOrg(target: Target): Promise<Asked<string>> {
  const org = await orgs.get(target);
  return org.ok ? { ok: true, value: org.value.id } : org;
}

async function learn(target: Target): Promise<Asked<Org>> {
  // Only orgs with Financial Services Cloud have the object; a user without its licence must not see it either.
  const insurance = await describe(target, 'InsurancePolicy');
  if (!insurance.ok) return insurance;
  const flavour: Flavour = insurance.value === null ? 'plain' : 'fsc';
  const objects = new Map<ObjectName, OrgObject>();
  let personAccounts = false;
  for (const object of OBJECTS_OF[flavour]) {
    const described = object === 'InsurancePolicy' ? insurance : await describe(target, object);
    if (!described.ok) return described;
    if (described.value === null) continue;
    const fields = objectsOf(objectOf(described.value).fields);
    objects.set(object, readObject(object, fields));
    if (object === 'Account') personAccounts = fields.some(({ name }) => name === 'IsPersonAccount');
  }
  const personType = personAccounts ? await query(target, PERSON_TYPE) : undefined;
  if (personType !== undefined && !personType.ok) return personType;
  const personRecordTypeId = objectOf(personType?.value[0]).Id;
  const statuses = await learnStatuses(target, objects);
  if (!statuses.ok) return statuses;
  const organization = await query(target, 'SELECT Id FROM Organization');
  if (!organization.ok) return organization;
  return {
    ok: true,
    value: {
      id: textOf(objectOf(organization.value[0]).Id),
      flavour,
      personAccounts,
      ...(typeof personRecordTypeId === 'string' && { personRecordTypeId }),
      objects,
      statuses: statuses.value,
    },
  };
}

async function learnStatuses(target: Target, objects: Org['objects']): Promise<Asked<ChosenStatuses>> {
  const stages = await listOf(target, objects, 'Opportunity', STATUS_QUERIES.stages);
  if (!stages.ok) return stages;
  const cases = await listOf(target, objects, 'Case', STATUS_QUERIES.cases);
  if (!cases.ok) return cases;
  const tasks = await listOf(target, objects, 'Task', STATUS_QUERIES.tasks);
  if (!tasks.ok) return tasks;
  return { ok: true, value: chooseStatuses({ stages: stages.value, cases: cases.value, tasks: tasks.value }) };
}

/** The statuses that the user may choose, with what they mean; a user who may not read the meaning gets none. */
async function listOf(
  target: Target,
  objects: Org['objects'],
  object: 'Opportunity' | 'Case' | 'Task',
  soql: string,
): Promise<Asked<readonly Status[]>> {
  const field = objects.get(object)?.get(object === 'Opportunity' ? 'StageName' : 'Status');
  if (field === undefined) return { ok: true, value: [] };
  const rows = await query(target, soql);
  if (!rows.ok && rows.failure.outcome !== 'rejected') return rows;
  return { ok: true, value: readStatuses(field.values, rows.ok ? rows.value : []) };
}

/** Twice as many as Salesforce lets an object have, and as long as any text of its own: whoever answers may be somebody else. */
const MOST_FIELDS = 2_000;
const MOST_CHOICES = 1_000;
const LONGEST_TEXT = 255;

/**
 * What is used of a description, which lists hundreds of fields and thousands of choices and is kept as long as the org is
 * in use: the fields of the table, and of all others, any of which may be the tenant's own, how they are written.
 */
function readObject(object: ObjectName, fields: readonly JsonObject[]): OrgObject {
  const { standard, own, relations } = definitionOf(object);
  const lookups = new Set(Object.values(relations).map(({ field }) => field));
  const alike = new Map<string, OrgField>();
  return new Map(
    fields.slice(0, MOST_FIELDS).flatMap((described): [string, OrgField][] => {
      const { name } = described;
      if (!isShort(name) || !isShort(described.type)) return [];
      const field = readField(described, standard[name] === 'picklist');
      if (Object.hasOwn(standard, name) || Object.hasOwn(own, name) || lookups.has(name)) return [[name, field]];
      if (!field.writable) return [];
      const shape = `${field.type} ${field.length}`;
      const known = alike.get(shape) ?? { ...field, externalId: false, unique: false };
      alike.set(shape, known);
      return [[name, known]];
    }),
  );
}

function readField(described: JsonObject, isChosenFrom: boolean): OrgField {
  const { type, length, externalId, unique, createable, updateable, picklistValues } = described;
  const choices = isChosenFrom ? objectsOf(picklistValues).filter(({ active }) => active === true) : [];
  return {
    type: textOf(type),
    length: typeof length === 'number' ? length : 0,
    externalId: externalId === true,
    unique: unique === true,
    writable: createable === true && updateable === true,
    values: choices
      .slice(0, MOST_CHOICES)
      .map(({ value }) => value)
      .filter(isShort)
      .filter((value) => value !== ''),
  };
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_TEXT;
}
