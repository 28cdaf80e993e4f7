import type { DeliveryResult } from '../connector.js';
import { limitFailure, migrationFailure, untilMidnight } from './hubspot.limits.js';

const NOON_UTC = Date.parse('2026-11-22T12:00:00.250Z');
const HOUR_MS = 3_600_000;

it.each<[string, Readonly<Record<string, string>>, string, number]>([
  ['TEN_SECONDLY_ROLLING', {}, 'limit_ten_secondly_rolling', 10_000],
  ['SECONDLY', {}, 'limit_secondly', 1_000],
  ['DAILY', {}, 'limit_daily', HOUR_MS],
  ['', {}, 'limit', 10_000],
  ['toString', {}, 'limit', 10_000],
  ['SECONDLY', { 'retry-after': '30' }, 'limit_secondly', 30_000],
])('the policy %s with %j', (policy, headers, code, retryAfterMs) => {
  expect(limitFailure(policy, headers, NOON_UTC)).toEqual({ outcome: 'throttled', code, retryAfterMs });
});

it.each<[string | undefined, number]>([
  ['90', 90_000],
  ['86400', 24 * HOUR_MS],
  ['99999999', 24 * HOUR_MS],
  ['Sun, 22 Nov 2026 12:10:00 GMT', 599_750],
  ['soon', HOUR_MS],
  [undefined, HOUR_MS],
])('an account that moves for %s', (seconds, retryAfterMs) => {
  const headers = seconds === undefined ? {} : { 'retry-after': seconds };
  expect(migrationFailure(headers, NOON_UTC)).toEqual({
    outcome: 'throttled',
    code: 'account_migrating',
    retryAfterMs,
  });
});

describe('the limit of the day', () => {
  const daily: DeliveryResult = { outcome: 'throttled', code: 'limit_daily', retryAfterMs: HOUR_MS };
  it.each<[string, number]>([
    ['UTC', 12 * HOUR_MS - 250],
    ['America/New_York', 17 * HOUR_MS - 250],
    ['Asia/Kolkata', 6.5 * HOUR_MS - 250],
    ['Nowhere/At_All', 12 * HOUR_MS - 250],
  ])('lasts until midnight in %s', (timeZone, retryAfterMs) => {
    expect(untilMidnight(daily, timeZone, NOON_UTC)).toEqual({ ...daily, retryAfterMs });
  });

  it('is the only result that waits so long', () => {
    const other: DeliveryResult = { outcome: 'throttled', code: 'limit', retryAfterMs: 10_000 };
    expect(untilMidnight(other, 'UTC', NOON_UTC)).toBe(other);
  });
});
