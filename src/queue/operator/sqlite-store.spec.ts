import { jest } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeOperatorConformance } from '../../../test/conformance/operator-conformance.js';
import { describeTenantQueueConformance } from '../../../test/conformance/tenant-queue-conformance.js';
import { SqliteQueue } from '../sqlite/sqlite-queue.js';
import { openOperatorQueue } from './open-operator-queue.js';
import { OperatorQueue } from './operator-queue.js';
import { SqliteStore } from './sqlite-store.js';
import { EVENT_STATES } from './traces.js';

const TIMES = { settleMs: 0, settleMaxMs: 0 };
let folder = '';

const underTest: Parameters<typeof describeOperatorConformance>[1] = {
  open: async (times) => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
    return SqliteQueue.open(folder, times);
  },
  reopen: async (times) => SqliteQueue.open(folder, times),
  openOperator: () => openOperatorQueue({ dataDir: folder }),
  openStore: async () => SqliteStore.open(folder),
  cleanUp: async () => rmSync(folder, { recursive: true }),
};
describeOperatorConformance('SQLite', underTest);
describeTenantQueueConformance('SQLite', underTest);

describe('a queue file that operators cannot use', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = () => join(folder, 'queue.sqlite');

  function changeFile(sql: string): void {
    const database = new DatabaseSync(file());
    database.exec(sql);
    database.close();
  }

  it.each<[string, () => unknown, string]>([
    ['there is none', () => undefined, 'There is no queue.sqlite in DATA_DIR'],
    ['it is damaged', () => writeFileSync(file(), 'not a database '.repeat(500)), 'is damaged: restore it'],
    ['it is a folder', () => mkdirSync(file()), 'must be a file that this user may read and write'],
    ['it is empty', () => writeFileSync(file(), ''), 'has schema 0, this release knows 6: start the app'],
    ['it is older', () => changeFile('PRAGMA user_version = 2'), 'has schema 2, this release knows 6: start the app'],
    ['it is newer', () => changeFile('PRAGMA user_version = 9'), 'schema 9, this release knows 6: use the commands of'],
  ])('says what to do when %s', async (_case, prepare, words) => {
    prepare();
    const failure = await openOperatorQueue({ dataDir: folder }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'Error', code: 'queue_unusable' });
    expect(String(failure)).toContain(words);
  });

  it('waits for a lock that is held briefly, and says so when it is held for long', async () => {
    await SqliteQueue.open(folder, TIMES).close();
    const operator = await openOperatorQueue({ dataDir: folder });
    const blocker = new DatabaseSync(file());
    blocker.exec('BEGIN IMMEDIATE');
    await expect(operator.pause('t', 1)).rejects.toThrow('is locked by another program');
    blocker.exec('COMMIT');
    blocker.close();
    expect(await operator.pause('t', 1)).toBe(true);
    await operator.close();
  });

  it('knows whether the app runs, and does not keep it from starting', async () => {
    await SqliteQueue.open(folder, TIMES).close();
    const operator = await openOperatorQueue({ dataDir: folder });
    expect((await operator.status()).store.running).toBe(0);
    const queue = SqliteQueue.open(folder, TIMES);
    expect((await operator.status()).store.running).toBe(1);
    await queue.close();
    await operator.close();
  });
});

describe('what operators ask about one policy', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is found by indexes, however many events there are', async () => {
    await SqliteQueue.open(folder, TIMES).close();
    const store = SqliteStore.open(folder);
    const run = jest.spyOn(store, 'run');
    const operator = new OperatorQueue(store);
    const filter = { tenant: 't', root: 'policy:7', states: EVENT_STATES };
    await operator.events(filter, 10);
    await operator.events({ ...filter, states: ['dead'] }, 10);
    const asFarAsShown = run.mock.calls.length;
    await operator.count(filter);
    await operator.count({ ...filter, states: ['waiting'] });
    await operator.groups({ ...filter, states: ['dead'] });
    await operator.replay({ ...filter, states: ['dead'] }, 0, 50, 1);
    await operator.purge({ ...filter, states: ['delivered', 'skipped'] }, 0, 50, 1);
    await operator.rootsOf({ sequences: [], eventIds: [], keys: [], roots: ['policy:7', 'claim:7'] });
    const asked = [...run.mock.calls.entries()].filter(([, [text]]) => /\broot (=|IN) /.test(text));
    expect(asked.length).toBeGreaterThan(8);
    for (const [place, [text, values]] of asked) {
      const plan = (await store.run(`EXPLAIN QUERY PLAN ${text}`, values)).map(({ detail }) => String(detail));
      expect(plan).toContainEqual(expect.stringContaining('root=?'));
      expect(plan.filter((step) => /SCAN (e|events)\b|\(tenant=\?(?! AND root)/.test(step))).toEqual([]);
      // What is shown is in the order of an index, or all of it would be read for the newest ten.
      if (place < asFarAsShown) expect(plan).toHaveLength(1);
    }
    await store.close();
  });
});
