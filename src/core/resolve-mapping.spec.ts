import { fixture } from '../../test/support/fixtures.js';
import type { Policy, Policyholder, Quote } from './entities.js';
import { parsePolicy, parseQuote } from './parse/parse-policy.js';
import { parsePolicyholder } from './parse/parse-policyholder.js';
import type { Parsed } from './parse/parsed.js';
import { mappedValues, resolveMapping } from './resolve-mapping.js';

function valueOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const policy = (name: string): Policy => valueOf(parsePolicy(fixture(`core/policy.${name}.json`)));
const quote: Quote = valueOf(parseQuote(fixture('core/quote.quoted.json')));
const policyholder: Policyholder = valueOf(parsePolicyholder(fixture('core/policyholder.json')));

const A = "$[?(@.name=='personal-auto')].policyConfiguration";
const step = (name: string, value: string) => `.${name}[?(@.name=='${value}')]`;
const VEHICLE = A + step('exposures', 'vehicle');
const MILES = VEHICLE + step('fields', 'annual_miles');
/** Noon in Los Angeles, which is seven or eight hours behind UTC. */
const on = (day: string) => Date.parse(`${day}T20:00:00Z`);

/** The worked examples that the mapping rules come with; instances by what users see. */
describe('worked examples', () => {
  it.each([
    ['b', A + step('fields', 'channel'), 'issued', '2024-07-01', { 100004200: ['Agent'] }],
    [
      'c',
      A + step('fields', 'drivers') + step('fields', 'driver_lastname'),
      'issued',
      '2024-07-01',
      { 100004200: ['Avery', 'Avery'] },
    ],
    [
      'd',
      A + step('fields', 'drivers') + step('fields', 'driver_firstname'),
      'issued',
      '2024-07-01',
      { 100004200: ['Jordan', 'Riley'] },
    ],
    ['e', VEHICLE + step('fields', 'make'), 'issued', '2024-07-01', { 100004220: ['Honda'], 100004226: ['Hyundai'] }],
    ['f', MILES, 'endorsed', '2024-08-25', { 100004220: ['12000'], 100004226: ['7000'] }],
    ['g', MILES, 'endorsed', '2024-09-20', { 100004220: ['20000'], 100004226: ['7000'] }],
    ['h', MILES, 'cancelled', '2024-11-01', { 100004220: ['20000'], 100004226: ['7000'] }],
    ['h, a policy field', A + step('fields', 'channel'), 'cancelled', '2024-11-01', { 100004200: ['Agent'] }],
    ['i', MILES, 'renewed', '2025-06-10', { 100004220: ['20000'], 100004226: ['7000'] }],
    ['j', MILES, 'quoted', '2024-05-20', { 100004220: ['12000'], 100004226: ['7000'] }],
    ['k', VEHICLE + step('perils', 'collision') + step('fields', 'x'), 'issued', '2024-07-01', { 100004224: [] }],
    [
      'l',
      "$[?(@.name== 'personal-auto')].policyConfiguration.exposures[?(@.name=='vehicle')].fields[?(@.name== 'model')]",
      'issued',
      '2024-07-01',
      { 100004220: ['Accord'], 100004226: ['Tucson'] },
    ],
  ])('%s', (_, path, name, day, expected) => {
    const resolution = resolveMapping(path, { policy: policy(name), asOfMs: on(day) });
    expect(
      resolution.kind === 'values' && resolution.instances.map(({ displayId, values }) => [displayId, values]),
    ).toEqual(Object.entries(expected));
  });

  it('a', () => {
    expect(resolveMapping('policyholder' + step('fields', 'last_name'), { policyholder, asOfMs: 0 })).toEqual({
      kind: 'values',
      instances: [{ locator: policyholder.locator, displayId: policyholder.locator, values: ['Avery'] }],
    });
  });

  it('m', () => {
    const path =
      "$[?(@.name=='personal-auto')].policyConfiguration.exposures[?(@.name=='vehicle').fields[?(@.name=='model')]";
    expect(resolveMapping(path, { policy: policy('issued'), asOfMs: 0 })).toEqual({
      kind: 'unresolvable',
      reason: 'not_a_path',
    });
  });

  it('n', () => {
    const path =
      "$[?(@.name=='simple_auto')].policyConfiguration" + step('exposures', 'vehicle') + step('fields', 'make');
    expect(resolveMapping(path, { policy: policy('issued'), asOfMs: 0 })).toEqual({ kind: 'other_product' });
  });
});

describe('beyond the examples', () => {
  const source = { policy: policy('issued'), policyholder, asOfMs: on('2024-07-01') };

  it.each([
    ['no path', undefined, source, { kind: 'unmapped' }],
    ['a blank path', ' ', source, { kind: 'unmapped' }],
    ['no policy', MILES, { policyholder, asOfMs: 0 }, { kind: 'unmapped' }],
    ['no policyholder', 'policyholder' + step('fields', 'x'), { asOfMs: 0 }, { kind: 'unmapped' }],
    ['a group itself', A + step('fields', 'drivers'), source, { kind: 'unresolvable', reason: 'names_a_group' }],
    [
      'an exposure that the policy has not',
      A + step('exposures', 'boat') + step('fields', 'x'),
      source,
      { kind: 'values', instances: [] },
    ],
    [
      'a name that every object has',
      A + step('fields', 'constructor'),
      source,
      { kind: 'values', instances: [{ locator: '100004200', displayId: '100004200', values: [] }] },
    ],
    [
      'no version at all',
      A + step('fields', 'channel'),
      { policy: { ...policy('issued'), characteristics: [] }, asOfMs: 0 },
      { kind: 'values', instances: [{ locator: '100004200', displayId: '100004200', values: [] }] },
    ],
    [
      'a quote',
      A + step('fields', 'channel'),
      { policy: quote, asOfMs: 0 },
      { kind: 'values', instances: [{ locator: '100004210', displayId: '100004210', values: ['Agent'] }] },
    ],
    [
      'a group of the policyholder',
      'policyholder' + step('fields', 'address') + step('fields', 'city'),
      {
        policyholder: { locator: 'p', values: { address: ['s'] }, subEntities: { s: { city: ['Oakland'] } } },
        asOfMs: 0,
      },
      { kind: 'values', instances: [{ locator: 'p', displayId: 'p', values: ['Oakland'] }] },
    ],
  ])('%s', (_, path, from, expected) => {
    expect(resolveMapping(path, from)).toEqual(expected);
  });
});

describe('mappedValues', () => {
  const snapshot = { policy: policy('endorsed'), policyholder, asOfMs: on('2024-09-20') };
  const person = (name: string) => 'policyholder' + step('fields', name);

  it('reads each field from its element, by product name and not by position', () => {
    const mappings = [
      { productName: 'boat', fields: { 'custom-1': "$[?(@.name=='boat')].policyConfiguration" + step('fields', 'x') } },
      {
        productName: 'personal-auto',
        fields: {
          'custom-1': MILES,
          'custom-2': A + step('fields', 'drivers') + step('fields', 'driver_lastname'),
          'custom-3': '',
          'custom-4': A + step('fields', 'nothing_there'),
          'party-phone': A + step('fields', 'channel'),
        },
      },
      {
        productName: 'policyholders',
        fields: { 'party-last-name': person('last_name'), 'custom-3': person('occupation'), 'custom-5': '' },
      },
    ];
    expect(mappedValues(mappings, snapshot)).toEqual({
      values: {
        'custom-1': ['20000', '7000'],
        'custom-2': ['Avery'],
        'custom-3': ['Business Professional'],
        'custom-4': [],
        'party-last-name': ['Avery'],
      },
      problems: [],
    });
  });

  it('reports what cannot be resolved and leaves its field out', () => {
    const mappings = [
      {
        productName: 'personal-auto',
        fields: {
          'custom-1': 'nonsense',
          'custom-2': A + step('fields', 'drivers'),
          'custom-3': "$[?(@.name=='boat')].policyConfiguration" + step('fields', 'x'),
        },
      },
      { productName: 'policyholders', fields: { 'party-email': 'nonsense' } },
    ];
    expect(mappedValues(mappings, snapshot)).toEqual({
      values: {},
      problems: [
        { field: 'party-email', product: 'policyholders', reason: 'not_a_path' },
        { field: 'custom-1', product: 'personal-auto', reason: 'not_a_path' },
        { field: 'custom-2', product: 'personal-auto', reason: 'names_a_group' },
        { field: 'custom-3', product: 'personal-auto', reason: 'product_differs' },
      ],
    });
  });

  it('takes blank values for none', () => {
    const mappings = [{ productName: 'policyholders', fields: { 'party-email': person('email') } }];
    const blank = { ...policyholder, values: { ...policyholder.values, email: ['', ' '] } };
    expect(mappedValues(mappings, { ...snapshot, policyholder: blank }).values).toEqual({ 'party-email': [] });
  });

  it('leaves everything alone that nothing is known about', () => {
    const mappings = [{ productName: 'policyholders', fields: { 'party-email': person('email') } }];
    expect(mappedValues(mappings, { asOfMs: 0 })).toEqual({ values: {}, problems: [] });
    expect(mappedValues([], snapshot)).toEqual({ values: {}, problems: [] });
  });
});
