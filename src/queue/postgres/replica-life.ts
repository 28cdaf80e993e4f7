import { randomUUID } from 'node:crypto';
import { KeyedLock } from '../keyed-lock.js';
import type { Connections } from './connection.js';
import { BEAT, END_LOST_LEASES, LEAVE } from './replica-statements.js';
import { REPLICA_LIFE_MS } from './statement.js';

const BEAT_MS = 5_000;
const BEAT_AGAIN_MS = 1_000;
/** Without an answer for so long the leases may be lost soon; the rest of the life is for what is already on its way. */
const TRUST_MS = REPLICA_LIFE_MS * (2 / 3);

/**
 * Keeps this replica alive in the database, which keeps its leases: they count only while their owner is heard of, so a
 * killed replica's roots are free again after {@link REPLICA_LIFE_MS}, however long they were leased for.
 */
export class ReplicaLife {
  readonly id = randomUUID();
  private readonly leases = new Set<number>();
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
      for (const lease of await claim()) this.leases.add(lease);
    });
  }

  /** Nobody here works on it any more; if the database was not told, the next beat will. */
  drop(lease: number): void {
    this.leases.delete(lease);
  }

  isHeld(lease: number): boolean {
    return this.leases.has(lease) && performance.now() - this.heardAtMs < TRUST_MS;
  }

  /** Says that this replica lives, ends leases that nobody here knows of, and counts the replicas. */
  async beat(): Promise<void> {
    await this.lock.run(['leases'], async () => {
      const askedAtMs = performance.now();
      const [row] = await this.connections.query(BEAT, [this.id]);
      this.heardAtMs = askedAtMs;
      this.livingReplicas = Number(row?.living ?? 1);
      await this.connections.query(END_LOST_LEASES, [this.id, [...this.leases]]);
    });
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
    await this.lock.run(['leases'], async () => {
      await this.connections.query(END_LOST_LEASES, [this.id, []]);
      await this.connections.query(LEAVE, [this.id]);
    });
  }
}
