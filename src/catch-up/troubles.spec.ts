import { Troubles } from './troubles.js';

const MINUTE = 60_000;

describe('a trouble', () => {
  it('is said at once and once an hour while it lasts, each tenant and reason by itself', () => {
    const troubles = new Troubles();
    const saidOf = (tenant: string, code: string) =>
      [0, 1, 59, 60, 61, 119, 120].filter((minutes) => troubles.isNews(tenant, code, minutes * MINUTE));
    expect(saidOf('a', 'core_timeout')).toEqual([0, 60, 120]);
    expect(saidOf('b', 'core_timeout')).toEqual([0, 60, 120]);
  });

  it('is not said more often because reasons take turns', () => {
    const troubles = new Troubles();
    const said = ['x', 'y', 'x', 'y', 'x'].filter((code, index) => troubles.isNews('a', code, index * MINUTE));
    expect(said).toEqual(['x', 'y']);
    expect(troubles.isNews('a', 'x', 60 * MINUTE)).toBe(true);
    expect(troubles.isNews('a', 'y', 60 * MINUTE)).toBe(false);
  });

  it('is another one after the stream was read', () => {
    const troubles = new Troubles();
    const said = () => [troubles.isNews('a', 'x', 0), troubles.isNews('b', 'x', 0)];
    expect(said()).toEqual([true, true]);
    troubles.over('a');
    expect(said()).toEqual([true, false]);
  });
});
