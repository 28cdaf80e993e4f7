import { timingSafeEqual } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { ReceivedRequest } from '../../http/loopback-server.ts';

const TOLERANCE_MS = 5 * 60_000;

/**
 * Whether the request is signed after the Standard Webhooks convention, within five minutes of `nowMs`.
 *
 * The package's own `verify` compares with the real clock; the sender lives in story time, so the comparison with the
 * clock is done here and only the signature comes from the package.
 */
export function isSigned(request: ReceivedRequest, secret: string, nowMs: number): boolean {
  const { headers, body } = request;
  const [id, seconds, signatures] = [headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']];
  if (id === undefined || signatures === undefined || !/^\d+$/.test(seconds ?? '')) return false;
  const sentMs = Number(seconds) * 1000;
  if (Math.abs(sentMs - nowMs) > TOLERANCE_MS) return false;
  const expected = Buffer.from(new Webhook(secret).sign(id, new Date(sentMs), body));
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
