import type { Failure, VerifyResult } from '../connector.js';
import { type Advice, settingsProblem, verifyResultOf } from './verify-result.js';

const ADVICE = { unauthorized: 'Make a new token.' };
type Cause = Extract<VerifyResult, { ok: false }>['cause'];

const RESTS =
  'The target asks for rest at the moment, so not everything could be checked. Syncing begins when it takes requests again.';

function said(failure: Failure, advice: Advice = ADVICE): Extract<VerifyResult, { ok: false }> {
  const result = verifyResultOf(failure, advice);
  if (result.ok) throw new Error('A failure is no success.');
  return result;
}

it.each<[Failure, Cause, string]>([
  [{ outcome: 'auth', code: 'target_unauthorized' }, 'settings', 'Make a new token.'],
  [{ outcome: 'auth', code: 'target_gone' }, 'settings', 'closed for good'],
  [{ outcome: 'rejected', code: 'status_404', advice: 'There is nothing here.' }, 'settings', 'There is nothing here.'],
  [{ outcome: 'unreachable', code: 'private_address_refused' }, 'settings', 'private network'],
  [{ outcome: 'unreachable', code: 'scheme_refused' }, 'settings', 'https://'],
  [{ outcome: 'unreachable', code: 'port_refused' }, 'settings', 'port'],
  [{ outcome: 'unreachable', code: 'enotfound' }, 'settings', 'spelling'],
  [
    { outcome: 'unreachable', code: 'econnrefused' },
    'unreachable',
    'cannot be used at the moment: it refuses connections. Check it',
  ],
  [{ outcome: 'retry', code: 'status_500' }, 'unreachable', 'it answers with the status 500.'],
  [{ outcome: 'throttled', code: 'status_429', retryAfterMs: 5 }, 'resting', RESTS],
  [{ outcome: 'throttled', code: 'limit_daily' }, 'resting', RESTS],
  [{ outcome: 'throttled', code: 'connection_resting', retryAfterMs: 5 }, 'resting', RESTS],
  [{ outcome: 'dependency', code: 'parent_missing' }, 'unreachable', ': parent missing.'],
  [{ outcome: 'unknown_outcome', code: 'timeout' }, 'unreachable', 'it does not answer in time'],
])('%j', (failure, cause, words) => {
  expect(said(failure)).toEqual({ ok: false, cause, code: failure.code, message: expect.stringContaining(words) });
});

describe('a token endpoint that cannot be used', () => {
  it.each<[string, Cause, string]>([
    ['private_address_refused', 'settings', '@ leads into a private network: use a public https address.'],
    ['scheme_refused', 'settings', '@ must begin with https://.'],
    ['port_refused', 'settings', 'The port of @ is not allowed: use 443 or one above 1023.'],
    ['enotfound', 'settings', 'The name in @ does not exist: check the spelling.'],
    ['status_404', 'settings', '@ gives out no tokens (it answers with the status 404): check it.'],
    ['status_405', 'settings', '@ gives out no tokens (it answers with the status 405): check it.'],
    ['status_410', 'settings', '@ gives out no tokens (it answers with the status 410): check it.'],
    ['status_302', 'settings', '@ gives out no tokens (it answers with the status 302): check it.'],
    ['answer_unreadable', 'settings', '@ gives out no tokens (its answer cannot be read): check it.'],
    [
      'timeout',
      'unreachable',
      '@ cannot be used at the moment: it does not answer in time. Check it, or try again later.',
    ],
    [
      'status_503',
      'unreachable',
      '@ cannot be used at the moment: it answers with the status 503. Check it, or try again later.',
    ],
    ['status_429', 'resting', RESTS],
  ])('%s: the sentence names the address that has the mistake', (ending, cause, words) => {
    const failure: Failure = { outcome: 'unreachable', code: `token_endpoint_${ending}` };
    const named = words.replace('@', '"OAuth token address"');
    expect(said(failure)).toEqual({ ok: false, cause, code: failure.code, message: named });
    const below = words.replace(/^@/, 'The address').replace('@', 'the address');
    const result = said(failure, { ...ADVICE, isTokenBelowAddress: true });
    expect(result).toEqual({ ok: false, cause, code: failure.code, message: below });
  });

  it('an address of the target itself that answers with such a status is none', () => {
    expect(said({ outcome: 'unreachable', code: 'status_404' })).toMatchObject({ cause: 'unreachable' });
  });
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
