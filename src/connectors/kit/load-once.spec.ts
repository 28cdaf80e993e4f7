import { loadOnce } from './load-once.js';

it('loads with the first call, and never again', async () => {
  let times = 0;
  const load = loadOnce(async () => ({ number: ++times }));
  expect(times).toBe(0);
  const [first, second] = await Promise.all([load(), load()]);
  expect([first.number, second.number, (await load()).number, times]).toEqual([1, 1, 1, 1]);
});
