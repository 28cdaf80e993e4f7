import type { ObjectDefinition, OwnField } from '../../src/connectors/salesforce/objects/object-definition.js';
import { API_VERSION } from '../../src/connectors/salesforce/salesforce.api.js';
import {
  definitionOf,
  FSC_ONLY,
  type ObjectName,
  OBJECTS_OF,
} from '../../src/connectors/salesforce/salesforce.objects.js';

/**
 * The metadata package of `salesforce/` (Salesforce DX source format), made from the connector's table of objects.
 * Two folders: every org deploys `force-app`; `fsc-app` needs Financial Services Cloud.
 */

/**
 * Standard fields that the integration user has to be allowed to write besides ours. Those that Salesforce requires
 * cannot be named in a permission set; an address is named as a whole.
 */
export const STANDARD_PERMISSIONS = [
  'Account.BillingAddress',
  'Account.Phone',
  'Case.AccountId',
  'Case.Description',
  'Case.Subject',
  'Contact.AccountId',
  'Contact.Birthdate',
  'Contact.Email',
  'Contact.MailingAddress',
  'Contact.Phone',
  'Opportunity.AccountId',
  'Opportunity.Amount',
] as const;

/** By path below `salesforce/`. */
export function packageFiles(): ReadonlyMap<string, string> {
  const objects = [...new Set([...OBJECTS_OF.plain, ...OBJECTS_OF.fsc])];
  const isFsc = (object: ObjectName) => FSC_ONLY.has(object);
  const shared = objects.filter((object) => !isFsc(object));
  const sets = 'main/default/permissionsets';
  return new Map([
    ['sfdx-project.json', projectFile()],
    ...shared.flatMap((object) => objectFiles(`force-app/main/default/objects`, object)),
    ...objects.filter(isFsc).flatMap((object) => objectFiles('fsc-app/main/default/objects', object)),
    [
      `force-app/${sets}/Socotra_Sync.permissionset-meta.xml`,
      permissionSet('Socotra Sync', shared, STANDARD_PERMISSIONS),
    ],
    [
      `fsc-app/${sets}/Socotra_Sync_FSC.permissionset-meta.xml`,
      permissionSet('Socotra Sync FSC', objects.filter(isFsc), []),
    ],
  ]);
}

function projectFile(): string {
  const project = {
    packageDirectories: [{ path: 'force-app', default: true }, { path: 'fsc-app' }],
    name: 'socotra-sync',
    namespace: '',
    sfdcLoginUrl: 'https://login.salesforce.com',
    sourceApiVersion: API_VERSION,
  };
  return `${JSON.stringify(project, null, 2)}\n`;
}

/** Fields of tasks and events are kept on what both have in common. */
function folderOf(object: ObjectName): string {
  return object === 'Task' ? 'Activity' : object;
}

function objectFiles(folder: string, object: ObjectName): [string, string][] {
  const definition = definitionOf(object);
  const name = folderOf(object);
  const fields = Object.entries(definition.own).map(([field, own]): [string, string] => [
    `${folder}/${name}/fields/${field}.field-meta.xml`,
    xml('CustomField', { fullName: field, ...fieldMembers(own) }),
  ]);
  const created = objectMembers(definition);
  if (created === undefined) return fields;
  return [[`${folder}/${name}/${name}.object-meta.xml`, xml('CustomObject', created)], ...fields];
}

function objectMembers({ created }: ObjectDefinition): Members | undefined {
  if (created === undefined) return undefined;
  return {
    deploymentStatus: 'Deployed',
    // Lines of the timeline hang on these records.
    enableActivities: true,
    enableReports: true,
    enableSearch: true,
    label: created.label,
    nameField: { label: created.nameLabel, type: 'Text' },
    pluralLabel: created.plural,
    sharingModel: 'Read',
  };
}

function fieldMembers(field: OwnField): Members {
  const { label } = field;
  switch (field.type) {
    case 'text':
      return field.isKey
        ? {
            caseSensitive: true,
            externalId: true,
            label,
            length: field.length,
            required: false,
            type: 'Text',
            unique: true,
          }
        : { label, length: field.length, required: false, type: 'Text' };
    case 'longText':
      return { label, length: 32768, type: 'LongTextArea', visibleLines: 5 };
    case 'email':
      return { label, required: false, type: 'Email' };
    case 'money':
      return { label, precision: 18, required: false, scale: 2, type: 'Currency' };
    case 'date':
      return { label, required: false, type: 'Date' };
    case 'datetime':
      return { label, required: false, type: 'DateTime' };
    case 'checkbox':
      return { defaultValue: false, label, type: 'Checkbox' };
    case 'lookup':
      return {
        deleteConstraint: 'SetNull',
        label,
        referenceTo: field.to,
        relationshipLabel: field.children.replaceAll('_', ' '),
        relationshipName: field.children,
        required: false,
        type: 'Lookup',
      };
  }
}

function permissionSet(label: string, objects: readonly ObjectName[], standard: readonly string[]): string {
  const own = objects.flatMap((object) => Object.keys(definitionOf(object).own).map((field) => `${object}.${field}`));
  const fields = [...own, ...standard].toSorted();
  return xml('PermissionSet', {
    description: 'What the integration user of Socotra Sync needs. Deleting is not part of it.',
    fieldPermissions: fields.map((field) => ({ editable: true, field, readable: true })),
    hasActivationRequired: false,
    label,
    // Tasks have no object permission of their own.
    objectPermissions: objects
      .filter((object) => object !== 'Task')
      .map((object) => ({
        allowCreate: true,
        allowDelete: false,
        allowEdit: true,
        allowRead: true,
        modifyAllRecords: false,
        object,
        viewAllRecords: true,
      })),
    userPermissions: ['ApiEnabled', 'EditTask'].map((name) => ({ enabled: true, name })),
  });
}

interface Members {
  readonly [name: string]: string | number | boolean | Members | readonly Members[];
}

function xml(root: string, members: Members): string {
  const head = '<?xml version="1.0" encoding="UTF-8"?>';
  const body = element(root, members, '').replace(
    `<${root}>`,
    `<${root} xmlns="http://soap.sforce.com/2006/04/metadata">`,
  );
  return `${head}\n${body}\n`;
}

function element(name: string, value: Members[string], indent: string): string {
  if (isList(value)) return value.map((entry) => element(name, entry, indent)).join('\n');
  if (typeof value !== 'object') return `${indent}<${name}>${escaped(String(value))}</${name}>`;
  const inner = Object.entries(value)
    .filter(([, member]) => !isList(member) || member.length > 0)
    .map(([member, content]) => element(member, content, `${indent}    `));
  return `${indent}<${name}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

function isList(value: Members[string]): value is readonly Members[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
