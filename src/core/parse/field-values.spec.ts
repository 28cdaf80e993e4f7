import { readFieldContainers, readFieldValues, readSubEntities } from './field-values.js';
import { Fields } from './fields.js';

function containers(json: Record<string, unknown>) {
  const problems: string[] = [];
  return { ...readFieldContainers(new Fields(json, problems)), problems };
}

describe('field values', () => {
  it.each([
    ['arrays of text', { a: ['x', 'y'] }, { a: ['x', 'y'] }, []],
    ['bare text', { a: 'x' }, { a: ['x'] }, []],
    ['numbers and truth', { a: [5, true], b: 1.5 }, { a: ['5', 'true'], b: ['1.5'] }, []],
    ['nothing', { a: [null], b: null, c: [] }, { a: [], b: [], c: [] }, []],
    ['an absent map', undefined, {}, []],
    ['the shape of the entity search', { a: { value: ['x'] } }, {}, ['values is not a map of names to text values']],
    ['an array', ['x'], {}, ['values is not a map of names to text values']],
  ])('%s', (_, json, expected, problems) => {
    const noted: string[] = [];
    expect(readFieldValues(new Fields({ values: json }, noted), 'values')).toEqual(expected);
    expect(noted).toEqual(problems);
  });

  it('keeps a field named like a part of every object as a plain field', () => {
    const json: unknown = JSON.parse('{"__proto__":["x"],"constructor":["y"]}');
    const values = readFieldValues(new Fields({ values: json }, []), 'values');
    expect(Object.keys(values)).toEqual(['__proto__', 'constructor']);
  });
});

describe('field groups', () => {
  it('as documented: the member is the map, the parent lists the members', () => {
    expect(
      containers({
        fieldValues: { drivers: ['l1'] },
        fieldGroupsByLocator: { l1: { name: ['Ann'], fieldName: ['x'] } },
      }),
    ).toEqual({
      fieldValues: { drivers: ['l1'] },
      fieldGroups: { l1: { name: ['Ann'], fieldName: ['x'] } },
      problems: [],
    });
  });

  it('as in the Node sample: the member names its group', () => {
    const member = (locator: string, name: string) => ({
      fieldGroupLocator: locator,
      fieldName: 'drivers',
      fieldValues: { name: [name] },
    });
    expect(
      containers({
        fieldValues: { drivers: ['l2'] },
        fieldGroupsByLocator: { l1: member('l1', 'Ann'), l2: member('l2', 'Bob') },
      }),
    ).toEqual({
      fieldValues: { drivers: ['l2', 'l1'] },
      fieldGroups: { l1: { name: ['Ann'] }, l2: { name: ['Bob'] } },
      problems: [],
    });
  });

  it.each([
    ['not a map', 5],
    ['members that are not maps', { l1: 'x' }],
    ['members whose values are not text', { l1: { a: {} } }],
  ])('%s is a problem', (_, json) => {
    expect(containers({ fieldGroupsByLocator: json }).problems).toEqual([
      'fieldGroupsByLocator is not a map of locators to field values',
    ]);
  });

  it('of a policyholder are entities with values', () => {
    const json = { subs: { l1: { locator: 'l1', values: { name: ['Ann'] } }, l2: { locator: 'l2' } } };
    expect(readSubEntities(new Fields(json, []), 'subs')).toEqual({ l1: { name: ['Ann'] }, l2: {} });
  });
});
