import type { Failure, Target, VerifyResult } from '../connector.js';
import { objectOf } from '../kit/json.js';
import { isNoTokenEndpoint, settingsProblem, verifyResultOf } from '../kit/verify-result.js';
import { KEY_FIELD } from './objects/own-fields.js';
import { API_VERSION, askLimits } from './salesforce.api.js';
import { definitionOf, type ObjectName, OBJECTS_OF } from './salesforce.objects.js';
import { type Org, orgs } from './salesforce.org.js';

const UNAUTHORIZED =
  'Salesforce refuses the client: check consumer key and secret, that "Address" is the My Domain of the same org, that the External Client App allows the client-credentials flow with an integration user, and that API access is enabled.';
/** The share of the day's allowance from which the customer should know. */
const WARN_FROM = 0.8;

/** Asks for the remaining allowance: needs a token, changes nothing. */
export async function verifySalesforce(target: Target): Promise<VerifyResult> {
  const limits = await askLimits(target);
  if (!limits.ok) return explained(limits.failure, target);
  const { Max: most, Remaining: left } = objectOf(objectOf(limits.value).DailyApiRequests);
  const isScarce = typeof most === 'number' && typeof left === 'number' && left < most * (1 - WARN_FROM);
  const warning =
    'The org has used more than 80 percent of its API calls of the last 24 hours, by all integrations together.';
  return { ok: true, ...(isScarce && { warnings: [warning] }) };
}

/** Checks that the package is there and visible; the app creates no metadata. */
export async function checkSalesforceSchema(target: Target): Promise<VerifyResult> {
  const org = await orgs.refresh(target);
  if (!org.ok) return explained(org.failure, target);
  const problems = keyProblems(org.value);
  if (problems.length > 0) {
    return settingsProblem('salesforce_package_incomplete', `${problems.join(' ')} ${wayOut(org.value)}`);
  }
  const warnings = [...hiddenObjects(org.value), ...hiddenFields(org.value), ...missingStatuses(org.value)];
  return { ok: true, ...(warnings.length > 0 && { warnings }) };
}

function explained(failure: Failure, { settings }: Target): VerifyResult {
  if (failure.outcome === 'auth' && failure.code === 'target_gone') {
    const message = `Salesforce no longer serves version ${API_VERSION} of its API: the app needs an update.`;
    return settingsProblem('api_version_retired', message);
  }
  if (CALLS_USED_UP.has(failure.code)) {
    const message =
      'Salesforce wants a pause, because the API calls of the org are used up, or nearly: not everything could be checked, and syncing begins when it takes calls again.';
    return { ok: false, cause: 'resting', code: failure.code, message };
  }
  return isNoTokenEndpoint(failure.code)
    ? settingsProblem('not_salesforce', NOT_MY_DOMAIN)
    : verifyResultOf(failure, { unauthorized: UNAUTHORIZED, isTokenBelowAddress: settings['token-url'] === undefined });
}

/** A connection rests mostly because of the allowance; what else wants rest (maintenance, a proxy) says so by its status. */
const CALLS_USED_UP: ReadonlySet<string> = new Set(['request_limit_exceeded', 'connection_resting']);

const NOT_MY_DOMAIN =
  'No tokens are given out at the address: "Address" must be the My Domain of the org (Setup > My Domain), and "OAuth token address" is best left empty.';

/** Nothing can be written without its key, and nothing at all without accounts. */
function keyProblems(org: Org): readonly string[] {
  return OBJECTS_OF[org.flavour].flatMap((name) => {
    const object = org.objects.get(name);
    if (object === undefined) {
      return name === 'Account' || definitionOf(name).created ? [`The object ${name} is missing or hidden.`] : [];
    }
    const key = object.get(KEY_FIELD);
    if (key === undefined) return [`${name}.${KEY_FIELD} is missing or hidden.`];
    if (!key.externalId || !key.unique) return [`${name}.${KEY_FIELD} must be an external id and unique.`];
    return key.writable ? [] : [`${name}.${KEY_FIELD} must be editable.`];
  });
}

function wayOut({ flavour }: Org): string {
  return flavour === 'fsc'
    ? 'Deploy both packages in salesforce/ and assign the permission sets "Socotra Sync" and "Socotra Sync FSC" to the integration user.'
    : 'Deploy the package in salesforce/ and assign the permission set "Socotra Sync" to the integration user.';
}

function hiddenObjects(org: Org): readonly string[] {
  const hidden = OBJECTS_OF[org.flavour].filter((name) => !org.objects.has(name));
  return hidden.map((name) => `The integration user does not see the object ${name}: what belongs there is refused.`);
}

function hiddenFields(org: Org): readonly string[] {
  const hidden = [...org.objects].flatMap(([name, object]) => {
    return Object.keys(definitionOf(name).own)
      .filter((field) => object.get(field)?.writable !== true)
      .map((field) => `${name}.${field}`);
  });
  if (hidden.length === 0) return [];
  return [`These fields are missing or not editable, and stay empty: ${hidden.join(', ')}. ${wayOut(org)}`];
}

function missingStatuses({ objects, statuses }: Org): readonly string[] {
  const { stages, cases, tasks } = statuses;
  const checks: readonly (readonly [ObjectName, string, Readonly<Record<string, string | undefined>>])[] = [
    ['Opportunity', 'stage', stages],
    ['Case', 'status', cases],
    ['Task', 'status', tasks],
  ];
  return checks
    .filter(([name]) => objects.has(name))
    .flatMap(([name, word, chosen]) => {
      const missing = Object.entries(chosen).flatMap(([meaning, value]) => (value === undefined ? [meaning] : []));
      return missing.length === 0
        ? []
        : [`${name} has no ${word} that means ${missing.join(' or ')}: it is left to Salesforce.`];
    });
}
