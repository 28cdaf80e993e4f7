import { parseMappingPath } from './mapping-path.js';

const A = "$[?(@.name=='personal-auto')].policyConfiguration";
const product = 'personal-auto';
const step = (name: string, value: string) => `.${name}[?(@.name=='${value}')]`;

describe('the known forms', () => {
  it.each([
    ['policyholder' + step('fields', 'last_name'), { scope: 'policyholder', field: 'last_name' }],
    [
      'policyholder' + step('fields', 'address') + step('fields', 'city'),
      { scope: 'policyholder', group: 'address', field: 'city' },
    ],
    [A + step('fields', 'channel'), { scope: 'product', product, field: 'channel' }],
    [
      A + step('fields', 'drivers') + step('fields', 'name'),
      { scope: 'product', product, group: 'drivers', field: 'name' },
    ],
    [
      A + step('exposures', 'vehicle') + step('fields', 'vin'),
      { scope: 'product', product, exposure: 'vehicle', field: 'vin' },
    ],
    [
      A + step('exposures', 'vehicle') + step('fields', 'parts') + step('fields', 'part'),
      { scope: 'product', product, exposure: 'vehicle', group: 'parts', field: 'part' },
    ],
    [
      A + step('exposures', 'vehicle') + step('perils', 'collision') + step('fields', 'limit'),
      { scope: 'product', product, exposure: 'vehicle', peril: 'collision', field: 'limit' },
    ],
    [
      A + step('exposures', 'vehicle') + step('perils', 'collision') + step('fields', 'g') + step('fields', 'f'),
      { scope: 'product', product, exposure: 'vehicle', peril: 'collision', group: 'g', field: 'f' },
    ],
  ])('%s', (path, expected) => {
    expect(parseMappingPath(path)).toEqual(expected);
  });
});

describe('irregular but clear', () => {
  it.each([
    [`  $ [ ? ( @.name == 'personal-auto' ) ] . policyConfiguration . fields[?(@.name=='a b')] `, 'a b'],
    [A + step('fields', '10_year_felony_conviction'), '10_year_felony_conviction'],
    [`${A}.fields[?(@.name=="O'Brien")]`, "O'Brien"],
    [`${A}.fields[?(@.name=='a].b[?(@')]`, 'a].b[?(@'],
  ])('%s', (path, field) => {
    expect(parseMappingPath(path)).toEqual({ scope: 'product', product, field });
  });
});

describe('not a path', () => {
  it.each([
    ['missing )]', `${A}.exposures[?(@.name=='vehicle').fields[?(@.name=='model')]`],
    ['missing )', `${A}.exposures[?(@.name=='exposure'].fields[?(@.name=='model')]`],
    ['a quote inside the quotes', `${A}.fields[?(@.name=='O'Brien')]`],
    ['an empty name', `${A}.fields[?(@.name=='')]`],
    ['empty', ''],
    ['only the root', "$[?(@.name=='personal-auto')]"],
    ['no field', A],
    ['a field without a filter', `${A}.fields`],
    ['three groups', A + step('fields', 'a') + step('fields', 'b') + step('fields', 'c')],
    ['a peril without an exposure', A + step('perils', 'collision') + step('fields', 'f')],
    ['an exposure after the field', A + step('fields', 'f') + step('exposures', 'vehicle')],
    ['an exposure without a filter', `${A}.exposures${step('fields', 'f')}`],
    ['a peril without a filter', `${A}${step('exposures', 'vehicle')}.perils${step('fields', 'f')}`],
    ['a root without a filter', `$.policyConfiguration${step('fields', 'f')}`],
    ['a filter on policyConfiguration', `${A}[?(@.name=='x')]${step('fields', 'f')}`],
    ['a filter on policyholder', `policyholder[?(@.name=='x')]${step('fields', 'f')}`],
    ['policyholder with an exposure', `policyholder${step('exposures', 'e')}${step('fields', 'f')}`],
    ['a dot at the end', `${A}${step('fields', 'f')}.`],
    ['something after the end', `${A}${step('fields', 'f')}]`],
    ['a claim', `claim${step('fields', 'f')}`],
    ['real JSONPath', '$..fields[0]'],
  ])('%s', (_, path) => {
    expect(parseMappingPath(path)).toBeUndefined();
  });
});
