import { createHmac } from 'node:crypto';

const SECRET = /^whsec_([A-Za-z0-9+/]{16,}={0,2})$/;

/** Whether a signing secret has the form the Standard Webhooks convention prescribes: `whsec_` and whole base64. */
export function isSigningSecret(secret: string): boolean {
  const base64 = SECRET.exec(secret)?.[1];
  // Ready-made verifiers refuse base64 of another length, although Node would read it.
  return base64 !== undefined && base64.length % 4 === 0;
}

/**
 * The three headers of the Standard Webhooks convention: an HMAC-SHA256 over `id.timestamp.body`, so that a receiver
 * can use any ready-made verifier. The secret must satisfy {@link isSigningSecret}.
 *
 * @param sentAtMs milliseconds since the epoch; receivers refuse messages that are minutes old
 */
export function signatureHeaders(secret: string, id: string, sentAtMs: number, body: string): Record<string, string> {
  const key = Buffer.from(SECRET.exec(secret)?.[1] ?? '', 'base64');
  const timestamp = String(Math.floor(sentAtMs / 1_000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
