import { readFileSync } from 'node:fs';
import { RECORD_KIND_NAMES } from '../records/record-kinds.js';
import { CONNECTORS, isAvailable, isTargetName, TARGETS } from './connectors.js';
import { COMMON_FIELDS } from './settings-fields.js';

it('the names of the targets are the ones that settings may carry', () => {
  const names = ['hubspot', 'salesforce', 'dynamics365', 'odoo', 'netsuite', 'quickbooks', 'rest'];
  expect(Object.keys(TARGETS)).toEqual(names);
  expect(names.every(isTargetName)).toBe(true);
  expect(['sap', 'REST', '', '__proto__', 'constructor'].some(isTargetName)).toBe(false);
});

it('a connector stands under its own id, and only connectors are available', () => {
  for (const [name, target] of Object.entries(TARGETS)) {
    expect(isAvailable(target) ? target.id : name).toBe(name);
    expect(CONNECTORS.some(({ id }) => id === name)).toBe(isAvailable(target));
  }
});

const HERE = new URL('connectors.ts', import.meta.url).href;

/** The files that `file` imports when it is read itself, and what those import; types are gone by then. */
function readWith(file: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const imports = readFileSync(new URL(file), 'utf8').matchAll(
    /^(?:im|ex)port (?!type )[^;]*? from '(\.[^']+)\.js';/gm,
  );
  return [...imports].reduce((all, [, path]) => {
    const next = new URL(`${path}.ts`, file).href;
    return all.has(next) ? all : readWith(next, new Set([...all, next]));
  }, seen);
}

it.each(CONNECTORS)('what $id does with its target is read when a tenant first uses it', ({ id }) => {
  const file = new URL(`${id}/${id}.connector.ts`, HERE).href;
  const later = [...readFileSync(new URL(file), 'utf8').matchAll(/\bimport\('(\.[^']+)\.js'\)/g)];
  expect(later.map(([, path]) => path)).toContainEqual(expect.stringMatching(/\.(deliver|push)$/));
  const now = readWith(HERE);
  expect(now).toContain(file);
  expect(later.filter(([, path]) => now.has(new URL(`${path}.ts`, file).href))).toEqual([]);
});

describe.each(CONNECTORS)('$id', ({ fields, kinds }) => {
  it('declares each field once and none that all have', () => {
    const names = [...COMMON_FIELDS, ...fields].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain('target');
  });

  it('keeps every password and token secret', () => {
    const open = fields.filter(({ name, secret }) => /token$|secret|password/.test(name) && !secret);
    expect(open).toEqual([]);
  });

  it('says of every kind what it does with it', () => {
    expect(Object.keys(kinds).sort()).toEqual([...RECORD_KIND_NAMES].sort());
  });
});
