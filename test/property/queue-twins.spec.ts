import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../sandbox/story/seeded-random.ts';
import { PostgresQueue } from '../../src/queue/postgres/postgres-queue.js';
import type { ClaimedRoot, Queue, Settlement } from '../../src/queue/queue.js';
import { SqliteQueue } from '../../src/queue/sqlite/sqlite-queue.js';
import { describeWithPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const TIMES = { settleMs: 5_000, settleMaxMs: 12_000 };
const TENANTS = ['tenant-a', 'tenant-b'];
const STEPS = 150;

/** What one store did with a step, in words that do not depend on the store. */
type Told = unknown;

/** One life of a queue: the same seed brings the same calls, as long as the queue answers the same. */
class Life {
  private readonly random: () => number;
  private nowMs = 100_000;
  private inHand: ClaimedRoot[] = [];

  constructor(
    private readonly queue: Queue,
    seed: number,
  ) {
    this.random = seededRandom(seed);
  }

  async step(): Promise<Told> {
    this.nowMs += this.upTo(4_000);
    const choice = this.random();
    if (choice < 0.45) return this.append();
    if (choice < 0.65) return this.claimAll();
    if (choice < 0.9) return this.endClaims();
    if (choice < 0.95) return this.queue.makeDue(this.oneOf(TENANTS), this.nowMs);
    return this.rest();
  }

  async state(): Promise<Told> {
    return Promise.all(
      TENANTS.map((tenant) => Promise.all([this.queue.backlog(tenant), this.queue.nextDueAtMs(tenant)])),
    );
  }

  private upTo(most: number): number {
    return Math.floor(this.random() * most) + 1;
  }

  private oneOf<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.random() * items.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  private append(): Promise<Told> {
    const events = Array.from({ length: this.upTo(4) }, () => ({
      tenant: this.oneOf(TENANTS),
      id: `e${this.upTo(400)}`,
      type: 'policy.update',
      root: this.oneOf(['policy:1', 'policy:2', 'policy:3', 'payment:1']),
      occurredAtMs: this.nowMs,
      receivedAtMs: this.nowMs + this.upTo(3),
      payload: '{}',
    }));
    return Promise.all(events.map((event) => this.queue.append(event)));
  }

  /** Until nothing is left, so that it does not matter which of two equally due roots comes first. */
  private async claimAll(): Promise<Told> {
    const taken: ClaimedRoot[] = [];
    for (;;) {
      const request = { tenants: TENANTS, limit: 5, nowMs: this.nowMs, leaseMs: 3_600_000 };
      const { claims } = await this.queue.claim(request);
      if (claims.length === 0) break;
      taken.push(...claims);
    }
    taken.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
    this.inHand.push(...taken);
    return taken.map(({ tenant, root, events, rest }) => ({
      tenant,
      root,
      rest,
      events: events.map(({ id, tries, retryAtMs }) => ({ id, tries, retryAtMs })),
    }));
  }

  private async endClaims(): Promise<Told> {
    const told: Told[] = [];
    for (const claim of this.inHand) {
      const choice = this.random();
      if (choice < 0.15) told.push(await this.queue.release(claim, this.nowMs + this.upTo(9_000)));
      else if (choice < 0.3) told.push(await this.queue.move(claim, 'policy:1', this.nowMs));
      else told.push(await this.queue.settle(claim, this.settlement(claim)));
    }
    this.inHand = [];
    return told;
  }

  private settlement({ events }: ClaimedRoot): Settlement {
    const ended: Settlement['ended'][number][] = [];
    const retried: Settlement['retried'][number][] = [];
    for (const { sequence, tries } of events) {
      const choice = this.random();
      if (choice < 0.6) ended.push({ sequence, end: this.oneOf(['delivered', 'skipped', 'dead']), code: 'x' });
      else if (choice < 0.9)
        retried.push({ sequence, tries: tries + 1, retryAtMs: this.nowMs + this.upTo(30_000), code: 'y' });
    }
    const wake = this.oneOf(['as before', 'never', { atMs: this.nowMs + this.upTo(20_000) }] as const);
    return { nowMs: this.nowMs, ended, retried, records: [], places: [], ...(wake !== 'as before' && { wake }) };
  }

  private rest(): Promise<Told> {
    const untilMs = this.nowMs + this.upTo(8_000);
    return this.queue.changeRest(this.oneOf(TENANTS), (rest) =>
      rest === undefined ? { holdUntilMs: untilMs, failures: 0 } : undefined,
    );
  }
}

function nameOf({ tenant, root }: ClaimedRoot): string {
  return `${tenant} ${root}`;
}

/** The two adapters, given the same calls, answer the same: whoever changes one of them learns here what it means. */
describeWithPostgres('the embedded and the shared queue', () => {
  let server: PostgresServer;
  let folder: string;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'queue-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(Array.from({ length: 5 }, (_, index) => index + 1))('live the same life with seed %i', async (seed) => {
    const queues = [SqliteQueue.open(folder, TIMES), await PostgresQueue.open(await server.createDatabase(), TIMES)];
    const [embedded, shared] = queues.map((queue) => new Life(queue, seed));
    try {
      for (let step = 0; step < STEPS; step++) {
        const expected = await embedded?.step();
        expect({ step, told: await shared?.step() }).toEqual({ step, told: expected });
        expect({ step, state: await shared?.state() }).toEqual({ step, state: await embedded?.state() });
      }
    } finally {
      await Promise.all(queues.map((queue) => queue.close()));
    }
  });
});
