import { Rounds } from './rounds.js';

const MINUTE = 60_000;

describe('Rounds', () => {
  it('has every new tenant due at once, and then after the interval', () => {
    const rounds = new Rounds(5 * MINUTE);
    expect(rounds.due(['a', 'b'], 10)).toEqual(['a', 'b']);
    expect(rounds.ended('a', 'complete', 10)).toBe(5 * MINUTE);
    expect(rounds.due(['a', 'b'], 11)).toEqual(['b']);
    expect(rounds.due(['a'], 10 + 5 * MINUTE)).toEqual(['a']);
  });

  it('puts the one first that has waited longest, whatever the order of the names', () => {
    const rounds = new Rounds(MINUTE);
    rounds.ended('a', 'complete', 2_000);
    rounds.ended('b', 'complete', 1_000);
    expect(rounds.due(['a', 'b', 'new'], 10 * MINUTE)).toEqual(['new', 'b', 'a']);
  });

  it('sends a tenant without an end to the back of the line', () => {
    const rounds = new Rounds(MINUTE);
    rounds.ended('waiting', 'complete', 0);
    rounds.ended('endless', 'more', 2 * MINUTE);
    expect(rounds.due(['endless', 'waiting'], 2 * MINUTE)).toEqual(['waiting', 'endless']);
  });

  it('waits longer after each failure, and as ever after a success', () => {
    const rounds = new Rounds(10 * MINUTE);
    const waits = Array.from({ length: 7 }, () => rounds.ended('a', 'failed', 0) / 1_000);
    expect(waits).toEqual([30, 60, 120, 240, 480, 600, 600]);
    rounds.ended('a', 'complete', 0);
    expect(rounds.ended('a', 'failed', 0)).toBe(30_000);
  });

  it.each([
    ['an interval of 0 (only at Start)', Infinity, [30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]],
    ['an interval shorter than the first retry', 500, [0.5, 0.5]],
  ])('tries again after a failure with %s', (_name, intervalMs, expected) => {
    const rounds = new Rounds(intervalMs);
    expect(expected.map(() => rounds.ended('a', 'failed', 0) / 1_000)).toEqual(expected);
    rounds.ended('a', 'complete', 0);
    expect(rounds.due(['a'], 400)).toEqual([]);
  });

  it('forgets a tenant that is no longer known, or that begins anew', () => {
    const rounds = new Rounds(MINUTE);
    rounds.ended('a', 'complete', 0);
    rounds.due([], 1);
    expect(rounds.due(['a'], 1)).toEqual(['a']);
    rounds.ended('a', 'complete', 0);
    rounds.forget('a');
    expect(rounds.due(['a'], 1)).toEqual(['a']);
  });
});
