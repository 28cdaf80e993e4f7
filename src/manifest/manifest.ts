import type { ConnectorField } from '../connectors/connector.js';
import { CONNECTORS, TARGETS } from '../connectors/connectors.js';
import { COMMON_FIELDS } from '../connectors/settings-fields.js';
import { CUSTOM_FIELDS, type MappingField, PARTY_FIELDS } from '../records/mapping-fields.js';
import { MANIFEST_EVENT_NAMES } from '../events/socotra-events.js';

/** `socotra-app.json` as the Marketplace reads it; attribute names are the platform's. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly targetPlatform: 'ConnectedCore';
  readonly performancePlan: 'Standard';
  readonly app: { readonly fields: readonly ManifestField[] };
  readonly socotra: {
    readonly fields: readonly { readonly name: string; readonly title: string; readonly hint?: string }[];
    readonly webhooks: readonly { readonly path: string; readonly events: readonly string[] }[];
    readonly lifecycle: readonly ('start' | 'stop')[];
  };
}

interface ManifestField {
  readonly name: string;
  readonly title: string;
  readonly type: 'Text' | 'Password' | 'Select';
  readonly hint?: string;
  readonly required?: boolean;
  readonly values?: readonly { readonly text: string; readonly value: string }[];
}

const MAPPING_TITLES: Readonly<Record<MappingField, string>> = {
  'party-first-name': 'Policyholder: first name',
  'party-last-name': 'Policyholder: last name',
  'party-company-name': 'Policyholder: company name',
  'party-email': 'Policyholder: e-mail',
  'party-phone': 'Policyholder: phone',
  'party-street': 'Policyholder: street and number',
  'party-city': 'Policyholder: city',
  'party-region': 'Policyholder: state or region',
  'party-postal-code': 'Policyholder: postal code',
  'party-country': 'Policyholder: country',
  'party-birth-date': 'Policyholder: date of birth',
  'custom-1': 'Own field 1',
  'custom-2': 'Own field 2',
  'custom-3': 'Own field 3',
  'custom-4': 'Own field 4',
  'custom-5': 'Own field 5',
  'custom-6': 'Own field 6',
  'custom-7': 'Own field 7',
  'custom-8': 'Own field 8',
  'custom-9': 'Own field 9',
  'custom-10': 'Own field 10',
};

/** Builds the manifest from the code's own tables, so that form, events and code cannot disagree. */
export function buildManifest(version: string): Manifest {
  return {
    name: 'socotra-sync/socotra-sync',
    version,
    targetPlatform: 'ConnectedCore',
    performancePlan: 'Standard',
    app: { fields: [targetField(), ...settingFields(), ...customTargetFields()] },
    socotra: {
      fields: [...PARTY_FIELDS, ...CUSTOM_FIELDS].map((name) => ({ name, title: MAPPING_TITLES[name] })),
      webhooks: [{ path: '/webhook-notify', events: MANIFEST_EVENT_NAMES }],
      lifecycle: ['start', 'stop'],
    },
  };
}

/** Only targets that have a connector are offered. */
function targetField(): ManifestField {
  const values = Object.entries(TARGETS)
    .filter(([name]) => CONNECTORS.some((connector) => connector.id === name))
    .map(([value, { label }]) => ({ text: label, value }));
  return { name: 'target', title: 'Target system', type: 'Select', required: true, values };
}

/**
 * One form serves all targets: a field that only some of them need is not required by the form but by Start, and its hint
 * says what each of them expects there.
 */
function settingFields(): ManifestField[] {
  const common = COMMON_FIELDS.map(toManifestField);
  const own = CONNECTORS.flatMap(({ label, fields }) => fields.map((field) => ({ label, field })));
  const byName = Map.groupBy(own, ({ field }) => field.name);
  return [...common, ...[...byName.values()].flatMap(joinedField)];
}

function joinedField(declared: readonly { readonly label: string; readonly field: ConnectorField }[]): ManifestField[] {
  const [first] = declared;
  if (first === undefined) return [];
  const hints = declared.flatMap(({ label, field }) => (field.hint === undefined ? [] : `${label}: ${field.hint}`));
  return [toManifestField({ ...first.field, ...(hints.length > 0 && { hint: hints.join(' ') }) })];
}

function toManifestField({ name, title, hint, secret, values }: ConnectorField): ManifestField {
  return {
    name,
    title,
    type: values ? 'Select' : secret ? 'Password' : 'Text',
    ...(hint !== undefined && { hint }),
    ...(values && { values }),
  };
}

function customTargetFields(): ManifestField[] {
  return CUSTOM_FIELDS.map((name, index) => ({
    name: `${name}-field`,
    title: `Target field of own field ${index + 1}`,
    type: 'Text',
    hint: 'kind.field, for example policy.agentCode',
  }));
}
