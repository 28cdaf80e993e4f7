import { addressProblem, isUsableUrl } from '../kit/setting-checks.js';
import { reservedFieldProblems } from '../own-field-targets.js';
import { ODOO_FIELDS, type Posting, POSTINGS } from './odoo.fields.js';

type Settings = Readonly<Record<string, string>>;

/** It becomes part of a header. */
const API_KEY = /^[\x21-\x7e]+$/;
/** PostgreSQL allows more; Odoo's database manager does not. */
const DATABASE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/** What identifies the user; of what is copied and pasted, spaces and line ends around it come along. */
export function loginOf(settings: Settings): Partial<Record<'key' | 'account' | 'username', string>> {
  const { 'api-token': key, account, username } = settings;
  return {
    ...(key !== undefined && { key: key.trim() }),
    ...(account !== undefined && { account: account.trim() }),
    ...(username !== undefined && { username: username.trim() }),
  };
}

/** The form's label of a setting, for sentences to the customer. */
export function titleOf(name: (typeof ODOO_FIELDS)[number]['name']): string {
  return ODOO_FIELDS.find((field) => field.name === name)?.title ?? name;
}

/** Sentences for the customer about settings that cannot work. No value is repeated: it may be a secret. */
export function checkOdooSettings(settings: Settings): readonly string[] {
  const { 'api-url': url } = settings;
  const { key, account } = loginOf(settings);
  const problems: string[] = [];
  if (url !== undefined && !isUsableUrl(url)) {
    problems.push(addressProblem(titleOf('api-url')));
  }
  if (key !== undefined && !API_KEY.test(key)) {
    problems.push(`"${titleOf('api-token')}" contains characters that no API key has: copy it again.`);
  }
  if (account !== undefined && !DATABASE.test(account)) {
    problems.push(`"${titleOf('account')}" must be the name of a database, for example example-production.`);
  }
  // The column of this name carries the external id.
  return [...problems, ...reservedFieldProblems(settings, (field) => field === 'id')];
}

/** Odoo answers at the root of its host; people copy the address of a page. */
export function originOf(settings: Settings): string {
  return new URL(settings['api-url'] ?? '').origin;
}

export function postingOf(settings: Settings): Posting {
  return POSTINGS.find((posting) => posting === settings.posting) ?? 'draft';
}
