import { randomUUID } from 'node:crypto';
import { KeyedLock } from '../keyed-lock.js';
import type { Connections } from './connection.js';
import { BEAT, KEEP_LEASES, LEAVE } from './replica-statements.js';
import { TRUST_MS } from './statement.js';

const BEAT_MS = 5_000;
const BEAT_AGAIN_MS = 1_000;

/**
 * Keeps this replica alive in the database, which keeps its leases: they count only while their owner is heard of, so a
 * killed replica's roots are free again after REPLICA_LIFE_MS, however long they were leased for.
 */
export class ReplicaLife {
  readonly id = randomUUID();
  /** Somebody here works on them, so the database is not to end them. */
  private readonly leases = new Set<number>();
  /** Those of them that nobody else can have; what was doubted once never is one again. */
  private readonly trusted = new Set<number>();
  private readonly lock = new KeyedLock();
  private timer: NodeJS.Timeout | undefined;
  private heardAtMs = -Infinity;
  private livingReplicas = 1;
  private ended = false;

  constructor(private readonly connections: Connections) {}

  /** How many replicas live, as far as was heard. */
  get living(): number {
    return this.livingReplicas;
  }

  /** Takes leases; one time at a time and never during a beat, so that a beat knows of all leases there are. */
  async take(claim: () => Promise<readonly number[]>): Promise<void> {
    await this.lock.run(['leases'], async () => {
      for (const lease of await claim()) {
        this.leases.add(lease);
        this.trusted.add(lease);
      }
    });
  }

  /** Nobody here works on it any more; if the database was not told, the next beat will. */
  drop(lease: number): void {
    this.leases.delete(lease);
    this.trusted.delete(lease);
  }

  isHeld(lease: number): boolean {
    return this.trusted.has(lease) && performance.now() - this.heardAtMs < TRUST_MS;
  }

  /** Says that this replica lives, asks which leases are still its own, ends those that nobody here knows of, and counts the replicas. */
  async beat(): Promise<void> {
    await this.lock.run(['leases'], async () => {
      const askedAtMs = performance.now();
      const [row] = await this.connections.query(BEAT, [this.id]);
      this.livingReplicas = Number(row?.living ?? 1);
      const kept = await this.connections.query(KEEP_LEASES, [this.id, [...this.leases]]);
      this.trustOnly(new Set(kept.map(({ lease }) => Number(lease))));
      // Last: until then a lease that another has taken would be trusted again.
      this.heardAtMs = askedAtMs;
    });
  }

  /**
   * After a silence that was too long not even these: somebody who saw this replica dead may be taking one just now, and
   * the answer does not show that yet. Such a lease stays with the database, so what was done for it can still be settled.
   */
  private trustOnly(kept: ReadonlySet<number>): void {
    const wasSilent = performance.now() - this.heardAtMs >= TRUST_MS;
    for (const lease of this.trusted) if (wasSilent || !kept.has(lease)) this.trusted.delete(lease);
  }

  /** Beats now and regularly from now on. */
  async goOn(): Promise<void> {
    // Its own leaving is told to it as well.
    if (this.ended) return;
    clearTimeout(this.timer);
    const waitMs = await this.beat().then(
      () => BEAT_MS,
      // The database does not answer, which its users notice themselves.
      () => BEAT_AGAIN_MS,
    );
    if (this.ended) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.goOn(), waitMs).unref();
  }

  /** Gives every lease back and leaves. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    this.leases.clear();
    this.trusted.clear();
    await this.lock.run(['leases'], async () => {
      await this.connections.query(KEEP_LEASES, [this.id, []]);
      await this.connections.query(LEAVE, [this.id]);
    });
  }
}
