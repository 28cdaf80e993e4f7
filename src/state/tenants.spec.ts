import { Tenants } from './tenants.js';

it('keeps the last key of each tenant until it is forgotten', () => {
  const tenants = new Tenants();
  tenants.remember('a', 'key-1');
  tenants.remember('b', 'key-2');
  tenants.remember('a', 'key-3');
  expect([tenants.keyOf('a'), tenants.keyOf('b'), tenants.keyOf('c')]).toEqual(['key-3', 'key-2', undefined]);
  expect(tenants.names().sort()).toEqual(['a', 'b']);
  tenants.forget('a');
  tenants.forget('c');
  expect([tenants.keyOf('a'), tenants.names()]).toEqual([undefined, ['b']]);
});
