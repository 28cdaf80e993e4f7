import { listOf, objectOf, objectsOf, parseJson, parseObject, textOf, textsOf } from './json.js';

it.each<[string, object | undefined]>([
  ['{"a":1}', { a: 1 }],
  ['{}', {}],
  ['[]', undefined],
  ['null', undefined],
  ['7', undefined],
  ['"a"', undefined],
  ['', undefined],
  ['{"a":', undefined],
  ['<html>', undefined],
])('the object in %s', (text, expected) => {
  expect(parseObject(text)).toEqual(expected);
});

it.each<[unknown, object, readonly object[], string, readonly string[]]>([
  [{ a: 1 }, { a: 1 }, [], '', []],
  [[{ a: 1 }, 7, null, 'b', []], {}, [{ a: 1 }], '', ['b']],
  ['b', {}, [], 'b', ['b']],
  [7, {}, [], '', []],
  [null, {}, [], '', []],
  [undefined, {}, [], '', []],
])('%j as object, objects, text and texts', (value, object, objects, text, texts) => {
  expect([objectOf(value), objectsOf(value), textOf(value), textsOf(value)]).toEqual([object, objects, text, texts]);
});

it.each([
  ['{"a":1}', { a: 1 }],
  ['[1]', [1]],
  ['false', false],
  ['', undefined],
  ['<html>', undefined],
  ['[{"id":', undefined],
])('the value in %j: %j', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

it.each([
  [
    [1, null],
    [1, null],
  ],
  [{ length: 1 }, []],
  [null, []],
])('the entries of %j: %j', (value, entries) => {
  expect(listOf(value)).toEqual(entries);
});
