import type { NewEvent, SettleTimes } from '../queue.js';
import { QueueUnavailableError } from '../queue.js';
import type { Connections } from './connection.js';
import { APPEND } from './statements.js';

type Answer = 'appended' | 'duplicate';

interface PendingAppend {
  readonly event: NewEvent;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** One is on its way to the disk while the next is being written. */
const MOST_ON_THEIR_WAY = 2;
const MOST_PER_BATCH = 500;
/** Beyond this the sender is asked to come again: memory is bounded, and the database is not keeping up. */
const MOST_PENDING = 5_000;

/**
 * Collects the appends of one event-loop turn, and of as many turns as the database is busy, into one statement: a
 * commit costs a disk flush and a round trip, an event next to nothing. Each is answered after the commit only. When the
 * answer to a commit is lost, its events count as not stored; they may be there all the same, and what the sender then
 * repeats is a duplicate.
 */
export class AppendBatch {
  private pending: PendingAppend[] = [];
  private readonly onTheirWay = new Set<Promise<void>>();
  private hasFailed = false;

  constructor(
    private readonly connections: Connections,
    private readonly times: SettleTimes,
  ) {}

  append(event: NewEvent): Promise<Answer> {
    if (this.pending.length >= MOST_PENDING) {
      return Promise.reject(new QueueUnavailableError('The database does not keep up with the events.'));
    }
    return new Promise<Answer>((resolve, reject) => {
      this.pending.push({ event, resolve, reject });
      if (this.pending.length === 1) setImmediate(() => this.sendNext());
    });
  }

  /** Whether the latest batch could not be stored. */
  get failed(): boolean {
    return this.hasFailed;
  }

  /** Resolves when everything that was given so far is stored or refused. */
  async drain(): Promise<void> {
    this.sendNext();
    while (this.onTheirWay.size > 0) await Promise.all(this.onTheirWay);
  }

  private sendNext(): void {
    while (this.pending.length > 0 && this.onTheirWay.size < MOST_ON_THEIR_WAY) {
      const sending = this.send(this.pending.splice(0, MOST_PER_BATCH)).finally(() => {
        this.onTheirWay.delete(sending);
        this.sendNext();
      });
      this.onTheirWay.add(sending);
    }
  }

  private async send(batch: readonly PendingAppend[]): Promise<void> {
    try {
      const events = batch.map(({ event }) => event);
      const rows = await this.connections.query(APPEND, [...columnsOf(events), ...this.durations()]);
      this.hasFailed = false;
      const stored = new Set(rows.map(({ tenant, id }) => nameOf(String(tenant), String(id))));
      // Of the same event twice in one batch, the first is the new one.
      for (const { event, resolve } of batch) {
        resolve(stored.delete(nameOf(storable(event.tenant), storable(event.id))) ? 'appended' : 'duplicate');
      }
    } catch (cause) {
      this.hasFailed = true;
      const error = new QueueUnavailableError('The database could not store the events.', { cause });
      for (const { reject } of batch) reject(error);
    }
  }

  private durations(): number[] {
    return [this.times.settleMs, this.times.settleMaxMs];
  }
}

function columnsOf(events: readonly NewEvent[]): unknown[][] {
  return [
    events.map(({ tenant }) => storable(tenant)),
    events.map(({ id }) => storable(id)),
    events.map(({ type }) => storable(type)),
    events.map(({ root }) => storable(root)),
    events.map(({ occurredAtMs }) => occurredAtMs),
    events.map(({ receivedAtMs }) => receivedAtMs),
    events.map(({ payload }) => storable(payload)),
  ];
}

/** PostgreSQL's text has neither the character 0 nor halves of characters; one such event must not fail a whole batch. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function nameOf(tenant: string, id: string): string {
  return `${tenant} ${id}`;
}
