import { LearntThings, sizeOf } from './learnt-things.js';

/** Things of some hundred bytes each; what was forgotten stands in the list. */
function roomFor(count: number) {
  const forgotten: string[] = [];
  const things = new LearntThings(count * sizeOf('a'.repeat(100)), 4 * sizeOf('a'.repeat(100)));
  const names = new Map<string, object>();
  return {
    things,
    forgotten,
    nameOf: (name: string) => names.get(name) ?? names.set(name, {}).get(name) ?? {},
    keep(name: string, thing: unknown = 'a'.repeat(100)) {
      things.keep(this.nameOf(name), thing, () => forgotten.push(name));
    },
  };
}

it('forgets what was not used for longest', () => {
  const room = roomFor(2);
  room.keep('one');
  room.keep('two');
  room.things.used(room.nameOf('one'));
  room.keep('three');
  room.keep('four');
  expect(room.forgotten).toEqual(['two', 'one']);
});

it('counts what is kept anew once, and what was dropped no more', () => {
  const room = roomFor(2);
  for (let time = 0; time < 5; time++) room.keep('one');
  room.keep('two');
  room.things.drop(room.nameOf('one'));
  room.things.drop(room.nameOf('one'));
  room.keep('three');
  expect(room.forgotten).toEqual([]);
  room.keep('four');
  expect(room.forgotten).toEqual(['two']);
});

it('does not keep what is too large, and drives nothing out for it', () => {
  const room = roomFor(8);
  room.keep('one');
  room.keep('two', ['a'.repeat(10_000)]);
  expect(room.forgotten).toEqual(['two']);
});

describe('the size of a thing', () => {
  it.each<[string, unknown, unknown]>([
    ['a longer text', 'ab', 'abc'],
    ['more entries of a list', ['a'], ['a', 'b']],
    ['more entries of a Set', new Set(['a']), new Set(['a', 'b'])],
    ['a longer name in a Map', new Map([['a', {}]]), new Map([['ab', {}]])],
    ['a longer value in a Map', new Map([['a', { b: 'c' }]]), new Map([['a', { b: 'cd' }]])],
    ['a longer name of a member', { a: 1 }, { ab: 1 }],
    ['another object', [{ a: 1 }], [{ a: 1 }, { a: 1 }]],
  ])('is more for %s', (_name, smaller, larger) => {
    expect(sizeOf(larger)).toBeGreaterThan(sizeOf(smaller));
  });

  it('counts once what is there twice', () => {
    const shared = { text: 'a'.repeat(1_000) };
    expect(sizeOf([shared, shared])).toBeLessThan(1.5 * sizeOf([shared]));
  });

  it('is known of things that hold themselves', () => {
    const thing: { self?: unknown } = {};
    thing.self = thing;
    expect(sizeOf(thing)).toBeGreaterThan(0);
  });

  it('is about what an org takes in the heap: hundreds of fields of a dozen objects', () => {
    const type = { type: 'string', length: 80, values: [] };
    const fields = (object: number) =>
      Array.from({ length: 300 }, (_, field) => [`Own_${object}_${field}__c`.padEnd(24, 'x'), type] as const);
    const org = new Map(Array.from({ length: 12 }, (_, object) => [object, new Map(fields(object))]));
    expect(sizeOf(org) / 423_000).toBeGreaterThan(0.7);
    expect(sizeOf(org) / 423_000).toBeLessThan(1.5);
  });
});
