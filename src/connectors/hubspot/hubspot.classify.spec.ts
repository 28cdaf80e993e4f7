import { readFileSync } from 'node:fs';
import type { TargetResponse } from '../connector.js';
import { classifyHubspot, errorFailure, failureOf } from './hubspot.classify.js';

/** The table of answers is test/corpus/hubspot.json; here is what one answer alone does not show. */

const NOW_MS = Date.parse('2026-11-22T10:00:00Z');
const SECRET = 'pat-na1-0123456789abcdef';

function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): TargetResponse {
  return { kind: 'answer', status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

interface Row {
  readonly name: string;
  readonly response: { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown };
  readonly expected: { readonly outcome: string };
}
const CORPUS = new URL('../../../test/corpus/hubspot.json', import.meta.url);
const { answers } = JSON.parse(readFileSync(CORPUS, 'utf8')) as { readonly answers: readonly Row[] };

it.each(answers)('$name', ({ response: { status, headers = {}, body }, expected }) => {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  expect(classifyHubspot(answer(status, body, lower), NOW_MS) ?? { outcome: 'delivered' }).toMatchObject(expected);
});

it.each<[TargetResponse, object]>([
  [
    { kind: 'held', retryAfterMs: 5 },
    { outcome: 'throttled', code: 'connection_resting', retryAfterMs: 5 },
  ],
  [
    { kind: 'unreachable', code: 'econnrefused', permanent: false },
    { outcome: 'unreachable', code: 'econnrefused' },
  ],
  [
    { kind: 'lost', code: 'timeout' },
    { outcome: 'unknown_outcome', code: 'timeout' },
  ],
])('without an answer: %j', (response, expected) => {
  expect(classifyHubspot(response, NOW_MS)).toEqual(expected);
});

it('names the field that is refused, wherever HubSpot says it', () => {
  const inner = JSON.stringify([{ error: 'INVALID_OPTION', name: 'state' }]);
  const ways = [
    { message: 'x', errors: [{ code: 'INVALID_OPTION', context: { propertyName: ['state'] } }] },
    { message: 'x', errors: [{ code: 'INVALID_OPTION', context: { propertyName: 'state' } }] },
    { message: 'x', errors: [{ code: 'INVALID_OPTION', in: 'state' }] },
    { message: `Property values were not valid: ${inner}` },
  ];
  for (const way of ways) {
    expect(errorFailure({ category: 'VALIDATION_ERROR', ...way })).toMatchObject({
      outcome: 'rejected',
      code: 'invalid_option',
      field: 'state',
    });
  }
});

it('names the missing scopes in its advice, and nothing that is no scope', () => {
  const requiredGranularScopes = ['crm.objects.deals.write', 'tickets', SECRET, 'Jordan Avery'];
  const error = { category: 'MISSING_SCOPES', message: 'x', errors: [{ context: { requiredGranularScopes } }] };
  expect(failureOf(answer(403, error), NOW_MS)).toEqual({
    outcome: 'rejected',
    code: 'missing_scopes',
    advice:
      'The token lacks a scope: give the service key or private app crm.objects.deals.write, tickets in HubSpot, ' +
      'and start the app again.',
  });
});

it('repeats nothing of what HubSpot quotes', () => {
  const quoting = `Jordan Avery ${SECRET}`;
  const error = { message: quoting, code: quoting, in: quoting, context: { propertyName: [quoting] } };
  for (const status of [200, 400, 401, 403, 404, 409, 423, 429, 477, 500]) {
    for (const category of ['VALIDATION_ERROR', 'CONFLICT', 'MISSING_SCOPES', 'OBJECT_NOT_FOUND', quoting]) {
      const body = { status: 'error', category, message: quoting, policyName: quoting, errors: [error] };
      const said = JSON.stringify(failureOf(answer(status, body), NOW_MS));
      expect(said).not.toMatch(/Jordan|Avery|pat-na1/);
    }
  }
});

it.each([
  ['INVALID_OPTION', 'invalid_option'],
  ['PROPERTY_DOESNT_EXIST', 'property_doesnt_exist'],
  ['AVERY', 'validation_error'],
  ['AVERY_JORDAN', 'validation_error'],
  ['INVALID_1988', 'validation_error'],
])('of the codes that HubSpot may use, %s is told as %s', (code, told) => {
  const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'x', errors: [{ code, message: 'x' }] };
  expect(failureOf(answer(400, body), NOW_MS)).toMatchObject({ outcome: 'rejected', code: told });
});

it('a 207 that wrote something is what was asked, row by row', () => {
  const body = { results: [{ id: '1' }], errors: [{ category: 'VALIDATION_ERROR', message: 'x' }] };
  expect(classifyHubspot(answer(207, body), NOW_MS)).toBeUndefined();
  expect(failureOf(answer(207, { ...body, results: [] }), NOW_MS)).toBeUndefined();
});
