import { Pauses } from './pauses.js';

const MINUTE = 60_000;

describe('Pauses', () => {
  it('holds a tenant until the time is over, and no other', () => {
    const pauses = new Pauses();
    pauses.hold('a', 1_000);
    pauses.hold('a', 500);
    expect([pauses.isResting('a', 999), pauses.isResting('b', 999), pauses.isResting('a', 1_000)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('reports a pause once, and again when the reason or the settings are others', () => {
    const pauses = new Pauses();
    expect(pauses.pause('a', 'target_unauthorized', 'f1', 0)).toBe(true);
    expect(pauses.pause('a', 'target_unauthorized', 'f1', MINUTE)).toBe(false);
    expect(pauses.pause('a', 'target_unauthorized', 'f2', MINUTE)).toBe(true);
    expect(pauses.pause('a', 'settings_invalid', 'f2', MINUTE)).toBe(true);
  });

  it('tries a paused tenant again by itself, less and less often, at the latest every quarter of an hour', () => {
    const pauses = new Pauses();
    const waits: number[] = [];
    for (let now = 0, round = 0; round < 7; round++) {
      pauses.pause('a', 'target_unauthorized', 'f', now);
      let until = now;
      while (pauses.isResting('a', until)) until += MINUTE;
      waits.push((until - now) / MINUTE);
      now = until;
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it('forgets hold and pause on resume, and tells whether there was a pause', () => {
    const pauses = new Pauses();
    pauses.pause('a', 'settings_invalid', 'f', 0);
    pauses.hold('a', 10 * MINUTE);
    expect(pauses.resume('a')).toBe(true);
    expect(pauses.isResting('a', 1)).toBe(false);
    expect(pauses.resume('a')).toBe(false);
  });
});
