import { RecentlyUsed } from './recently-used.js';

describe('what was recently used', () => {
  it('is what was used last for sure, and less than twice as much in all', () => {
    const cache = new RecentlyUsed<number>(5);
    for (let name = 0; name < 1_000; name++) {
      cache.set(String(name), name);
      const kept = [...cache.keys()];
      expect(kept.length).toBeLessThan(10);
      const newest = Array.from({ length: Math.min(5, name + 1) }, (_, back) => String(name - back));
      expect(kept).toEqual(expect.arrayContaining(newest));
    }
  });

  it('keeps what is asked for, whatever comes meanwhile', () => {
    const cache = new RecentlyUsed<string>(5);
    cache.set('tenant-a', 'kept');
    for (let stranger = 0; stranger < 1_000; stranger++) {
      cache.set(`stranger-${stranger}`, 'forgotten');
      if (stranger % 4 === 0) expect(cache.get('tenant-a')).toBe('kept');
    }
  });
});
