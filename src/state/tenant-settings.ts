import { createHash } from 'node:crypto';
import { type Connector, type ConnectorField } from '../connectors/connector.js';
import { CONNECTORS, isAvailable, isTargetName, TARGETS } from '../connectors/connectors.js';
import {
  type Backfill,
  BACKFILLS,
  COMMON_FIELDS,
  ENVIRONMENTS,
  type Profile,
  PROFILES,
  type StartCheck,
  START_CHECKS,
} from '../connectors/settings-fields.js';
import { CUSTOM_FIELDS, type CustomField } from '../records/mapping-fields.js';
import type { Environment } from '../records/record-key.js';
import { RECORD_KIND_NAMES, type RecordKind } from '../records/record-kinds.js';
import { consoleTokenProblems } from './console-token.js';

/** A tenant's settings after they were found to be usable. */
export interface TenantSettings {
  readonly connector: Connector;
  /** Names the target account: records are known per connection, and another address or account is another one. */
  readonly connection: string;
  readonly profile: Profile;
  readonly environment: Environment;
  readonly startCheck: StartCheck;
  readonly backfill: Backfill;
  /** Where the tenant wants each of its own mapped values, by the name of the mapping field. */
  readonly customTargets: readonly CustomTarget[];
  /** The connector's own settings, secrets among them: only its declared fields, never printed. */
  readonly values: Readonly<Record<string, string>>;
}

/** A value the tenant mapped itself, on its way to a field of its target. */
export interface CustomTarget {
  /** For example `custom-1`. */
  readonly source: CustomField;
  readonly kind: RecordKind;
  /** The target's name of the field. */
  readonly field: string;
}

export type SettingsReading =
  | { readonly ok: true; readonly settings: TenantSettings }
  /** Each problem is a sentence for the customer who filled in the form. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads `state.settings`. Everything that is wrong is said at once, so that the form is corrected once. */
export function readTenantSettings(raw: Readonly<Record<string, string>>): SettingsReading {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value.trim() !== ''));
  const choice = chooseConnector(given.target);
  if (!choice.ok) return { ok: false, problems: [choice.problem] };
  const { connector } = choice;
  const problems = [
    ...COMMON_FIELDS.flatMap((field) => problemsOfField(field, given)),
    ...connector.fields.flatMap((field) => problemsOfField(field, given)),
    ...CUSTOM_FIELDS.flatMap((name) => problemsOfCustomTarget(name, given)),
    ...consoleTokenProblems(given),
  ];
  if (problems.length === 0) problems.push(...connector.checkSettings(given));
  if (problems.length > 0) return { ok: false, problems };
  const declared = new Set(connector.fields.map((field) => field.name));
  return {
    ok: true,
    settings: {
      connector,
      connection: connectionOf(connector.id, given),
      profile: pick(PROFILES, given.profile) ?? connector.defaultProfile,
      environment: pick(ENVIRONMENTS, given.environment) ?? 'production',
      startCheck: pick(START_CHECKS, given['start-check']) ?? 'strict',
      backfill: pick(BACKFILLS, given.backfill) ?? 'none',
      customTargets: CUSTOM_FIELDS.flatMap((name) => customTarget(name, given) ?? []),
      values: Object.fromEntries(Object.entries(given).filter(([name]) => declared.has(name))),
    },
  };
}

/** Another secret is the same connection. */
function connectionOf(targetId: string, given: Readonly<Record<string, string>>): string {
  const parts = [targetId, given['api-url'] ?? '', given.account ?? ''];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function chooseConnector(
  name: string | undefined,
): { ok: true; connector: Connector } | { ok: false; problem: string } {
  const available = CONNECTORS.map(({ label }) => label).join(', ');
  if (name === undefined) return { ok: false, problem: `Choose a target system (available: ${available}).` };
  // What stands there is not repeated: it may be a secret put into the wrong field.
  if (!isTargetName(name)) return { ok: false, problem: `The target is not known; choose one of: ${available}.` };
  const target = TARGETS[name];
  if (isAvailable(target)) return { ok: true, connector: target };
  return { ok: false, problem: `${target.label} is not available yet; choose one of: ${available}.` };
}

function problemsOfField(field: ConnectorField, given: Readonly<Record<string, string>>): string[] {
  const value = given[field.name];
  if (value === undefined) return field.required ? [`"${field.title}" is missing.`] : [];
  if (!field.values || field.values.some((allowed) => allowed.value === value)) return [];
  return [`"${field.title}" must be one of: ${field.values.map((allowed) => allowed.text).join(', ')}.`];
}

/** `kind.field`, for example `policy.agentCode`. */
function customTarget(source: CustomField, given: Readonly<Record<string, string>>): CustomTarget | undefined {
  const [kindName, ...rest] = (given[`${source}-field`] ?? '').trim().split('.');
  const kind = RECORD_KIND_NAMES.find((name) => name === kindName);
  const field = rest.join('.');
  return kind !== undefined && /^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(field) ? { source, kind, field } : undefined;
}

function problemsOfCustomTarget(source: CustomField, given: Readonly<Record<string, string>>): string[] {
  if (given[`${source}-field`] === undefined || customTarget(source, given) !== undefined) return [];
  const number = source.slice('custom-'.length);
  return [
    `"Target field of own field ${number}" must be kind.field, for example policy.agentCode; ` +
      `the kinds are ${RECORD_KIND_NAMES.join(', ')}.`,
  ];
}

function pick<T extends string>(allowed: readonly T[], value: string | undefined): T | undefined {
  return allowed.find((candidate) => candidate === value);
}
