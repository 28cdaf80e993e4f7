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
