import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { isSigningSecret, signatureHeaders } from './standard-webhooks.js';

const SECRET = `whsec_${Buffer.from('a key of twenty-four bytes').toString('base64')}`;

/** As a receiver does it, with a verifier that is not ours. */
function verify(secret: string, body: string, headers: Readonly<Record<string, string>>): void {
  new Webhook(secret).verify(body, { ...headers }, { jsonParse: false });
}

describe('a signature', () => {
  it.each(['{"specVersion":"1"}', '', '{"name":"Zoë"}', 'x'.repeat(100_000)])(
    'is what a ready-made verifier expects (%#)',
    (body) => {
      const headers = signatureHeaders(SECRET, 'delivery-1', Date.now(), body);
      expect(() => verify(SECRET, body, headers)).not.toThrow();
    },
  );

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['another body', {}, '{"specVersion":"2"}'],
    ['another id', { 'webhook-id': 'delivery-2' }, '{}'],
    ['another time', { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) - 5) }, '{}'],
  ])('does not fit %s', (_what, changed, body) => {
    const headers = { ...signatureHeaders(SECRET, 'delivery-1', Date.now(), '{}'), ...changed };
    expect(() => verify(SECRET, body, headers)).toThrow(WebhookVerificationError);
  });

  it('does not fit another secret', () => {
    const other = `whsec_${Buffer.from('another key of some length').toString('base64')}`;
    expect(() => verify(other, '{}', signatureHeaders(SECRET, 'd', Date.now(), '{}'))).toThrow(
      WebhookVerificationError,
    );
  });

  it('stands in three headers, with the time in whole seconds', () => {
    expect(signatureHeaders(SECRET, 'd', 1_716_305_400_999, '{}')).toEqual({
      'webhook-id': 'd',
      'webhook-timestamp': '1716305400',
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
  });
});

it.each([
  [SECRET, true],
  [`whsec_${'A'.repeat(16)}`, true],
  [`whsec_${'A'.repeat(15)}=`, false],
  [`whsec_${'A'.repeat(19)}=`, true],
  [`whsec_${'A'.repeat(18)}==`, true],
  [`whsec_${'A'.repeat(17)}`, false],
  [`whsec_${'A'.repeat(18)}=`, false],
  [`whsec_${'A'.repeat(12)}`, false],
  [`whsec_${'-_'.repeat(8)}`, false],
  ['A'.repeat(24), false],
  ['whsec_', false],
  ['', false],
  [` ${SECRET}`, false],
  [`${SECRET}\n`, false],
])('%j is a signing secret: %s', (secret, expected) => {
  expect(isSigningSecret(secret)).toBe(expected);
});
