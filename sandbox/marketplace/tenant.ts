import { randomBytes } from 'node:crypto';
import type { Manifest, ManifestField } from './manifest.ts';

/** Links of the manifest's mapping fields to fields of the story's configuration. */
const MAPPINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  policyholders: {
    'party-first-name': "policyholder.fields[?(@.name=='first_name')]",
    'party-last-name': "policyholder.fields[?(@.name=='last_name')]",
    'party-email': "policyholder.fields[?(@.name=='email')]",
    'party-phone': "policyholder.fields[?(@.name=='phone')]",
    'party-birth-date': "policyholder.fields[?(@.name=='date_of_birth')]",
  },
  'personal-auto': {
    'custom-1': "$[?(@.name=='personal-auto')].policyConfiguration.fields[?(@.name=='channel')]",
  },
};

/** One setting as the form shows it: the value of a secret never leaves this process towards the page. */
export interface FormField extends ManifestField {
  readonly value: string;
  readonly isSet: boolean;
}

/** The customer: what was entered in the settings form and linked in the mapping step. */
export class Tenant {
  /** The id under which the router and the State API know this instance. */
  readonly key = randomBytes(18).toString('base64url');
  readonly #manifest: Manifest;
  #settings: Readonly<Record<string, string>>;

  constructor(manifest: Manifest, settings: Readonly<Record<string, string>>) {
    this.#manifest = manifest;
    this.#settings = onlyDeclared(manifest, settings);
  }

  get settings(): Readonly<Record<string, string>> {
    return this.#settings;
  }

  /** `mappings` of the State API: only the fields that the manifest asks for. */
  get mappings(): readonly { readonly productName: string; readonly fields: Readonly<Record<string, string>> }[] {
    const wanted = new Set(this.#manifest.mappingFields.map((field) => field.name));
    return Object.entries(MAPPINGS)
      .map(([productName, paths]) => ({
        productName,
        fields: Object.fromEntries(Object.entries(paths).filter(([name]) => wanted.has(name))),
      }))
      .filter(({ fields }) => Object.keys(fields).length > 0);
  }

  get form(): readonly FormField[] {
    return this.#manifest.fields.map((field) => {
      const value = this.#settings[field.name] ?? '';
      return { ...field, value: isWriteOnly(field) ? '' : value, isSet: value !== '' };
    });
  }

  /** Saves the form: an empty secret keeps its old value, any other empty field is absent, as on the platform. */
  save(entered: Readonly<Record<string, string>>): void {
    const kept = this.#manifest.fields.map((field) => {
      const value = entered[field.name] ?? '';
      return [field.name, value === '' && isWriteOnly(field) ? (this.#settings[field.name] ?? '') : value] as const;
    });
    this.#settings = onlyDeclared(this.#manifest, Object.fromEntries(kept));
  }
}

/** What the customer of the demo entered, whatever the target; the token is another one in each run. */
export const COMMON_SETTINGS: Readonly<Record<string, string>> = {
  'console-token': `demo-${randomBytes(12).toString('base64url')}-token`,
  profile: 'all',
  environment: 'sandbox',
  'start-check': 'strict',
  backfill: 'none',
};

function isWriteOnly(field: ManifestField): boolean {
  return field.type === 'Password' || field.sensitive;
}

function onlyDeclared(manifest: Manifest, settings: Readonly<Record<string, string>>): Record<string, string> {
  const declared = new Set(manifest.fields.map((field) => field.name));
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => declared.has(name) && value !== ''));
}
