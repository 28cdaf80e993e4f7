import { jest } from '@jest/globals';
import { Connections } from './connection.js';
import { ReplicaLife } from './replica-life.js';

describe('a replica whose database was silent', () => {
  const now = performance.now.bind(performance);
  let aheadMs = 0;
  const answers = { beat: 0, keep: 0 };
  let life: ReplicaLife;

  beforeEach(() => {
    aheadMs = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now() + aheadMs);
    const connections = new Connections('postgres://nobody@127.0.0.1:1/none');
    // A database that still knows every lease as this replica's.
    jest.spyOn(connections, 'query').mockImplementation(({ name }, [, leases]) => {
      aheadMs += name === 'beat' ? answers.beat : answers.keep;
      const kept = Array.isArray(leases) ? leases.map((lease: unknown) => ({ lease: String(lease) })) : [];
      return Promise.resolve(name === 'beat' ? [{ living: '1' }] : kept);
    });
    life = new ReplicaLife(connections);
  });
  afterEach(() => {
    Object.assign(answers, { beat: 0, keep: 0 });
    jest.restoreAllMocks();
  });

  async function takeOne(lease: number): Promise<void> {
    await life.take(() => Promise.resolve([lease]));
  }

  it('goes on with what it has after a short silence', async () => {
    await life.beat();
    await takeOne(1);
    aheadMs += 19_000;
    await life.beat();
    aheadMs += 19_000;
    expect(life.isHeld(1)).toBe(true);
  });

  it('does not trust again what it could not trust once: another may be taking it just then', async () => {
    await life.beat();
    await takeOne(1);
    aheadMs += 20_000;
    expect(life.isHeld(1)).toBe(false);
    await life.beat();
    await takeOne(2);
    expect([life.isHeld(1), life.isHeld(2)]).toEqual([false, true]);
    await life.beat();
    expect([life.isHeld(1), life.isHeld(2)]).toEqual([false, true]);
  });

  it.each(['beat', 'keep'] as const)('counts the time until the answers were there (%s)', async (slow) => {
    await life.beat();
    await takeOne(1);
    aheadMs += 12_000;
    answers[slow] = 9_000;
    await life.beat();
    expect(life.isHeld(1)).toBe(false);
  });
});
