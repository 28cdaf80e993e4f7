import type { Failure, VerifyResult } from '../connector.js';
import { settingsProblem, verifyResultOf } from './verify-result.js';

const ADVICE = { unauthorized: 'Make a new token.' };

function said(failure: Failure): Extract<VerifyResult, { ok: false }> {
  const result = verifyResultOf(failure, ADVICE);
  if (result.ok) throw new Error('A failure is no success.');
  return result;
}

it.each<[Failure, 'settings' | 'unreachable', string]>([
  [{ outcome: 'auth', code: 'target_unauthorized' }, 'settings', 'Make a new token.'],
  [{ outcome: 'auth', code: 'target_gone' }, 'settings', 'closed for good'],
  [{ outcome: 'rejected', code: 'status_404', advice: 'There is nothing here.' }, 'settings', 'There is nothing here.'],
  [{ outcome: 'unreachable', code: 'private_address_refused' }, 'settings', 'private network'],
  [{ outcome: 'unreachable', code: 'scheme_refused' }, 'settings', 'https://'],
  [{ outcome: 'unreachable', code: 'port_refused' }, 'settings', 'port'],
  [{ outcome: 'unreachable', code: 'enotfound' }, 'settings', 'spelling'],
  [{ outcome: 'unreachable', code: 'econnrefused' }, 'unreachable', 'could not be reached (econnrefused)'],
  [{ outcome: 'retry', code: 'status_500' }, 'unreachable', '(status 500)'],
  [{ outcome: 'throttled', code: 'status_429', retryAfterMs: 5 }, 'unreachable', '(status 429)'],
  [{ outcome: 'dependency', code: 'parent_missing' }, 'unreachable', '(parent missing)'],
  [{ outcome: 'unknown_outcome', code: 'timeout' }, 'unreachable', '(timeout)'],
])('%j', (failure, cause, words) => {
  expect(said(failure)).toEqual({ ok: false, cause, code: failure.code, message: expect.stringContaining(words) });
});

it('a problem of the settings is the customer’s to solve', () => {
  const message = 'Choose another account.';
  expect(settingsProblem('wrong_account', message)).toEqual({
    ok: false,
    cause: 'settings',
    code: 'wrong_account',
    message,
  });
});
