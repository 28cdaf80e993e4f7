import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import PQueue from 'p-queue';
import type { Client, QueryResultRow } from 'pg';
import { KeyedLock } from '../keyed-lock.js';
import { LockNotGivenError, QueueUnavailableError } from '../queue.js';
import type { Connections } from './connection.js';
import { CHANNEL } from './statement.js';

const RECONNECT_MS = 500;
const LONGEST_RECONNECT_MS = 5_000;
/** Somebody else holds a name: how long until it is asked for again, and when that is given up. */
const ASK_AGAIN_MS = 25;
const PATIENCE_MS = 120_000;
/** For so long a name that was just given back is left to the others: each of them looks once meanwhile. */
const LEFT_MS = 2 * ASK_AGAIN_MS;
/** No connection: a root that waits for a lock is given back after this. */
const CONNECTION_PATIENCE_MS = 10_000;

export interface Surroundings {
  /** Gets what was said; `undefined` after a gap in which something may have been missed. */
  readonly heard: (message: string | undefined) => void;
  /** Whether there are other replicas, which may wait for what this one gives back. */
  readonly hasOthers: () => boolean;
}

/**
 * The one connection that stays open: what other replicas say arrives here, and the locks taken here end with it, so a
 * killed replica holds none.
 */
export class Session {
  private readonly lock = new KeyedLock();
  /** A connection answers one question after the other; the driver is to be asked so as well. */
  private readonly turns = new PQueue({ concurrency: 1 });
  /** Until when which names are left to the others, the earliest first. */
  private readonly leftUntilMs = new Map<string, number>();
  private client: Client | undefined;
  private closed = false;
  private waitsEnded = false;

  constructor(
    private readonly connections: Connections,
    private readonly surroundings: Surroundings,
  ) {}

  /** Opens the connection, and opens it again whenever it is lost. @throws when the first time fails. */
  async open(): Promise<void> {
    const client = await this.connections.session();
    client.on('notification', ({ payload }) => this.surroundings.heard(payload));
    client.on('end', () => void this.reopen(client));
    try {
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    if (this.closed) return client.end();
    this.client = client;
  }

  private async reopen(lost: Client): Promise<void> {
    if (this.client !== lost) return;
    this.client = undefined;
    for (let waitMs = RECONNECT_MS; !this.closed; waitMs = Math.min(waitMs * 2, LONGEST_RECONNECT_MS)) {
      const isOpen = await this.open().then(
        () => true,
        () => false,
      );
      if (isOpen) return this.surroundings.heard(undefined);
      await sleep(waitMs, undefined, { ref: false });
    }
  }

  /** Runs the task while no other one of an equal name runs, here or in another replica. */
  runAlone<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    return this.lock.run(names, () => this.holding([...new Set(names)].toSorted(), task));
  }

  /** From now on only what is free is taken: a replica that ends does not wait for the others. */
  endWaits(): void {
    this.waitsEnded = true;
  }

  private async holding<T>([name, ...others]: readonly string[], task: () => Promise<T>): Promise<T> {
    if (name === undefined) return task();
    const key = keyOf(name);
    const client = await this.take(key);
    try {
      return await this.holding(others, task);
    } finally {
      await this.unlock(client, key);
    }
  }

  private async take(key: string): Promise<Client> {
    const startedMs = performance.now();
    for (;;) {
      const { client } = this;
      const isTaken = client !== undefined && !this.isLeft(key) && (await this.tryLock(client, key));
      if (isTaken) return client;
      if (this.waitsEnded || this.closed) throw new LockNotGivenError('This replica ends and waits for no lock.');
      const waitedMs = performance.now() - startedMs;
      if (this.client === undefined && waitedMs > CONNECTION_PATIENCE_MS) {
        throw new QueueUnavailableError('The database was not reached for a lock that other replicas respect.');
      }
      if (waitedMs > PATIENCE_MS) throw new LockNotGivenError('Others have a lock for too long.');
      // Not all at the same moment.
      await sleep(ASK_AGAIN_MS * (0.5 + Math.random()));
    }
  }

  private async tryLock(client: Client, key: string): Promise<boolean> {
    try {
      const answer = await this.ask<{ taken: boolean }>(client, 'SELECT pg_try_advisory_lock($1) AS taken', key);
      return answer?.taken === true;
    } catch {
      this.giveUp(client);
      return false;
    }
  }

  private async unlock(client: Client, key: string): Promise<void> {
    try {
      await this.ask(client, 'SELECT pg_advisory_unlock($1)', key);
    } catch {
      // The question may never have been asked, and the connection be well: it would hold the lock for ever.
      this.giveUp(client);
    }
    this.leave(key);
  }

  /** This replica would be back within a millisecond, before any other looks again: none of them would ever be given it. */
  private leave(key: string): void {
    const nowMs = performance.now();
    for (const [other, untilMs] of this.leftUntilMs) {
      if (untilMs > nowMs) break;
      this.leftUntilMs.delete(other);
    }
    // Deleted first, so that it goes to the end of the order.
    this.leftUntilMs.delete(key);
    if (this.surroundings.hasOthers()) this.leftUntilMs.set(key, nowMs + LEFT_MS);
  }

  private isLeft(key: string): boolean {
    return !this.waitsEnded && performance.now() < (this.leftUntilMs.get(key) ?? 0);
  }

  /** Lost, or silent: another connection is asked next. Whatever this one holds ends with it. */
  private giveUp(client: Client): void {
    void client.end().catch(() => undefined);
    void this.reopen(client);
  }

  private ask<R extends QueryResultRow>(client: Client, text: string, key: string): Promise<R | undefined> {
    return this.turns.add(async () => (await client.query<R>(text, [key])).rows[0]);
  }

  async close(): Promise<void> {
    this.closed = true;
    const { client } = this;
    this.client = undefined;
    await client?.end();
  }
}

/** PostgreSQL locks numbers of 64 bits; two names that share one only wait for each other. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest().readBigInt64BE().toString();
}
