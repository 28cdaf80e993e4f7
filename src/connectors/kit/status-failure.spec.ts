import { answered } from '../../../test/support/fake-target.ts';
import type { Failure } from '../connector.js';
import { statusFailure } from './status-failure.js';

const NOW = Date.parse('2024-06-01T12:00:00Z');
type Headers = Readonly<Record<string, string>>;

it.each<[number, Headers, Failure | undefined]>([
  [200, {}, undefined],
  [302, {}, undefined],
  [400, {}, undefined],
  [403, {}, undefined],
  [404, {}, undefined],
  [410, {}, undefined],
  [422, {}, undefined],
  [401, {}, { outcome: 'auth', code: 'target_unauthorized' }],
  [408, {}, { outcome: 'retry', code: 'status_408' }],
  [425, {}, { outcome: 'retry', code: 'status_425' }],
  [500, {}, { outcome: 'retry', code: 'status_500' }],
  [501, {}, { outcome: 'retry', code: 'status_501' }],
  [530, {}, { outcome: 'retry', code: 'status_530' }],
  [500, { 'retry-after': '3' }, { outcome: 'retry', code: 'status_500', retryAfterMs: 3_000 }],
  [502, {}, { outcome: 'unreachable', code: 'status_502' }],
  [503, {}, { outcome: 'unreachable', code: 'status_503' }],
  [504, {}, { outcome: 'unreachable', code: 'status_504' }],
  [503, { 'retry-after': '3' }, { outcome: 'throttled', code: 'status_503', retryAfterMs: 3_000 }],
  [502, { 'retry-after': '3' }, { outcome: 'throttled', code: 'status_502', retryAfterMs: 3_000 }],
  [504, { 'retry-after': '3' }, { outcome: 'throttled', code: 'status_504', retryAfterMs: 3_000 }],
  [429, {}, { outcome: 'throttled', code: 'status_429' }],
  [429, { 'retry-after': '3' }, { outcome: 'throttled', code: 'status_429', retryAfterMs: 3_000 }],
  [
    429,
    { 'retry-after': 'Sat, 01 Jun 2024 12:00:05 GMT' },
    { outcome: 'throttled', code: 'status_429', retryAfterMs: 5_000 },
  ],
  // Gateways name the end of their window on every answer: only where a limit was hit it is a wish.
  [500, { 'x-ratelimit-reset': '1800' }, { outcome: 'retry', code: 'status_500' }],
  [503, { 'ratelimit-reset': '1800' }, { outcome: 'unreachable', code: 'status_503' }],
])('%i with %j', (status, headers, failure) => {
  expect(statusFailure(answered(status, '', headers), NOW)).toEqual(failure);
});

it.each<[string, Headers, number | undefined]>([
  ['seconds', { 'ratelimit-reset': '7' }, 7_000],
  ['seconds of another name', { 'x-ratelimit-reset': '7' }, 7_000],
  ['an instant', { 'x-ratelimit-reset': String(NOW / 1_000 + 9) }, 9_000],
  ['an instant that has passed', { 'x-ratelimit-reset': String(NOW / 1_000 - 9) }, 0],
  ['more than an hour', { 'ratelimit-reset': '86400' }, 3_600_000],
  ['a word', { 'ratelimit-reset': 'soon' }, undefined],
  ['a fraction', { 'ratelimit-reset': '1.5' }, undefined],
  ['both, of which Retry-After counts', { 'retry-after': '2', 'ratelimit-reset': '7' }, 2_000],
])('the end of a limit as %s', (_what, headers, retryAfterMs) => {
  const failure = statusFailure(answered(429, '', headers), NOW);
  expect(failure).toEqual({
    outcome: 'throttled',
    code: 'status_429',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
});
