import type { Failure, VerifyResult } from '../connector.js';
import { failureInWords } from './failure-words.js';
import { TOKEN_ENDPOINT } from './oauth-tokens.js';
import { TOKEN_ADDRESS_TITLE } from './shared-fields.js';

export interface Advice {
  /** What to check when the credentials are refused, in the words of this target's form. */
  readonly unauthorized: string;
  /** Tokens are asked for below the address itself, because no address of their own is set: that is then to be checked. */
  readonly isTokenBelowAddress?: boolean;
}

/** What Start tells the customer when the target could not be used. */
export function verifyResultOf(failure: Failure, advice: Advice): VerifyResult {
  switch (failure.outcome) {
    case 'auth':
      return failure.code === 'target_gone'
        ? settingsProblem(failure.code, 'The address says it is closed for good (410): set another one.')
        : settingsProblem(failure.code, advice.unauthorized);
    case 'rejected':
      return settingsProblem(failure.code, failure.advice);
    case 'throttled':
      return resting(failure.code);
    case 'unreachable':
      return ofAddress(failure.code, advice);
    case 'retry':
    case 'dependency':
    case 'unknown_outcome':
      return unreachable(failure.code, THE_ADDRESS, failure.code);
  }
}

/** @param message a sentence for the customer that says what to change */
export function settingsProblem(code: string, message: string): VerifyResult {
  return { ok: false, cause: 'settings', code, message };
}

/** A page, a redirect, or nothing at all where the token endpoint would be: waiting does not help. */
export function isNoTokenEndpoint(code: string): boolean {
  return code.startsWith(TOKEN_ENDPOINT) && ELSEWHERE.test(code.slice(TOKEN_ENDPOINT.length));
}

const ELSEWHERE = /^(answer_unreadable|status_(3\d\d|404|405|410))$/;
const THE_ADDRESS = 'The address';

/** The two addresses of a form can have the same mistakes; the sentence names the one that has it. */
function ofAddress(code: string, { isTokenBelowAddress = false }: Advice): VerifyResult {
  const isToken = code.startsWith(TOKEN_ENDPOINT);
  const cause = isToken ? code.slice(TOKEN_ENDPOINT.length) : code;
  // A token endpoint wants rest like any other; only the target's own answers have an outcome for it.
  if (isToken && cause === 'status_429') return resting(code);
  const address = isToken && !isTokenBelowAddress ? `"${TOKEN_ADDRESS_TITLE}"` : THE_ADDRESS;
  const mistake = isNoTokenEndpoint(code)
    ? `${address} gives out no tokens (${failureInWords(cause)}): check it.`
    : mistakeIn(address, cause);
  return mistake === undefined ? unreachable(code, address, cause) : settingsProblem(code, mistake);
}

function mistakeIn(address: string, cause: string): string | undefined {
  switch (cause) {
    case 'private_address_refused':
      return `${address} leads into a private network: use a public https address.`;
    case 'scheme_refused':
      return `${address} must begin with https://.`;
    case 'port_refused':
      return `The port of ${inSentence(address)} is not allowed: use 443 or one above 1023.`;
    case 'enotfound':
      return `The name in ${inSentence(address)} does not exist: check the spelling.`;
    default:
      return undefined;
  }
}

function resting(code: string): VerifyResult {
  const message =
    'The target asks for rest at the moment, so not everything could be checked. Syncing begins when it takes requests again.';
  return { ok: false, cause: 'resting', code, message };
}

function unreachable(code: string, address: string, cause: string): VerifyResult {
  const message = `${address} cannot be used at the moment: ${failureInWords(cause)}. Check it, or try again later.`;
  return { ok: false, cause: 'unreachable', code, message };
}

function inSentence(address: string): string {
  return address === THE_ADDRESS ? 'the address' : address;
}
