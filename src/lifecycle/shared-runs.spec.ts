import { SharedRuns } from './shared-runs.js';

/** Tasks that end when the test says so. */
function scene() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const runs = new SharedRuns<string>();
  const call = (name: string, caller: string) =>
    runs.run(name, () => {
      begun.push(caller);
      const end = Promise.withResolvers<string>();
      ends.set(caller, end);
      return end.promise;
    });
  const end = async (caller: string) => {
    ends.get(caller)?.resolve(`run of ${caller}`);
    await new Promise((later) => setTimeout(later, 5));
  };
  const turn = () => new Promise((later) => setTimeout(later, 5));
  return { begun, ends, call, end, turn };
}

it('runs at once when nobody runs, and apart for each name', async () => {
  const { begun, call, end, turn } = scene();
  const answers = [call('a', 'a1'), call('b', 'b1')];
  await turn();
  expect(begun).toEqual(['a1', 'b1']);
  await end('a1');
  await end('b1');
  expect(await Promise.all(answers)).toEqual(['run of a1', 'run of b1']);
});

it('all who call while it runs share the next run, which begins after they called and is the last one’s', async () => {
  const { begun, call, end, turn } = scene();
  const first = call('a', 'first');
  await turn();
  const others = Array.from({ length: 50 }, (_, index) => call('a', `other ${index}`));
  await turn();
  expect(begun).toEqual(['first']);
  await end('first');
  expect(begun).toEqual(['first', 'other 49']);
  const late = call('a', 'late');
  await end('other 49');
  expect(begun).toEqual(['first', 'other 49', 'late']);
  await end('late');
  expect(await first).toBe('run of first');
  expect(new Set(await Promise.all(others))).toEqual(new Set(['run of other 49']));
  expect(await late).toBe('run of late');
});

it('a run that fails fails for those who share it, and for nobody else', async () => {
  const { ends, call, end, turn } = scene();
  const first = call('a', 'first');
  await turn();
  const second = call('a', 'second');
  ends.get('first')?.reject(new Error('no settings'));
  await expect(first).rejects.toThrow('no settings');
  await turn();
  await end('second');
  expect(await second).toBe('run of second');
});

it('after five in a row the next begins when five seconds are over', async () => {
  const runs = new SharedRuns<number>();
  const startedMs = performance.now();
  const begunMs: number[] = [];
  for (let run = 0; run < 6; run++) {
    await runs.run('a', () => Promise.resolve(begunMs.push(performance.now() - startedMs)));
  }
  expect(begunMs[4]).toBeLessThan(2_000);
  expect(begunMs[5]).toBeGreaterThan(4_900);
});
