import { Pauses } from './pauses.js';

const MINUTE = 60_000;

describe('Pauses', () => {
  it('holds a tenant until the time is over, and no other', () => {
    const pauses = new Pauses();
    pauses.hold('a', 5_000, 0);
    pauses.hold('a', 2_000, 0);
    expect([pauses.isResting('a', 1, 4_999), pauses.isResting('b', 1, 4_999)]).toEqual([true, false]);
    expect(pauses.isResting('a', 1, 5_000)).toBe(false);
  });

  it('gives every hold a second at least, whatever the target said', () => {
    const pauses = new Pauses();
    pauses.hold('a', 10_000, 10_000);
    expect([pauses.isResting('a', 1, 10_999), pauses.isResting('a', 1, 11_000)]).toEqual([true, false]);
  });

  it('lets a target that does not answer rest longer each time, until it took something', () => {
    const pauses = new Pauses();
    const waits: number[] = [];
    for (let now = 0, round = 0; round < 8; round++) {
      pauses.breakFor('a', now);
      expect(pauses.isOnProbation('a')).toBe(true);
      let until = now;
      while (pauses.isResting('a', 1, until)) until += 1_000;
      waits.push((until - now) / 1_000);
      now = until;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    pauses.works('a');
    expect(pauses.isOnProbation('a')).toBe(false);
  });

  it('reports a pause once, and again when the reason or the state is another', () => {
    const pauses = new Pauses();
    expect(pauses.pause('a', 'target_unauthorized', 1, 0)).toBe(true);
    expect(pauses.pause('a', 'target_unauthorized', 1, 2 * MINUTE)).toBe(false);
    expect(pauses.pause('a', 'target_unauthorized', 2, 2 * MINUTE)).toBe(true);
    expect(pauses.pause('a', 'settings_invalid', 2, 2 * MINUTE)).toBe(true);
  });

  it('tries a paused tenant again by itself, less and less often, at the latest every quarter of an hour', () => {
    const pauses = new Pauses();
    const waits: number[] = [];
    for (let now = 0, round = 0; round < 7; round++) {
      // Four roots in hand at the same time find the same out.
      for (let root = 0; root < 4; root++) pauses.pause('a', 'target_unauthorized', 1, now);
      let until = now;
      while (pauses.isResting('a', 1, until)) until += MINUTE;
      waits.push((until - now) / MINUTE);
      now = until;
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it('ends a pause when the tenant has changed something', () => {
    const pauses = new Pauses();
    pauses.pause('a', 'unknown_key', 1, 0);
    expect([pauses.isResting('a', 1, 1), pauses.isResting('a', 2, 1)]).toEqual([true, false]);
  });

  it('keeps a hold although something was taken, and forgets both at Start', () => {
    const pauses = new Pauses();
    pauses.pause('a', 'settings_invalid', 1, 0);
    pauses.hold('a', 10 * MINUTE, 0);
    expect(pauses.works('a')).toBe(true);
    expect(pauses.isResting('a', 1, MINUTE)).toBe(true);
    expect(pauses.resume('a')).toBe(false);
    expect(pauses.isResting('a', 1, MINUTE)).toBe(false);
  });
});
