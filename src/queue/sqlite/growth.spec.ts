import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareDatabase } from './schema.js';
import { SqliteQueue } from './sqlite-queue.js';
import { prepareStatements } from './statements.js';
import { sweepStep } from './sweep.js';

/** `GROWTH_EVENTS=1000000` takes some minutes. */
const EVENTS = Number(process.env.GROWTH_EVENTS ?? 50_000);
const PER_ROUND = 500;
const ROUND_MS = 1_000;
/** A round's events wait so many rounds for their try: the fixed backlog. */
const BACKLOG_ROUNDS = 4;
/** What ended is kept with its payload, and its id is known, for so many rounds. */
const RETENTION_MS = 10 * ROUND_MS;
const DEDUPE_MS = 30 * ROUND_MS;
const TENANTS = ['tenant-a', 'tenant-b', 'tenant-c', 'tenant-d'];

/** A queue through which events flow at a steady pace. */
class Flow {
  nowMs = 1_000_000;
  private next = 0;

  constructor(private readonly queue: SqliteQueue) {}

  eventOf(index: number, nowMs: number) {
    const id = `5cef871b-2adf-5cd5-8603-${String(index).padStart(12, '0')}`;
    return {
      tenant: TENANTS[index % TENANTS.length] ?? '',
      id,
      type: 'policy.issue',
      // Some events of a policy come together, as in life.
      root: `policy:${Math.floor(index / 20)}`,
      occurredAtMs: nowMs,
      receivedAtMs: nowMs,
      payload: JSON.stringify({ id, type: 'policy.issue', occurredAtMs: nowMs, locators: { policyLocator: id } }),
    };
  }

  async round(): Promise<void> {
    this.nowMs += ROUND_MS;
    const events = Array.from({ length: PER_ROUND }, () => this.eventOf(this.next++, this.nowMs));
    await Promise.all(events.map((event) => this.queue.append(event)));
    await this.work();
    await this.sweep();
  }

  async work(): Promise<void> {
    for (;;) {
      const request = { tenants: TENANTS, limit: 16, nowMs: this.nowMs, leaseMs: 60_000 };
      const { claims } = await this.queue.claim(request);
      if (claims.length === 0) return;
      const settlement = { nowMs: this.nowMs, retried: [], records: [], places: [] };
      await Promise.all(
        claims.map((claim) => {
          const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
          return this.queue.settle(claim, { ...settlement, ended });
        }),
      );
    }
  }

  async sweep(): Promise<void> {
    const limits = { payloadsBeforeMs: this.nowMs - RETENTION_MS, eventsBeforeMs: this.nowMs - DEDUPE_MS };
    while (await this.queue.sweep(limits));
  }
}

describe('a queue file through which events flow', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const sizeOf = (name: string) => statSync(join(folder, name)).size;
  const open = () => SqliteQueue.open(folder, { settleMs: BACKLOG_ROUNDS * ROUND_MS, settleMaxMs: 600_000 });

  it(
    `is as large after ${EVENTS} events as after the first few, and small again when nothing comes`,
    async () => {
      const queue = open();
      const flow = new Flow(queue);
      const rounds = EVENTS / PER_ROUND;
      let settledSize = 0;
      for (let round = 1; round <= rounds; round++) {
        await flow.round();
        if (round === Math.ceil((DEDUPE_MS / ROUND_MS) * 1.5)) settledSize = sizeOf('queue.sqlite');
      }
      expect((await queue.backlog()).waitingEvents).toBe(PER_ROUND * BACKLOG_ROUNDS);
      expect(settledSize).toBeGreaterThan(1_000_000);
      expect(sizeOf('queue.sqlite')).toBeLessThan(settledSize * 1.15);
      expect(sizeOf('queue.sqlite-wal')).toBeLessThan(17_000_000);

      // Of the events that flowed through, those of the last rounds are known; the payload of some of these is gone.
      const known = EVENTS - 20 * PER_ROUND;
      expect(await queue.append(flow.eventOf(known, flow.nowMs))).toBe('duplicate');
      expect(await queue.append(flow.eventOf(0, flow.nowMs))).toBe('appended');

      flow.nowMs += 100_000;
      await flow.work();
      flow.nowMs += DEDUPE_MS + 1;
      await flow.sweep();
      await queue.close();
      expect(sizeOf('queue.sqlite')).toBeLessThan(1_500_000);
    },
    30 * 60_000,
  );

  it.each([
    ['gives space back although an older release made it', 1_000, 2],
    ['does not make the boot wait for a large file of an older release', 70_000_000, 0],
  ])('%s', async (_what, bytes, modeAfterwards) => {
    const older = new DatabaseSync(join(folder, 'queue.sqlite'));
    older.exec(`PRAGMA journal_mode = WAL; CREATE TABLE other AS SELECT zeroblob(${bytes})`);
    older.close();
    const mode = () => {
      const database = new DatabaseSync(join(folder, 'queue.sqlite'));
      const value = database.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum;
      database.close();
      return value;
    };
    expect(mode()).toBe(0);
    await open().close();
    expect(mode()).toBe(modeAfterwards);
  });

  it('ends its sweep also where no space can be given back', () => {
    const database = new DatabaseSync(join(folder, 'queue.sqlite'));
    prepareDatabase(database);
    database.exec('PRAGMA auto_vacuum = NONE; VACUUM; CREATE TABLE other (text TEXT);');
    database.exec(`INSERT INTO other VALUES ('${'x'.repeat(3_000_000)}'); DROP TABLE other;`);
    const statements = prepareStatements(database);
    expect(Number(statements.freePages.get()?.freelist_count)).toBeGreaterThan(700);
    expect(sweepStep(database, statements, { payloadsBeforeMs: 0, eventsBeforeMs: 0 })).toBe(false);
    database.close();
  });

  it('goes on as it is when there is no room to write it anew', async () => {
    const older = new DatabaseSync(join(folder, 'queue.sqlite'));
    older.exec('PRAGMA journal_mode = WAL; CREATE TABLE other (text TEXT)');
    // Somebody reads: then it cannot be written anew either.
    const reader = new DatabaseSync(join(folder, 'queue.sqlite'));
    reader.exec('BEGIN; SELECT * FROM other;');
    const queue = open();
    expect(await queue.append(new Flow(queue).eventOf(1, 1))).toBe('appended');
    await queue.close();
    reader.close();
    older.close();
  });
});
