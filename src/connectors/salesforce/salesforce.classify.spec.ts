import type { TargetResponse } from '../connector.js';
import { classifySalesforce, failureOf, usedShare } from './salesforce.classify.js';

/** What single answers mean stands in `test/corpus/salesforce.json`; here is what is between the lines. */

const DELIVERED = { id: '001A', success: true, errors: [], created: true };
const LOCKED = { success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW', message: 'x', fields: [] }] };

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): TargetResponse {
  return { kind: 'answer', status, headers, body: JSON.stringify(body) };
}

function limitInfo(text: string): Readonly<Record<string, string>> {
  return { 'sforce-limit-info': text };
}

describe('the allowance of the org', () => {
  it.each([
    ['api-usage=18/5000', 18 / 5000],
    ['api-usage=5000/5000; per-app-api-usage=17/250(appName=sample)', 1],
    ['api-usage=0/0', undefined],
    ['api-usage=a lot', undefined],
    ['', undefined],
  ])('%j is used up to %d', (text, share) => {
    expect(usedShare(limitInfo(text))).toBe(share);
  });

  it.each([
    ['api-usage=97999/100000', undefined],
    ['api-usage=98000/100000', { outcome: 'throttled', code: 'api_limit_near', retryAfterMs: 300_000 }],
    ['api-usage=100001/100000', { outcome: 'throttled', code: 'api_limit_near', retryAfterMs: 300_000 }],
  ])('with %j after a success: %j', (text, expected) => {
    expect(classifySalesforce(answer(200, [DELIVERED], limitInfo(text)), 0)).toEqual(expected);
  });

  it('does not make a failure of rows that were written', () => {
    expect(failureOf(answer(200, [DELIVERED], limitInfo('api-usage=100/100')), 0)).toBeUndefined();
  });
});

it.each<[string, unknown, string | undefined]>([
  ['all rows written', [DELIVERED, DELIVERED], undefined],
  ['one of them failed', [LOCKED, DELIVERED], undefined],
  ['all failed', [LOCKED, LOCKED], 'unable_to_lock_row'],
  ['an id of a row that failed', [{ ...LOCKED, id: '001A' }], 'unable_to_lock_row'],
  ['a success without an id', [{ success: true, created: true, errors: [] }], 'unknown_answer_200'],
  ['no rows', [], undefined],
  ['an object', { done: true, records: [] }, undefined],
])('a good status with %s', (_what, body, code) => {
  expect(classifySalesforce(answer(200, body), 0)?.code).toBe(code);
});

it.each<[TargetResponse, object]>([
  [
    { kind: 'held', retryAfterMs: 5 },
    { outcome: 'throttled', code: 'connection_resting', retryAfterMs: 5 },
  ],
  [
    { kind: 'lost', code: 'timeout' },
    { outcome: 'unknown_outcome', code: 'timeout' },
  ],
  [
    { kind: 'unreachable', code: 'econnrefused', permanent: false },
    { outcome: 'unreachable', code: 'econnrefused' },
  ],
])('without an answer: %j', (response, expected) => {
  expect(classifySalesforce(response, 0)).toEqual(expected);
});
