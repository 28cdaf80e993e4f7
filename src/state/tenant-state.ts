import { consoleTokenIn } from './console-token.js';
import { readTenantSettings, type SettingsReading } from './tenant-settings.js';
import { shortHash } from './short-hash.js';

/** One product's mapping: wanted field name to the path where the tenant's configuration keeps it. */
export interface ProductMapping {
  readonly productName: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** All that the Marketplace's State API says about one tenant. Lives in memory only. */
export interface TenantState {
  /** Short stable hash of the tenant's host name: the tenant's name in the queue, in the log and at targets. */
  readonly tenant: string;
  readonly settings: SettingsReading;
  /** What opens the tenant's console; absent: there is none. Also where the other settings cannot be used. */
  readonly consoleToken?: string;
  readonly mappings: readonly ProductMapping[];
  /** Absent when the platform gave no address or token: events are kept, nothing can be read yet. */
  readonly core?: { readonly apiUrl: string; readonly token: string };
  /** IANA name from the token's `tenant.timezone`, a hint; `UTC` when unknown. */
  readonly timeZone: string;
  /** Changes when the customer changes anything; what was paused because of settings may be tried again then. */
  readonly fingerprint: string;
}

/**
 * Reads a State API answer tolerantly: every member may be missing, unknown ones are ignored.
 * @returns undefined when it is not a JSON object at all.
 */
export function parseTenantState(body: unknown, key: string): TenantState | undefined {
  if (!isObject(body)) return undefined;
  const rawSettings = stringMembers(body.settings);
  const mappings = Array.isArray(body.mappings) ? body.mappings.flatMap(productMapping) : [];
  const apiUrl = text(body.socotraApiUrl)?.replace(/\/+$/, '');
  const token = text(body.token);
  const claims = token === undefined ? {} : unverifiedClaims(token);
  const consoleToken = consoleTokenIn(rawSettings);
  const identity = text(body.tenantHostName) ?? tenantClaim(claims, 'uuid');
  return {
    tenant: identity === undefined ? namelessTenant(key) : shortHash(identity),
    settings: readTenantSettings(rawSettings),
    ...(consoleToken !== undefined && { consoleToken }),
    mappings,
    ...(apiUrl !== undefined && token !== undefined && { core: { apiUrl, token } }),
    timeZone: validTimeZone(tenantClaim(claims, 'timezone')),
    fingerprint: shortHash(JSON.stringify([apiUrl, Object.entries(rawSettings).sort(), mappings])),
  };
}

/** The tenant of a state that names none: good for a platform that never does, not for one that did before. */
export function namelessTenant(key: string): string {
  return shortHash(`key ${key}`);
}

function productMapping(entry: unknown): ProductMapping[] {
  if (!isObject(entry) || typeof entry.productName !== 'string') return [];
  return [{ productName: entry.productName, fields: stringMembers(entry.fields) }];
}

/** The claims of a JWT, unverified: good for a hint such as the time zone, never for a decision about access. */
function unverifiedClaims(token: string): Record<string, unknown> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return isObject(claims) ? claims : {};
  } catch {
    // Not a JWT (a personal access token, say): there are no claims to read.
    return {};
  }
}

/** The samples write `tenant.timezone`; whether that is one flat name or a nested object is not said, so both are read. */
function tenantClaim(claims: Record<string, unknown>, name: string): string | undefined {
  return text(claims[`tenant.${name}`]) ?? (isObject(claims.tenant) ? text(claims.tenant[name]) : undefined);
}

function validTimeZone(name: string | undefined): string {
  if (name === undefined) return 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    // An unknown name: days are then UTC days, as where none is named.
    return 'UTC';
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function stringMembers(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
