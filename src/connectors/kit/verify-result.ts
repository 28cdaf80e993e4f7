import type { Failure, VerifyResult } from '../connector.js';

/**
 * What Start tells the customer when the target could not be used.
 *
 * @param advice what to check when the credentials are refused, in the words of this target's form
 */
export function verifyResultOf(failure: Failure, advice: { readonly unauthorized: string }): VerifyResult {
  switch (failure.outcome) {
    case 'auth':
      return failure.code === 'target_gone'
        ? settingsProblem(failure.code, 'The address says it is closed for good (410): set another one.')
        : settingsProblem(failure.code, advice.unauthorized);
    case 'rejected':
      return settingsProblem(failure.code, failure.advice);
    case 'unreachable':
      return addressProblem(failure.code) ?? unreachable(failure.code);
    case 'retry':
    case 'throttled':
    case 'dependency':
    case 'unknown_outcome':
      return unreachable(failure.code);
  }
}

/** @param message a sentence for the customer that says what to change */
export function settingsProblem(code: string, message: string): VerifyResult {
  return { ok: false, cause: 'settings', code, message };
}

function addressProblem(code: string): VerifyResult | undefined {
  switch (code) {
    case 'private_address_refused':
      return settingsProblem(code, 'The address leads into a private network: use a public https address.');
    case 'scheme_refused':
      return settingsProblem(code, 'The address must begin with https://.');
    case 'port_refused':
      return settingsProblem(code, 'The port of the address is not allowed: use 443 or one above 1023.');
    case 'enotfound':
      return settingsProblem(code, 'The name in the address does not exist: check the spelling.');
    default:
      return undefined;
  }
}

function unreachable(code: string): VerifyResult {
  const message = `The address could not be reached (${code.replaceAll('_', ' ')}): check it, or try again later.`;
  return { ok: false, cause: 'unreachable', code, message };
}
