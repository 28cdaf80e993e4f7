import { isObject, objectOf, objectsOf, textOf, tryParseJson, type JsonObject, type JsonValue } from '../http/json.ts';

const FIELD_TYPES = ['Text', 'Password', 'Select'] as const;
const LIFECYCLE = ['start', 'stop'];

export type FieldType = (typeof FIELD_TYPES)[number];

/** One setting that the customer fills in. */
export interface ManifestField {
  readonly name: string;
  readonly title: string;
  readonly type: FieldType;
  readonly hint: string;
  readonly required: boolean;
  /** Shown while it is typed, never again afterwards. */
  readonly sensitive: boolean;
  readonly values: readonly { readonly text: string; readonly value: string }[];
}

/** One value that the customer links to a field of the tenant's products. */
export interface MappingField {
  readonly name: string;
  readonly title: string;
}

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly fields: readonly ManifestField[];
  readonly mappingFields: readonly MappingField[];
  readonly webhooks: readonly { readonly path: string; readonly events: readonly string[] }[];
  readonly lifecycle: readonly string[];
}

export type ManifestReading =
  { readonly ok: true; readonly manifest: Manifest } | { readonly ok: false; readonly problems: readonly string[] };

/** Reads `socotra-app.json` the way the platform does: every problem is a sentence. */
export function readManifest(text: string): ManifestReading {
  const json = tryParseJson(text);
  if (!isObject(json)) return { ok: false, problems: ['The manifest is not a JSON object.'] };
  const [app, socotra] = [objectOf(json.app), objectOf(json.socotra)];
  const manifest: Manifest = {
    name: textOf(json.name),
    version: textOf(json.version),
    fields: objectsOf(app.fields).map(manifestField),
    mappingFields: objectsOf(socotra.fields).map((field) => ({ name: textOf(field.name), title: textOf(field.title) })),
    webhooks: objectsOf(socotra.webhooks).map((webhook) => ({
      path: textOf(webhook.path),
      events: texts(webhook.events),
    })),
    lifecycle: texts(socotra.lifecycle),
  };
  const problems = problemsOf(manifest, objectsOf(app.fields));
  return problems.length === 0 ? { ok: true, manifest } : { ok: false, problems };
}

function manifestField(field: JsonObject): ManifestField {
  return {
    name: textOf(field.name),
    title: textOf(field.title),
    type: FIELD_TYPES.find((type) => type === field.type) ?? 'Text',
    hint: textOf(field.hint),
    required: field.required === true,
    sensitive: field.sensitive === true,
    values: objectsOf(field.values).map((value) => ({ text: textOf(value.text), value: textOf(value.value) })),
  };
}

function problemsOf(manifest: Manifest, rawFields: readonly JsonObject[]): readonly string[] {
  const names = [...manifest.fields, ...manifest.mappingFields].map((field) => field.name);
  return [
    !/^[\w-]+\/[\w-]+$/.test(manifest.name) && '"name" must be organisation/app-name.',
    !/^\d+\.\d+\.\d+$/.test(manifest.version) && '"version" must be Major.Minor.Patch.',
    ...names.map((name, index) => names.indexOf(name) !== index && `The field "${name}" is declared twice.`),
    ...[...manifest.fields, ...manifest.mappingFields].map(
      ({ name, title }) => (name === '' || title === '') && `The field "${name}" needs a name and a title.`,
    ),
    ...rawFields.map(
      ({ name, type }) =>
        !FIELD_TYPES.some((known) => known === type) && `"type" of "${textOf(name)}" must be Text, Password or Select.`,
    ),
    ...manifest.fields.map(
      ({ name, type, values }) =>
        type === 'Select' &&
        (values.length === 0 || values.some(({ text, value }) => text === '' || value === '')) &&
        `The Select "${name}" needs values, each with text and value.`,
    ),
    manifest.webhooks.length === 0 && 'There is no webhook: the app would never be called.',
    ...manifest.webhooks.map(
      ({ path, events }) =>
        (!path.startsWith('/') || path.startsWith('/_app/') || events.length === 0) &&
        `The webhook "${path}" needs a path outside /_app/ and events.`,
    ),
    ...manifest.lifecycle.map((name) => !LIFECYCLE.includes(name) && `"${name}" is no lifecycle call.`),
  ].filter((problem) => problem !== false);
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((member: JsonValue) => textOf(member)) : [];
}
