import type { PlannedRow } from '../../src/connectors/salesforce/mapping/planned-row.js';
import type { OwnField, StandardType } from '../../src/connectors/salesforce/objects/object-definition.js';
import { jsonText } from '../../src/connectors/salesforce/salesforce.json.js';
import {
  definitionOf,
  type Flavour,
  type ObjectName,
  OBJECTS_OF,
} from '../../src/connectors/salesforce/salesforce.objects.js';
import type { Org, OrgField, OrgObject } from '../../src/connectors/salesforce/salesforce.org.js';

const TYPES: Readonly<Record<StandardType | OwnField['type'], string>> = {
  text: 'string',
  picklist: 'picklist',
  money: 'currency',
  date: 'date',
  datetime: 'datetime',
  id: 'reference',
  longText: 'textarea',
  email: 'email',
  checkbox: 'boolean',
  lookup: 'reference',
};

const PICKLISTS: Readonly<Record<string, readonly string[]>> = {
  'InsurancePolicy.Status': ['Initial', 'In Force', 'Lapsed', 'Cancelled', 'Expired'],
  'InsurancePolicy.PremiumFrequency': ['Annual', 'Upfront'],
  'InsurancePolicyTransaction.Type': ['New Business', 'Endorsement', 'Renewal', 'Cancellation', 'Reinstatement'],
  'InsurancePolicyTransaction.Status': ['Draft', 'Issued'],
  'Claim.Status': ['Open', 'In Review', 'Closed'],
};

/** A field as an org describes it; text takes 255 characters. */
export function orgField(type = 'string', more: Partial<OrgField> = {}): OrgField {
  const length = type === 'string' || type === 'textarea' ? 255 : 0;
  return { type, length, externalId: false, unique: false, writable: true, values: [], ...more };
}

/** An org with every field that the connector's table names. */
export function orgOf(flavour: Flavour, more: Partial<Org> = {}): Org {
  return {
    id: '00D',
    flavour,
    personAccounts: false,
    objects: new Map(OBJECTS_OF[flavour].map((object) => [object, fieldsOf(object)])),
    statuses: {
      stages: { open: 'Prospecting', won: 'Closed Won', lost: 'Closed Lost' },
      cases: { open: 'New', closed: 'Closed' },
      tasks: { closed: 'Completed' },
    },
    ...more,
  };
}

function fieldsOf(object: ObjectName): OrgObject {
  const { standard, own, relations } = definitionOf(object);
  return new Map([
    ...Object.entries(standard).map(([name, type]): [string, OrgField] => {
      return [name, orgField(TYPES[type], { values: PICKLISTS[`${object}.${name}`] ?? [] })];
    }),
    ...Object.entries(own).map(([name, field]): [string, OrgField] => {
      const isKey = field.type === 'text' && field.isKey === true;
      return [name, orgField(TYPES[field.type], { externalId: isKey, unique: isKey })];
    }),
    ...Object.values(relations).map(({ field }): [string, OrgField] => [field, orgField('reference')]),
  ]);
}

/** A planned row as it goes over the wire, with its relations as keys. */
export function shownRow({ values, ties }: PlannedRow): Readonly<Record<string, unknown>> {
  const relations = ties.map(({ relationship, key }) => [relationship, key]);
  // Safe: the text was made from an object.
  const sent = JSON.parse(jsonText(values)) as Readonly<Record<string, unknown>>;
  return { ...sent, ...Object.fromEntries(relations) };
}
