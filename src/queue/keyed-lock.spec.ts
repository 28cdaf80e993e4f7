import { KeyedLock } from './keyed-lock.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('KeyedLock', () => {
  it('lets one task at a time hold a name, in the order of asking, and others go on', async () => {
    const lock = new KeyedLock();
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
    };
    await Promise.all([
      lock.run(['a'], task('first')),
      lock.run(['a', 'b'], task('second')),
      lock.run(['c'], task('other')),
    ]);
    expect(log.indexOf('second begins')).toBeGreaterThan(log.indexOf('first ends'));
    expect(log.indexOf('other begins')).toBeLessThan(log.indexOf('first ends'));
  });

  it('does not deadlock when names are asked for in another order', async () => {
    const lock = new KeyedLock();
    const done = await Promise.all([lock.run(['a', 'b'], turn), lock.run(['b', 'a'], turn), lock.run(['b'], turn)]);
    expect(done).toHaveLength(3);
  });

  it('lets nobody in who asks while another one has the name that waited for it', async () => {
    const lock = new KeyedLock();
    let [running, most] = [0, 0];
    const task = async () => {
      most = Math.max(most, ++running);
      await turn();
      running--;
    };
    const [first, second] = [lock.run(['a'], task), lock.run(['a'], task)];
    await first;
    await Promise.all([second, lock.run(['a'], task)]);
    expect(most).toBe(1);
  });

  it('takes a name once that is asked for twice', async () => {
    await expect(new KeyedLock().run(['a', 'a'], () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('releases a name after a failure', async () => {
    const lock = new KeyedLock();
    await expect(lock.run(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(lock.run(['a'], () => Promise.resolve('yes'))).resolves.toBe('yes');
  });
});
