import type { OAuthClient } from '../kit/oauth-tokens.js';
import { addressProblem, isUsableUrl } from '../kit/setting-checks.js';
import { reservedFieldProblems } from '../own-field-targets.js';
import { KEY_FIELD } from './objects/own-fields.js';

/** Tokens name no lifetime: they live as long as the org's sessions, hours as a rule, and a dead one answers 401. */
const ASSUMED_LIFETIME_S = 3_600;

type Settings = Readonly<Record<string, string>>;

/** Hosts where people log in or work, which serve no client-credentials grant. */
const WRONG_HOSTS = /(^|\.)(login|test)\.salesforce\.com$|\.lightning\.force\.com$|\.salesforce-setup\.com$/;

/** Sentences for the customer about settings that cannot work. No value is repeated: it may be a secret. */
export function checkSalesforceSettings(settings: Settings): readonly string[] {
  const problems: string[] = [];
  const titles = { 'api-url': 'Address', 'token-url': 'OAuth token address' };
  for (const [name, title] of Object.entries(titles)) {
    const text = settings[name];
    if (text !== undefined && !isUsableUrl(text)) {
      problems.push(addressProblem(title));
    }
  }
  const address = settings['api-url'];
  if (address !== undefined && isUsableUrl(address) && WRONG_HOSTS.test(new URL(address).hostname)) {
    problems.push(
      '"Address" must be the My Domain of the org (Setup > My Domain, ends with .my.salesforce.com), not a login or Lightning address.',
    );
  }
  return [...problems, ...reservedFieldProblems(settings, isKey)];
}

function isKey(field: string): boolean {
  return ['id', KEY_FIELD.toLowerCase()].includes(field.toLowerCase());
}

/** The customer's own External Client App; the token endpoint must be that of its My Domain. */
export function clientOf(settings: Settings): OAuthClient {
  const { 'client-id': clientId = '', 'client-secret': clientSecret = '' } = settings;
  const tokenUrl = settings['token-url']?.trim() ?? `${addressOf(settings)}/services/oauth2/token`;
  // Of what is copied and pasted, spaces and line ends around it come along.
  return {
    tokenUrl,
    clientId: clientId.trim(),
    clientSecret: clientSecret.trim(),
    assumedLifetimeS: ASSUMED_LIFETIME_S,
  };
}

/** The address as set, without a path or trailing slash. */
export function addressOf(settings: Settings): string {
  const text = settings['api-url'] ?? '';
  return URL.canParse(text) ? new URL(text).origin : text;
}
