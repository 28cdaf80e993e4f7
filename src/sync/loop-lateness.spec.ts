import { LoopLateness } from './loop-lateness.js';

/** Whether the loop counts as late after each of these observations. */
function seen(...lateMs: readonly number[]): readonly boolean[] {
  const lateness = new LoopLateness();
  return lateMs.map((ms) => {
    lateness.observe(ms);
    return lateness.isLate;
  });
}

it('one turn that took long, a collection of garbage say, is no lateness yet', () => {
  expect(seen(0, 300, 5, 5)).toEqual([false, false, false, false]);
});

it('turn after turn is, and soon is not any more when they are quick again', () => {
  expect(seen(150, 150, 150, 150, 150)).toEqual([false, false, false, true, true]);
  expect(seen(1_000, 0, 0)).toEqual([true, true, true]);
  expect(seen(1_000, 0, 0, 0, 0, 0, 0, 0, 0, 0).at(-1)).toBe(false);
});

it('a timer that rings too early says nothing', () => {
  expect(seen(-1_000, 400)).toEqual([false, true]);
});
