import type { Failure } from '../connector.js';
import { listOf, objectOf, textOf } from '../kit/json.js';

/** One error as Salesforce words it, of a whole answer (`errorCode`) or of one row (`statusCode`). */
export interface SalesforceError {
  readonly code: string;
  /** Quotes data: it is looked into, never passed on. */
  readonly message: string;
  readonly fields: readonly string[];
}

/** A field's name goes on to people; anything else that stands in its place stays here. */
function isFieldName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(name);
}

/** The errors of an answer or a row; none where it is something else. */
export function readErrors(json: unknown): readonly SalesforceError[] {
  return (Array.isArray(json) ? json : [json]).flatMap((entry: unknown) => {
    const { errorCode, statusCode, message, fields, error } = objectOf(entry);
    // The OAuth server says `error`; everything else `errorCode`, rows `statusCode`.
    const code = [errorCode, statusCode, error].find((value) => typeof value === 'string');
    if (code === undefined) return [];
    return [
      {
        code,
        message: textOf(message),
        fields: listOf(fields).filter(isFieldName),
      },
    ];
  });
}

/** The total allowance is that of a rolling day: asking again within minutes only costs others their share. */
const DAILY_LIMIT_WAIT_MS = 15 * 60_000;
/** Too many long requests at a time; that passes soon. */
const CONCURRENT_LIMIT_WAIT_MS = 30_000;
/** Somebody has to buy or free storage. */
const STORAGE_WAIT_MS = 60 * 60_000;

const RIGHTS =
  'The integration user may not do this: assign the permission set "Socotra Sync" (and "Socotra Sync FSC") to it.';
const PACKAGE =
  'Salesforce does not know the object or field: deploy the package in salesforce/ and assign the permission set "Socotra Sync".';
const FIELD = 'Salesforce refuses the value of this field: check the field there.';
const TWO_RECORDS = 'Two records in Salesforce carry the same Socotra Key: delete or merge one of them.';
const AUTOMATION = 'A trigger or flow in Salesforce fails on the record: look at the automations of the object.';
const DEFECT = 'Salesforce cannot read the request: report this to the maker of the app.';

/** A refusal that stands until somebody changes something. */
const REJECTED: Readonly<Record<string, string>> = {
  DUPLICATES_DETECTED:
    'A duplicate rule in Salesforce refuses the record: merge the duplicates, or let the rule allow the integration user.',
  DUPLICATE_VALUE:
    'A unique field in Salesforce already has this value in another record: find and correct one of them.',
  DUPLICATE_EXTERNAL_ID: TWO_RECORDS,
  FIELD_CUSTOM_VALIDATION_EXCEPTION:
    'A validation rule in Salesforce refuses the record: exempt the integration user, or correct the data in Socotra.',
  REQUIRED_FIELD_MISSING:
    'Salesforce requires a field that the app does not fill: give it a default, or make it optional.',
  CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: AUTOMATION,
  CANNOT_EXECUTE_FLOW_TRIGGER: AUTOMATION,
  INSUFFICIENT_ACCESS: RIGHTS,
  INSUFFICIENT_ACCESS_OR_READONLY: RIGHTS,
  INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY: RIGHTS,
  FUNCTIONALITY_NOT_ENABLED: 'The org does not have this feature: enable it, or leave the kind of record out.',
  NOT_FOUND: PACKAGE,
  INVALID_TYPE: PACKAGE,
  INVALID_FIELD: PACKAGE,
  INVALID_FIELD_FOR_INSERT_UPDATE: FIELD,
  STRING_TOO_LONG: FIELD,
  INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: FIELD,
  INVALID_EMAIL_ADDRESS: FIELD,
  INVALID_TYPE_ON_FIELD_IN_RECORD: FIELD,
  NUMBER_OUTSIDE_VALID_RANGE: FIELD,
  FIELD_INTEGRITY_EXCEPTION: FIELD,
  FIELD_FILTER_VALIDATION_EXCEPTION: FIELD,
  INVALID_CROSS_REFERENCE_KEY: FIELD,
  MALFORMED_QUERY: DEFECT,
  JSON_PARSER_ERROR: DEFECT,
  MISSING_ARGUMENT: DEFECT,
  METHOD_NOT_ALLOWED: DEFECT,
  EXCEEDED_ID_LIMIT: DEFECT,
  ALL_OR_NONE_OPERATION_ROLLED_BACK: DEFECT,
};

const LOCKED = 'UNABLE_TO_LOCK_ROW';

/** Passes by itself. `UNKNOWN_EXCEPTION` is an internal error of theirs. */
const PASSING: Readonly<Record<string, number | undefined>> = {
  [LOCKED]: undefined,
  ENTITY_IS_LOCKED: undefined,
  SERVER_UNAVAILABLE: undefined,
  UNKNOWN_EXCEPTION: undefined,
  QUERY_TIMEOUT: undefined,
  STORAGE_LIMIT_EXCEEDED: STORAGE_WAIT_MS,
};

/**
 * An automation that fails because it met a lock says so in its message only, for example "… caused by:
 * System.DmlException: Update failed. … first error: UNABLE_TO_LOCK_ROW":
 * https://github.com/SFDO-Community/declarative-lookup-rollup-summaries/issues/1241
 */
function isLockInAutomation({ code, message }: SalesforceError): boolean {
  return REJECTED[code] === AUTOMATION && message.includes(LOCKED);
}

/** The connection as a whole is refused. */
const CONNECTION_REFUSED: ReadonlySet<string> = new Set([
  'INVALID_SESSION_ID',
  'INVALID_AUTH_HEADER',
  'INVALID_LOGIN',
  'API_DISABLED_FOR_ORG',
  'API_CURRENTLY_DISABLED',
  'invalid_grant',
  'invalid_client',
  'invalid_client_id',
  'inactive_user',
  'inactive_org',
]);

/** Something the record points to is not there. */
const MISSING_RELATED: ReadonlySet<string> = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY']);

/** Codes that are about one field's value: without the field the record may be taken. */
const ABOUT_A_FIELD: ReadonlySet<string> = new Set([
  'INVALID_FIELD',
  'INVALID_FIELD_FOR_INSERT_UPDATE',
  'STRING_TOO_LONG',
  'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
  'INVALID_EMAIL_ADDRESS',
  'INVALID_TYPE_ON_FIELD_IN_RECORD',
  'NUMBER_OUTSIDE_VALID_RANGE',
  'FIELD_INTEGRITY_EXCEPTION',
  'FIELD_FILTER_VALIDATION_EXCEPTION',
  'INVALID_CROSS_REFERENCE_KEY',
  'REQUIRED_FIELD_MISSING',
]);

/** As the guide words a parent that is not there; seen so in public logs, not by us. */
const FOREIGN_KEY = /foreign key external id: ?(\S+) not found/i;
/** How a column is named that the user may not see or that is not there. */
const NO_SUCH_COLUMN = /no such column '([A-Za-z0-9_]+)'/i;

/** The key of the related record that an error misses; undefined: it is about something else. */
export function missingKeyOf({ code, message }: SalesforceError): string | undefined {
  return code === 'INVALID_FIELD' ? FOREIGN_KEY.exec(message)?.[1] : undefined;
}

/** The field whose value alone is refused, as Salesforce names it. */
export function refusedFieldOf({ code, message, fields }: SalesforceError): string | undefined {
  return ABOUT_A_FIELD.has(code) ? (fields[0] ?? NO_SUCH_COLUMN.exec(message)?.[1]) : undefined;
}

/**
 * What the first of some errors means; undefined: nobody knows this code.
 *
 * @param ofRow the error of one row of many, not of the whole call
 */
export function meaningOf(error: SalesforceError, ofRow: boolean): Failure | undefined {
  const { code, message, fields } = error;
  const ourCode = code.toLowerCase();
  if (code === 'REQUEST_LIMIT_EXCEEDED') {
    const retryAfterMs = /concurrent/i.test(message) ? CONCURRENT_LIMIT_WAIT_MS : DAILY_LIMIT_WAIT_MS;
    return { outcome: 'throttled', code: ourCode, retryAfterMs };
  }
  if (CONNECTION_REFUSED.has(code)) return { outcome: 'auth', code: 'target_unauthorized' };
  if (missingKeyOf(error) !== undefined) return { outcome: 'dependency', code: 'related_record_missing' };
  const isRelated = MISSING_RELATED.has(code) && !fields.includes('RecordTypeId');
  if (isRelated || (ofRow && code === 'NOT_FOUND')) return { outcome: 'dependency', code: ourCode };
  // Two writers created the record at the same time: the second try finds it.
  if (code === 'DUPLICATE_VALUE' && message.includes('Socotra_Key__c')) return { outcome: 'retry', code: ourCode };
  if (isLockInAutomation(error)) return { outcome: 'retry', code: LOCKED.toLowerCase() };
  if (Object.hasOwn(PASSING, code)) {
    const retryAfterMs = PASSING[code];
    return { outcome: 'retry', code: ourCode, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  const advice = Object.hasOwn(REJECTED, code) ? REJECTED[code] : undefined;
  if (advice === undefined) return undefined;
  const field = refusedFieldOf(error);
  return { outcome: 'rejected', code: ourCode, ...(field !== undefined && { field }), advice };
}

/** The result of a row that failed. */
export function rowFailure(errors: readonly SalesforceError[]): Failure {
  const [first] = errors;
  // An unknown code is tried again: it may be new, and nothing is dropped that nobody understood.
  return (first && meaningOf(first, true)) ?? { outcome: 'retry', code: 'unknown_answer_200' };
}
