import type { Failure } from '../connector.js';

/** An exception as Odoo reports it; its traceback (`debug`) is never read, because it names files and quotes data. */
export interface OdooError {
  /** Python class, for example `odoo.exceptions.UserError`. */
  readonly name: string;
  readonly message: string;
}

const REFUSED_CREDENTIALS = new Set([
  'werkzeug.exceptions.Unauthorized',
  'odoo.exceptions.AccessDenied',
  'odoo.http.SessionExpiredException',
]);

/** Of the database, and of a server that is short of something; the same request may succeed a little later. */
const PASSING =
  /^psycopg2\.|^builtins\.(MemoryError|TimeoutError|ConnectionError|ConnectionResetError|BrokenPipeError)$/;

/** A refused transaction is reported under several names, or as a message of `load`: the database's words tell. */
export function passingFailure(message: string): Failure | undefined {
  if (/could not serialize access/i.test(message)) return { outcome: 'retry', code: 'serialization_failure' };
  if (/deadlock detected/i.test(message)) return { outcome: 'retry', code: 'deadlock_detected' };
  if (/could not obtain lock|lock timeout/i.test(message)) return { outcome: 'retry', code: 'lock_not_available' };
  return undefined;
}

/** Undefined: an exception nobody knows, so that the status decides. */
export function failureOfError({ name, message }: OdooError, status: number): Failure | undefined {
  if (/database ["'].*["'] does not exist/is.test(message))
    return { outcome: 'unreachable', code: 'database_not_found' };
  const passing = passingFailure(message);
  if (passing !== undefined) return passing;
  if (REFUSED_CREDENTIALS.has(name)) return { outcome: 'auth', code: 'target_unauthorized' };
  if (PASSING.test(name)) return { outcome: 'retry', code: 'server_busy' };
  if (name.startsWith('builtins.')) return mistake(name, message);
  switch (name) {
    case 'odoo.exceptions.AccessError':
      return accessRefused();
    // Deleted between two of our calls: what is written by external id comes again under another database id.
    case 'odoo.exceptions.MissingError':
      return { outcome: 'dependency', code: 'record_missing' };
    case 'werkzeug.exceptions.NotFound':
      return notFound(message);
    case 'odoo.exceptions.UserError':
      return /^Object .+ doesn't exist$/.test(message) ? modelMissing() : refusedByRule('user_error');
    case 'odoo.exceptions.RedirectWarning':
      return refusedByRule('redirect_warning');
    case 'odoo.exceptions.ValidationError':
      return refusedByRule('validation_error');
    case 'werkzeug.exceptions.UnprocessableEntity':
      return refusedCall('unprocessable_entity');
    case 'werkzeug.exceptions.BadRequest':
      return refusedCall('bad_request');
    case 'werkzeug.exceptions.Forbidden':
      return accessRefused();
    default:
      // JSON-RPC has no status of its own: without this, 200 would say that all is well.
      return status === 200 ? { outcome: 'retry', code: 'unknown_answer_200' } : undefined;
  }
}

export function accessRefused(): Failure {
  const advice = 'The user may not write these records: give it the access rights named in the documentation.';
  return { outcome: 'rejected', code: 'access_error', advice };
}

function modelMissing(): Failure {
  const advice = 'The Odoo app that holds these records is not installed: install it, then start this app again.';
  return { outcome: 'rejected', code: 'model_missing', advice };
}

export function unknownField(message: string): Failure | undefined {
  const field = /^Invalid field(?: name)? '([A-Za-z][A-Za-z0-9_]{0,62})(?:\/[^']*)?'/.exec(message)?.[1];
  if (field === undefined) return undefined;
  const advice = 'Odoo has no such field: check the names of the target fields, or install the app that brings it.';
  return { outcome: 'rejected', code: 'unknown_field', field, advice };
}

/** `builtins.*`: the call itself is wrong, whatever the status says. */
function mistake(name: string, message: string): Failure {
  const code = /^builtins\.([A-Z][A-Za-z]{1,40}Error)$/.exec(name)?.[1]?.toLowerCase() ?? 'python_error';
  const advice = 'Odoo cannot process this record: report it with the code and your version of Odoo.';
  return unknownField(message) ?? { outcome: 'rejected', code, advice };
}

function notFound(message: string): Failure {
  if (/^the model .+ does not exist/i.test(message)) return modelMissing();
  const code = /^the method .+ does not exist/i.test(message) ? 'method_missing' : 'not_found';
  return { outcome: 'rejected', code, advice: 'This Odoo lacks what the app calls: check its version (17 or later).' };
}

function refusedByRule(code: string): Failure {
  return {
    outcome: 'rejected',
    code,
    advice: 'A rule in Odoo forbids this: make the same change there by hand to see which.',
  };
}

function refusedCall(code: string): Failure {
  return {
    outcome: 'rejected',
    code,
    advice: 'Odoo does not understand the request: report it with your version of Odoo.',
  };
}
