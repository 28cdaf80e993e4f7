import { setImmediate as turn } from 'node:timers/promises';
import { Gate } from './gate.js';

interface Ending {
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** A gate of two and tasks that end when they are told to. */
function scene(names: readonly string[]) {
  const gate = new Gate(2);
  const log: string[] = [];
  const endings = new Map<string, Ending>();
  const runs = names.map((name) =>
    gate.run(() => {
      log.push(name);
      return new Promise<string>((resolve, reject) => {
        endings.set(name, { succeed: () => resolve(name), fail: reject });
      });
    }),
  );
  return {
    gate,
    log,
    runs,
    end: (name: string) => endings.get(name)?.succeed(),
    fail: (name: string) => endings.get(name)?.fail(new Error('broken')),
  };
}

describe('a gate of two', () => {
  it('lets two in and the others follow in their order', async () => {
    const { log, runs, end } = scene(['a', 'b', 'c', 'd']);
    await turn();
    expect(log).toEqual(['a', 'b']);
    end('b');
    await turn();
    expect(log).toEqual(['a', 'b', 'c']);
    end('a');
    await turn();
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    end('c');
    end('d');
    await expect(Promise.all(runs)).resolves.toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets nobody slip in before those who wait', async () => {
    const { gate, log, end } = scene(['a', 'b', 'c']);
    end('a');
    const late = gate.run(() => Promise.resolve(log.push('late')));
    await turn();
    expect(log).toEqual(['a', 'b', 'c']);
    end('b');
    await late;
    expect(log).toEqual(['a', 'b', 'c', 'late']);
  });

  it('gives the place of a failed task on and tells its caller', async () => {
    const { log, runs, fail, end } = scene(['a', 'b', 'c']);
    const failed = expect(runs[0]).rejects.toThrow('broken');
    fail('a');
    await failed;
    await turn();
    expect(log).toEqual(['a', 'b', 'c']);
    end('b');
    end('c');
  });

  it('has all its places again after a rush', async () => {
    const gate = new Gate(2);
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
    };
    for (let rush = 0; rush < 2; rush += 1) {
      most = 0;
      await Promise.all(Array.from({ length: 7 }, () => gate.run(task)));
      expect(most).toBe(2);
    }
  });
});
