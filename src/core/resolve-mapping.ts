import type { ProductMapping } from '../state/tenant-state.js';
import { chooseVersion } from './choose-version.js';
import type { Exposure, FieldGroups, FieldValues, Policy, Policyholder, Quote, Versioned } from './entities.js';
import { CUSTOM_FIELDS, type MappingField, PARTY_FIELDS } from '../records/mapping-fields.js';
import type { MappedValues } from './mapped-values.js';
import { type MappingPath, parseMappingPath } from './mapping-path.js';
import type { Snapshot } from './snapshot.js';

/** The values of one exposure, peril or policy; several instances may have the same name. */
export interface MappedInstance {
  readonly locator: string;
  /** What users see, for example the number of a vehicle; the locator where there is none. */
  readonly displayId: string;
  readonly values: readonly string[];
}

/** `not_a_path`: outside the grammar. `names_a_group`: the field holds group locators. `product_differs`: its filter names another product. */
export type MappingProblemReason = 'not_a_path' | 'names_a_group' | 'product_differs';

export type MappingResolution =
  | { readonly kind: 'unmapped' }
  | { readonly kind: 'unresolvable'; readonly reason: 'not_a_path' | 'names_a_group' }
  | { readonly kind: 'other_product' }
  | { readonly kind: 'values'; readonly instances: readonly MappedInstance[] };

/** What paths are resolved against; without a policy its quote serves. */
export interface MappingSource {
  readonly policy?: Policy | Quote;
  readonly policyholder?: Policyholder;
  /** Milliseconds since the epoch: decides which version of a policy, exposure or peril is read. */
  readonly asOfMs: number;
}

type ProductPath = Extract<MappingPath, { scope: 'product' }>;

/** Names come from the tenant, so `constructor` must not find what every object inherits. */
function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}

/** Undefined: the field holds the locators of a group's members, which mean nothing outside Core. */
function readField(
  path: MappingPath,
  fieldValues: FieldValues,
  fieldGroups: FieldGroups,
): readonly string[] | undefined {
  if (path.group !== undefined) {
    const members = own(fieldValues, path.group) ?? [];
    return members.flatMap((locator) => own(own(fieldGroups, locator) ?? {}, path.field) ?? []);
  }
  const values = own(fieldValues, path.field) ?? [];
  return values.some((value) => Object.hasOwn(fieldGroups, value)) ? undefined : values;
}

interface Place {
  readonly locator: string;
  readonly displayId?: string;
  readonly characteristics: readonly Versioned[];
}

/** The policy itself, the exposures of the path's name, or their perils of the path's name: in payload order. */
function placesOf(path: ProductPath, policy: Policy | Quote): readonly Place[] {
  if (path.exposure === undefined) return [policy];
  const exposures: readonly Exposure[] = policy.exposures.filter((exposure) => exposure.name === path.exposure);
  if (path.peril === undefined) return exposures;
  return exposures.flatMap((exposure) => exposure.perils).filter((peril) => peril.name === path.peril);
}

function valuesOf(instances: readonly (MappedInstance | undefined)[]): MappingResolution {
  const found = instances.filter((instance) => instance !== undefined);
  if (found.length < instances.length) return { kind: 'unresolvable', reason: 'names_a_group' };
  return { kind: 'values', instances: found };
}

function instanceOf(place: Omit<Place, 'characteristics'>, values: readonly string[] | undefined) {
  return values && { locator: place.locator, displayId: place.displayId ?? place.locator, values };
}

function resolveInPolicy(path: ProductPath, policy: Policy | Quote, asOfMs: number): MappingResolution {
  if (path.product !== policy.productName) return { kind: 'other_product' };
  return valuesOf(
    placesOf(path, policy).map((place) => {
      const version = chooseVersion(place.characteristics, asOfMs);
      return instanceOf(place, version ? readField(path, version.fieldValues, version.fieldGroups) : []);
    }),
  );
}

/**
 * Reads the values that one mapping path points to. Always the full list; what to make of repeats is the reader's
 * matter. A path whose policy or policyholder is not there counts as unmapped: its field is left alone.
 */
export function resolveMapping(path: string | undefined, source: MappingSource): MappingResolution {
  if (path === undefined || path.trim() === '') return { kind: 'unmapped' };
  const parsed = parseMappingPath(path);
  if (parsed === undefined) return { kind: 'unresolvable', reason: 'not_a_path' };
  if (parsed.scope === 'product') {
    return source.policy === undefined ? { kind: 'unmapped' } : resolveInPolicy(parsed, source.policy, source.asOfMs);
  }
  const policyholder = source.policyholder;
  if (policyholder === undefined) return { kind: 'unmapped' };
  return valuesOf([instanceOf(policyholder, readField(parsed, policyholder.values, policyholder.subEntities))]);
}

export interface MappingProblem {
  readonly field: MappingField;
  /** `productName` of the mapping element that holds the path. */
  readonly product: string;
  readonly reason: MappingProblemReason;
}

const POLICYHOLDERS = 'policyholders';

/** Names are compared exactly, and never by position: the first element may be any product. */
function elementsFor(
  field: MappingField,
  mappings: readonly ProductMapping[],
  productName: string | undefined,
): readonly ProductMapping[] {
  const isParty = PARTY_FIELDS.some((name) => name === field);
  const names = isParty ? [POLICYHOLDERS] : [productName, POLICYHOLDERS];
  return names.flatMap((name) => mappings.find((element) => element.productName === name) ?? []);
}

function distinctValues(instances: readonly MappedInstance[]): readonly string[] {
  return [...new Set(instances.flatMap((instance) => instance.values).filter((value) => value.trim() !== ''))];
}

function problemOf(resolution: MappingResolution): MappingProblemReason | undefined {
  if (resolution.kind === 'unresolvable') return resolution.reason;
  return resolution.kind === 'other_product' ? 'product_differs' : undefined;
}

/**
 * The values of every field that the tenant mapped, read from one snapshot. Party fields come from the `policyholders`
 * element; custom ones from the element of the policy's product, else from `policyholders`.
 *
 * @returns `problems`: paths to report once; their fields are left alone
 */
export function mappedValues(
  mappings: readonly ProductMapping[],
  snapshot: Pick<Snapshot, 'policy' | 'quote' | 'policyholder' | 'asOfMs'>,
): { readonly values: MappedValues; readonly problems: readonly MappingProblem[] } {
  const policy = snapshot.policy ?? snapshot.quote;
  const source: MappingSource = {
    ...(policy !== undefined && { policy }),
    ...(snapshot.policyholder !== undefined && { policyholder: snapshot.policyholder }),
    asOfMs: snapshot.asOfMs,
  };
  const values: Partial<Record<MappingField, readonly string[]>> = {};
  const problems: MappingProblem[] = [];
  for (const field of [...PARTY_FIELDS, ...CUSTOM_FIELDS]) {
    const element = elementsFor(field, mappings, policy?.productName).find((candidate) =>
      candidate.fields[field]?.trim(),
    );
    if (element === undefined) continue;
    const resolution = resolveMapping(element.fields[field], source);
    if (resolution.kind === 'values') values[field] = distinctValues(resolution.instances);
    const reason = problemOf(resolution);
    if (reason !== undefined) problems.push({ field, product: element.productName, reason });
  }
  return { values, problems };
}
