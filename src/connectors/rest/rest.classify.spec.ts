import type { HttpResponse } from '../../http/exchange.js';
import type { DeliveryResult } from '../connector.js';
import { isOnePerRecord } from '../kit/in-batches.js';
import { resultsOfPush } from './rest.classify.js';

const NOW_MS = Date.parse('2024-10-21T07:28:00Z');

function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): HttpResponse {
  return { kind: 'answer', status, headers, body };
}

function classified(response: HttpResponse): DeliveryResult | undefined {
  const answer = resultsOfPush(response, ['p-pol-1'], NOW_MS);
  return isOnePerRecord(answer) ? answer[0] : answer;
}

function rejected(status: number, words: string): DeliveryResult {
  return { outcome: 'rejected', code: `status_${status}`, advice: expect.stringContaining(words) };
}

describe('a status', () => {
  it.each<[number, DeliveryResult]>([
    ...[200, 201, 202, 204, 299].map((status): [number, DeliveryResult] => [
      status,
      { outcome: 'delivered', change: 'updated' },
    ]),
    ...[300, 301, 302, 303, 304, 307, 308].map((status): [number, DeliveryResult] => [
      status,
      rejected(status, 'redirect'),
    ]),
    ...[400, 402, 405, 406, 411, 412, 413, 414, 415, 418, 422, 423, 424, 426, 428, 431, 451].map(
      (status): [number, DeliveryResult] => [status, rejected(status, 'refused the record')],
    ),
    ...[502, 503, 504].map((status): [number, DeliveryResult] => [
      status,
      { outcome: 'unreachable', code: `status_${status}` },
    ]),
    ...[408, 425, 500, 501, 507, 520, 522, 524, 529, 530].map((status): [number, DeliveryResult] => [
      status,
      { outcome: 'retry', code: `status_${status}` },
    ]),
    [401, { outcome: 'auth', code: 'target_unauthorized' }],
    [403, rejected(403, 'forbids')],
    [404, rejected(404, 'nothing at the address')],
    [409, rejected(409, 'conflict')],
    [410, { outcome: 'auth', code: 'target_gone' }],
    [429, { outcome: 'throttled', code: 'status_429' }],
  ])('%i', (status, expected) => {
    expect(classified(answer(status))).toEqual(expected);
  });
});

describe('the wait that an answer asks for', () => {
  const soon = String(Math.floor(NOW_MS / 1_000) + 90);
  it.each<[string, number, Readonly<Record<string, string>>, 'throttled' | 'retry', number | undefined]>([
    ['seconds', 429, { 'retry-after': '7' }, 'throttled', 7_000],
    ['a date', 429, { 'retry-after': 'Mon, 21 Oct 2024 07:29:00 GMT' }, 'throttled', 60_000],
    ['more than an hour', 429, { 'retry-after': '86400' }, 'throttled', 3_600_000],
    ['nonsense', 429, { 'retry-after': 'later' }, 'throttled', undefined],
    ['seconds of a limit', 429, { 'ratelimit-reset': '30' }, 'throttled', 30_000],
    ['seconds of a limit, older name', 429, { 'x-ratelimit-reset': '30' }, 'throttled', 30_000],
    ['the instant of a limit', 429, { 'x-ratelimit-reset': soon }, 'throttled', 90_000],
    ['an instant that has passed', 429, { 'x-ratelimit-reset': '1500000000' }, 'throttled', 0],
    ['more than an hour of a limit', 429, { 'ratelimit-reset': '7200' }, 'throttled', 3_600_000],
    ['nonsense of a limit', 429, { 'ratelimit-reset': 'soon' }, 'throttled', undefined],
    ['both', 429, { 'retry-after': '7', 'ratelimit-reset': '30' }, 'throttled', 7_000],
    ['an overloaded receiver', 503, { 'retry-after': '7' }, 'throttled', 7_000],
    ['a broken receiver', 500, { 'retry-after': '7' }, 'retry', 7_000],
    ['a slow receiver', 408, { 'retry-after': '7' }, 'retry', 7_000],
  ])('%s', (_what, status, headers, outcome, retryAfterMs) => {
    const expected = { outcome, code: `status_${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    expect(classified(answer(status, headers))).toEqual(expected);
  });
});

describe('a 2xx that says more', () => {
  const refused: DeliveryResult = {
    outcome: 'rejected',
    code: 'receiver_refused',
    advice: 'The receiver refused the record: look into its log.',
  };
  const updated: DeliveryResult = { outcome: 'delivered', change: 'updated' };
  it.each<[string, unknown, DeliveryResult]>([
    ['created', { status: 'created', targetId: '42' }, { outcome: 'delivered', change: 'created', targetId: '42' }],
    ['updated', { status: 'updated', targetId: '42' }, { ...updated, targetId: '42' }],
    ['ignored', { status: 'ignored' }, { outcome: 'delivered', change: 'unchanged' }],
    ['without a status', { key: 'p-pol-1' }, updated],
    ['an id that is a number', { status: 'updated', targetId: 42 }, updated],
    ['an id without end', { status: 'updated', targetId: 'x'.repeat(999) }, { ...updated, targetId: 'x'.repeat(128) }],
    ['failed for good', { status: 'failed', code: 'bad_date' }, refused],
    ['failed without a code', { status: 'failed' }, refused],
    ['failed with a sentence about somebody', { status: 'failed', code: 'Jo is 5', message: 'Jo is 5' }, refused],
    [
      'failed for now',
      { status: 'failed', code: 'locked', retryable: true },
      { outcome: 'retry', code: 'receiver_failed' },
    ],
    ['maybe for now', { status: 'failed', code: 'x', retryable: 'true' }, refused],
    ['no object', 'created', updated],
    ['null', null, updated],
  ])('%s', (_what, result, expected) => {
    expect(classified(answer(200, {}, JSON.stringify({ results: [result] })))).toEqual(expected);
  });

  it.each(['', 'OK', '<html>', 'null', '[]', '7', '{}', '{"results":{}}', '{"results":[]}', '{"ok":false}'])(
    'is acceptance with the body %j',
    (body) => {
      expect(classified(answer(200, {}, body))).toEqual(updated);
    },
  );

  it('counts for a 2xx only', () => {
    const body = JSON.stringify({ results: [{ status: 'created' }] });
    expect(classified(answer(400, {}, body))).toMatchObject({ outcome: 'rejected', code: 'status_400' });
  });
});

describe('a 2xx for several records', () => {
  const KEYS = ['p-pty-1', 'p-pol-2', 'p-chg-3'];
  const failed = { status: 'failed', retryable: true };
  const created = { status: 'created' };
  const [D, C, F] = ['delivered updated', 'delivered created', 'retry receiver_failed'];

  it.each<[string, unknown, readonly string[]]>([
    ['says nothing: all are taken', {}, [D, D, D]],
    ['says it in their order', { results: [created, failed, created] }, [C, F, C]],
    ['names one only, out of its place', { results: [{ ...failed, key: 'p-chg-3' }] }, [D, D, F]],
    [
      'names them in another order',
      { results: [{ ...failed, key: 'p-chg-3' }, { ...created, key: 'p-pty-1' }, created] },
      [C, D, F],
    ],
    ['names them by keys of its own', { results: KEYS.map((key) => ({ ...failed, key: `crm ${key}` })) }, [F, F, F]],
    ['is shorter', { results: [created] }, [C, D, D]],
    ['is longer', { results: [created, created, created, failed] }, [C, C, C]],
    ['cannot be read in one place', { results: [created, null, failed] }, [C, D, F]],
  ])('%s', (_what, body, expected) => {
    const results = resultsOfPush(answer(200, {}, JSON.stringify(body)), KEYS, NOW_MS);
    const said = isOnePerRecord(results) ? results : [];
    expect(said.map((result) => `${result.outcome} ${'change' in result ? result.change : result.code}`)).toEqual(
      expected,
    );
  });

  it('that is none is one result for all', () => {
    expect(resultsOfPush(answer(422), KEYS, NOW_MS)).toEqual(rejected(422, 'refused the record'));
  });
});

it.each<[HttpResponse, DeliveryResult]>([
  [
    { kind: 'unreachable', code: 'econnrefused', permanent: false },
    { outcome: 'unreachable', code: 'econnrefused' },
  ],
  [
    { kind: 'lost', code: 'timeout' },
    { outcome: 'unknown_outcome', code: 'timeout' },
  ],
])('without an answer: %j', (response, expected) => {
  expect(classified(response)).toEqual(expected);
});
