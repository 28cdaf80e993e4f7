import { readFileSync } from 'node:fs';
import { meaningOf, missingKeyOf, readErrors, refusedFieldOf, rowFailure } from './salesforce.errors.js';

const error = (code: string, message = '', fields: readonly string[] = []) => ({ code, message, fields });

describe('the errors of an answer', () => {
  it.each<[unknown, readonly object[]]>([
    [[{ errorCode: 'X', message: 'm', fields: ['A'] }], [error('X', 'm', ['A'])]],
    [[{ statusCode: 'X', message: 'm' }], [error('X', 'm')]],
    [{ error: 'invalid_grant', error_description: 'no' }, [error('invalid_grant')]],
    [{ errorCode: 'X', fields: ['Name', 'My secret is 5', 7, 'Own__c', ''] }, [error('X', '', ['Name', 'Own__c'])]],
    [[{ message: 'm' }], []],
    ['X', []],
    [null, []],
    [undefined, []],
    [[null, 7], []],
  ])('%j', (json, errors) => {
    expect(readErrors(json)).toEqual(errors);
  });
});

describe('the field that is refused', () => {
  it.each([
    [error('STRING_TOO_LONG', '', ['Phone', 'Fax']), 'Phone'],
    [error('INVALID_FIELD', "No such column 'Nope__c' on sobject of type Account"), 'Nope__c'],
    [error('INVALID_FIELD', "No such column 'No Pe' on sobject of type Account"), undefined],
    [error('INVALID_FIELD', 'something else'), undefined],
    // A rule or a duplicate is about the record, even if it points to a field.
    [error('FIELD_CUSTOM_VALIDATION_EXCEPTION', '', ['Phone']), undefined],
    [error('DUPLICATES_DETECTED', '', ['Email']), undefined],
  ])('%j: %s', (one, field) => {
    expect(refusedFieldOf(one)).toBe(field);
  });
});

it.each([
  [
    error('INVALID_FIELD', 'Foreign key external ID: p-pty-7_a not found for field X__c in entity Account'),
    'p-pty-7_a',
  ],
  [error('INVALID_FIELD', 'foreign key external id:p-pty-7 not found for field X__c'), 'p-pty-7'],
  [error('NOT_FOUND', 'Foreign key external ID: p-pty-7 not found for field X__c'), undefined],
  [error('INVALID_FIELD', "No such column 'X__c'"), undefined],
])('%j misses %s', (one, key) => {
  expect(missingKeyOf(one)).toBe(key);
});

it.each([
  [[], 'unknown_answer_200'],
  [[error('NEVER_HEARD_OF')], 'unknown_answer_200'],
  [[error('toString')], 'unknown_answer_200'],
])('a row that failed for %j is tried again', (errors, code) => {
  expect(rowFailure(errors)).toEqual({ outcome: 'retry', code });
});

it('not found is a missing relation of a row, but a missing object of a whole call', () => {
  expect(meaningOf(error('NOT_FOUND'), true)?.outcome).toBe('dependency');
  expect(meaningOf(error('NOT_FOUND'), false)?.outcome).toBe('rejected');
});

it.each(['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'CANNOT_EXECUTE_FLOW_TRIGGER'])(
  '%s is final, unless what failed inside is a lock',
  (code) => {
    expect(meaningOf(error(code, 'System.NullPointerException'), true)).toMatchObject({ outcome: 'rejected' });
    const lock =
      'System.DmlException: Update failed. first error: UNABLE_TO_LOCK_ROW, unable to obtain exclusive access';
    expect(meaningOf(error(code, lock), true)).toEqual({ outcome: 'retry', code: 'unable_to_lock_row' });
  },
);

it('every refusal of the corpus comes with a sentence that quotes nothing', () => {
  const corpus = JSON.parse(readFileSync(new URL('../../../test/corpus/salesforce.json', import.meta.url), 'utf8')) as {
    readonly answers: readonly { readonly response: { readonly body: unknown } }[];
  };
  const rows = corpus.answers.flatMap(({ response: { body } }) => (Array.isArray(body) ? (body as unknown[]) : []));
  const errors = rows.flatMap((row) => [
    ...readErrors(row),
    ...readErrors((row as { errors?: unknown } | null)?.errors),
  ]);
  const advice = errors.flatMap((one) => {
    const meaning = meaningOf(one, true);
    return meaning?.outcome === 'rejected' ? [meaning.advice] : [];
  });
  expect(advice.length).toBeGreaterThan(20);
  for (const sentence of advice) expect(sentence).toMatch(/^[A-Z][^<>{}]{20,}\.$/);
});
