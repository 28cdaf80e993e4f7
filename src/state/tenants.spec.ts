import { Tenants } from './tenants.js';

it('keeps the last key of each tenant until it is forgotten', () => {
  const tenants = new Tenants();
  tenants.remember('a', 'key-1', 'f');
  tenants.remember('b', 'key-2', 'f');
  tenants.remember('a', 'key-3', 'f');
  expect([tenants.keyOf('a'), tenants.keyOf('b'), tenants.keyOf('c')]).toEqual(['key-3', 'key-2', undefined]);
  expect(tenants.names().sort()).toEqual(['a', 'b']);
  tenants.forget('a');
  tenants.forget('c');
  expect([tenants.keyOf('a'), tenants.names()]).toEqual([undefined, ['b']]);
});

it('knows who was stopped until a call of its own: a probe is none', () => {
  const tenants = new Tenants();
  tenants.remember('a', 'key', 'f');
  expect([tenants.isStopped('a'), tenants.isStopped('unknown')]).toEqual([false, false]);
  tenants.forget('a');
  tenants.recall('a', 'key', 'f');
  expect([tenants.isStopped('a'), tenants.keyOf('a')]).toEqual([true, undefined]);
  tenants.remember('a', 'key', 'f');
  expect(tenants.isStopped('a')).toBe(false);
});

it('learns what was read for background work only with the key that it still has', () => {
  const tenants = new Tenants();
  tenants.remember('a', 'key-2', 'f');
  const version = tenants.versionOf('a');
  tenants.refresh('a', 'key-1', 'older');
  expect([tenants.keyOf('a'), tenants.versionOf('a')]).toEqual(['key-2', version]);
  tenants.refresh('a', 'key-2', 'newer');
  expect(tenants.versionOf('a')).not.toBe(version);
  tenants.forget('a');
  tenants.refresh('a', 'key-2', 'f');
  expect([tenants.keyOf('a'), tenants.names()]).toEqual([undefined, []]);
});

it('has another version whenever key or state changed, and only then', () => {
  const tenants = new Tenants();
  const versionAfter = (key: string, fingerprint: string) => {
    tenants.remember('a', key, fingerprint);
    return tenants.versionOf('a');
  };
  expect(tenants.versionOf('a')).toBe('');
  const first = versionAfter('key-1', 'f1');
  expect(versionAfter('key-1', 'f1')).toBe(first);
  const versions = [first, versionAfter('key-2', 'f1'), versionAfter('key-2', 'f2')];
  expect(new Set(versions).size).toBe(3);
  tenants.forget('a');
  expect(tenants.versionOf('a')).toBe('');
});

it('has the same version in another process that knows the same, and does not give the key away', () => {
  const versions = [new Tenants(), new Tenants()].map((tenants) => {
    tenants.remember('a', 'key-1', 'f1');
    return tenants.versionOf('a');
  });
  expect(versions[0]).toBe(versions[1]);
  expect(versions[0]).not.toContain('key-1');
});
