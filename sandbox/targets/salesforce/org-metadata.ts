import { readdirSync, readFileSync } from 'node:fs';
import { objectOf, parseJson, textOf } from '../../http/json.ts';

/** A field as the org holds it; names of types are those of `describe`. */
export interface FieldDefinition {
  readonly name: string;
  readonly type: string;
  /** Characters; 0 where the type has none. */
  readonly length: number;
  readonly isKey: boolean;
  readonly isWritable: boolean;
  readonly isRequired: boolean;
  /** Only for picklists; no other value is taken. */
  readonly values?: readonly string[];
  /** Only for lookups: the relationship, and the object it leads to (`Name`: one of many). */
  readonly relationship?: string;
  readonly referenceTo?: string;
}

export type ObjectDefinition = ReadonlyMap<string, FieldDefinition>;

export interface OrgOptions {
  readonly flavour: 'plain' | 'fsc';
  readonly personAccounts: boolean;
  readonly multiCurrency: boolean;
  /** Whether the packages of `salesforce/` were deployed. */
  readonly isDeployed: boolean;
  /** Whether two collections at the same time lock each other out where their rows belong to one account. */
  readonly locksParents: boolean;
}

const ROOT = new URL('../../../', import.meta.url);
const STANDARD = new URL('test/fixtures/targets/salesforce/sobject-fields-v67.json', ROOT);
const PACKAGES = new URL('salesforce/', ROOT);

const USED = ['Account', 'Contact', 'Opportunity', 'Case', 'Task'];
const INSURANCE = ['InsurancePolicy', 'InsurancePolicyTransaction', 'Claim', 'ClaimItem'];

/** Fields that Salesforce fills itself. */
const READ_ONLY = new Set([
  'Id',
  'IsDeleted',
  'IsClosed',
  'IsWon',
  'IsActive',
  'IsPersonAccount',
  'IsArchived',
  'TotalStandardAmount',
  'CaseNumber',
  'ContactEmail',
  'MasterRecordId',
]);
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  Contact: ['LastName'],
  Opportunity: ['Name', 'StageName', 'CloseDate'],
  InsurancePolicy: ['Name', 'NameInsuredId'],
  Claim: ['Name'],
  ClaimItem: ['Name'],
};
const LENGTHS: Readonly<Record<string, number>> = {
  FirstName: 40,
  LastName: 80,
  Phone: 40,
  BillingCity: 40,
  MailingCity: 40,
  PersonMailingCity: 40,
  BillingPostalCode: 20,
  MailingPostalCode: 20,
  PersonMailingPostalCode: 20,
  Description: 32_000,
  Summary: 32_000,
};
const EMAILS = new Set(['Email', 'PersonEmail']);
/** Text with choices that bind nobody (Object Reference, "Task"). */
const COMBOBOXES = new Set(['Task.Subject']);

/** What the administrator of this org set up; a Financial Services Cloud has stages of its own trade. */
function picklists({ flavour, multiCurrency }: OrgOptions): Readonly<Record<string, readonly string[]>> {
  return {
    'Opportunity.StageName':
      flavour === 'fsc'
        ? ['New Inquiry', 'Quote Sent', 'Bound', 'Not Taken']
        : ['Qualification', 'Prospecting', 'Negotiation', 'Closed Won', 'Closed Lost'],
    'Case.Status': ['New', 'Working', 'Escalated', 'Closed'],
    'Task.Status': ['Not Started', 'In Progress', 'Completed', 'Deferred'],
    'InsurancePolicy.Status': ['Initial', 'In Force', 'Lapsed', 'Cancelled', 'Expired'],
    'InsurancePolicy.PremiumFrequency': ['Annual', 'Quarterly', 'Monthly'],
    'InsurancePolicyTransaction.Type': ['New Business', 'Endorsement', 'Renewal', 'Cancellation', 'Reinstatement'],
    'InsurancePolicyTransaction.Status': ['Draft', 'Issued', 'Reversed'],
    'Claim.Status': ['Open', 'In Review', 'Closed'],
    ...(multiCurrency && { CurrencyIsoCode: ['USD', 'EUR', 'GBP'] }),
  };
}

/** Rows of the objects that say what a status means. */
export function statusRows(
  object: string,
  flavour: OrgOptions['flavour'],
): readonly Record<string, string | boolean>[] {
  const stage = (name: string, isClosed: boolean, isWon: boolean) => {
    return { ApiName: name, IsClosed: isClosed, IsWon: isWon };
  };
  switch (object) {
    case 'OpportunityStage':
      return flavour === 'fsc'
        ? [
            stage('New Inquiry', false, false),
            stage('Quote Sent', false, false),
            stage('Bound', true, true),
            stage('Not Taken', true, false),
          ]
        : [
            stage('Qualification', false, false),
            stage('Prospecting', false, false),
            stage('Negotiation', false, false),
            stage('Closed Won', true, true),
            stage('Closed Lost', true, false),
          ];
    case 'CaseStatus':
      return ['New', 'Working', 'Escalated', 'Closed'].map((name) => {
        return { ApiName: name, IsClosed: name === 'Closed' };
      });
    case 'TaskStatus':
      return ['Not Started', 'In Progress', 'Completed', 'Deferred'].map((name) => {
        return { ApiName: name, IsClosed: name === 'Completed' };
      });
    default:
      return [];
  }
}

/** All objects of an org, standard ones from the vendor's field list, ours from the deployed packages. */
export function orgObjects(options: OrgOptions): ReadonlyMap<string, ObjectDefinition> {
  const objects = new Map<string, Map<string, FieldDefinition>>();
  const lists = picklists(options);
  const standard = objectOf(objectOf(parseJson(readFileSync(STANDARD, 'utf8'))).objects);
  for (const name of options.flavour === 'fsc' ? [...USED, ...INSURANCE] : USED) {
    const { fields, lookups } = objectOf(standard[name]);
    const relationships = new Map(
      Object.entries(objectOf(lookups)).map(([relationship, to]) => [`${relationship}Id`, [relationship, textOf(to)]]),
    );
    const definitions = Object.entries(objectOf(fields))
      .filter(([field]) => isInOrg(name, field, options))
      .map(([field, apexType]): [string, FieldDefinition] => {
        const [relationship, referenceTo] = relationships.get(field) ?? [];
        const values = lists[`${name}.${field}`] ?? lists[field];
        return [
          field,
          {
            name: field,
            ...typeOf(name, field, textOf(apexType), values !== undefined),
            isKey: false,
            isWritable: !READ_ONLY.has(field) && !/^(Created|LastModified|SystemMod|Last\w+Date$)/.test(field),
            isRequired: REQUIRED[name]?.includes(field) ?? false,
            ...(values && { values }),
            ...(relationship !== undefined && referenceTo !== undefined && { relationship, referenceTo }),
          },
        ];
      });
    objects.set(name, new Map(definitions));
  }
  if (!options.isDeployed) return objects;
  deploy(objects, new URL('force-app/main/default/objects/', PACKAGES), options);
  if (options.flavour === 'fsc') deploy(objects, new URL('fsc-app/main/default/objects/', PACKAGES), options);
  return objects;
}

function isInOrg(object: string, field: string, { personAccounts, multiCurrency }: OrgOptions): boolean {
  if (field === 'CurrencyIsoCode') return multiCurrency;
  const isPersonal = /^(Person[A-Z]|IsPersonAccount$|FirstName$|LastName$|Salutation$)/.test(field);
  return object !== 'Account' || personAccounts || !isPersonal;
}

function typeOf(
  object: string,
  field: string,
  apexType: string,
  isPicklist: boolean,
): { type: string; length: number } {
  if (isPicklist) return { type: 'picklist', length: 255 };
  if (COMBOBOXES.has(`${object}.${field}`)) return { type: 'combobox', length: 255 };
  if (EMAILS.has(field)) return { type: 'email', length: 80 };
  switch (apexType) {
    case 'String':
      return { type: LENGTHS[field] === 32_000 ? 'textarea' : 'string', length: LENGTHS[field] ?? 255 };
    case 'Decimal':
      return { type: 'currency', length: 0 };
    case 'Id':
      return { type: 'reference', length: 18 };
    default:
      return { type: apexType.toLowerCase(), length: 0 };
  }
}

/** Reads the fields of a package as a deployment would. Fields of `Activity` stand on tasks. */
function deploy(objects: Map<string, Map<string, FieldDefinition>>, folder: URL, options: OrgOptions): void {
  for (const name of readdirSync(folder)) {
    const files = new URL(`${name}/`, folder);
    const target = name === 'Activity' ? 'Task' : name;
    const fields = objects.get(target) ?? newObject(options);
    if (!objects.has(target)) {
      // A custom object is one only if the package says so.
      readFileSync(new URL(`${name}.object-meta.xml`, files));
      objects.set(target, fields);
    }
    for (const file of readdirSync(new URL('fields/', files))) {
      const field = customField(readFileSync(new URL(`fields/${file}`, files), 'utf8'));
      fields.set(field.name, field);
    }
  }
}

function newObject({ multiCurrency }: OrgOptions): Map<string, FieldDefinition> {
  const base = { isKey: false, isWritable: true, isRequired: false };
  const fields = new Map<string, FieldDefinition>([['Name', { name: 'Name', type: 'string', length: 80, ...base }]]);
  if (multiCurrency) {
    const values = ['USD', 'EUR', 'GBP'];
    fields.set('CurrencyIsoCode', { name: 'CurrencyIsoCode', type: 'picklist', length: 255, ...base, values });
  }
  return fields;
}

const CUSTOM_TYPES: Readonly<Record<string, string>> = {
  Text: 'string',
  LongTextArea: 'textarea',
  Email: 'email',
  Currency: 'currency',
  Date: 'date',
  DateTime: 'datetime',
  Checkbox: 'boolean',
  Lookup: 'reference',
};

function customField(xml: string): FieldDefinition {
  const member = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  const [name, metadataType] = [member('fullName') ?? '', member('type') ?? ''];
  const type = CUSTOM_TYPES[metadataType];
  if (name === '' || type === undefined) throw new Error(`the package has a field nobody can deploy: ${name}`);
  const referenceTo = member('referenceTo');
  return {
    name,
    type,
    length: Number(member('length') ?? (type === 'email' ? 80 : 0)),
    isKey: member('externalId') === 'true' && member('unique') === 'true',
    isWritable: true,
    isRequired: member('required') === 'true',
    ...(referenceTo !== undefined && { relationship: name.replace(/__c$/, '__r'), referenceTo }),
  };
}

/** The answer to `describe`, with the members that a connector may need. */
export function description(name: string, object: ObjectDefinition) {
  return {
    name,
    fields: [...object.values()].map((field) => ({
      name: field.name,
      type: field.type,
      length: field.length,
      externalId: field.isKey,
      unique: field.isKey,
      idLookup: field.isKey,
      caseSensitive: field.isKey,
      createable: field.isWritable,
      updateable: field.isWritable,
      nillable: !field.isRequired,
      relationshipName: field.relationship ?? null,
      referenceTo: field.referenceTo === undefined ? [] : [field.referenceTo],
      picklistValues: (field.values ?? []).map((value) => ({ value, label: value, active: true })),
      restrictedPicklist: field.values !== undefined,
    })),
  };
}
