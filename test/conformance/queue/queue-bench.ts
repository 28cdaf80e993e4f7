import type { ClaimResult, NewEvent, Queue, Settlement, SettleTimes } from '../../../src/queue/queue.js';

/** What a queue adapter brings to its conformance suite. */
export interface QueueUnderTest {
  /** Opens an empty queue. */
  open(times: SettleTimes): Promise<Queue>;
  /** Opens the same queue again, after `close` or after its process died. */
  reopen(times: SettleTimes): Promise<Queue>;
  /** Lets every lease run out, where that does not depend on the time that a claim names. */
  expireLeases?(): Promise<void>;
  /** Removes what is left. */
  cleanUp(): Promise<void>;
}

const TIMES: SettleTimes = { settleMs: 5_000, settleMaxMs: 30_000 };
export const NOTHING: Settlement = { nowMs: 20_000, ended: [], retried: [], records: [], places: [] };
export const LEASE_MS = 60_000;

export function event(id: string, overrides: Partial<NewEvent> = {}): NewEvent {
  return {
    tenant: 'tenant-a',
    id,
    type: 'policy.issue',
    root: 'policy:1',
    occurredAtMs: 1_000,
    receivedAtMs: 10_000,
    payload: '{}',
    ...overrides,
  };
}

export function delivered(claim: { events: readonly { sequence: number }[] }): Settlement {
  return { ...NOTHING, ended: claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const })) };
}

/** One queue, opened anew for each test. */
export class QueueBench {
  private opened: Queue | undefined;

  constructor(private readonly underTest: QueueUnderTest) {}

  get queue(): Queue {
    if (!this.opened) throw new Error('no queue is open');
    return this.opened;
  }

  async open(): Promise<void> {
    this.opened = await this.underTest.open(TIMES);
  }

  async restart(): Promise<void> {
    await this.queue.close();
    this.opened = await this.underTest.reopen(TIMES);
  }

  async end(): Promise<void> {
    await this.queue.close();
    await this.underTest.cleanUp();
  }

  claim(nowMs: number, tenants = ['tenant-a'], limit = 10): Promise<ClaimResult> {
    return this.queue.claim({ tenants, limit, nowMs, leaseMs: LEASE_MS });
  }

  /** @returns a moment at which every lease taken at `claimedAtMs` has run out */
  async afterLeases(claimedAtMs: number): Promise<number> {
    await this.underTest.expireLeases?.();
    return claimedAtMs + LEASE_MS;
  }
}
