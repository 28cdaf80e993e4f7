import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClaimReads } from '../core/claim-reads.js';
import { rootOfPolicyFor } from '../core/policy-root.js';
import type { Logger } from '../log/logger.js';
import type { ClaimedRoot, Queue, QueuedEvent } from '../queue/queue.js';
import { PROFILE_SCOPES } from '../state/profile-scopes.js';
import type { ReadyTenant } from '../tenants/tenant-reader.js';
import { decide } from './decide.js';
import { deliverRecords, type DeliveryReport } from './deliver-records.js';
import {
  type EventWork,
  readPayload,
  TIME_PASSED,
  translateEvent,
  translateTime,
  type TranslationContext,
} from './event-work.js';
import { KeyedLock } from './keyed-lock.js';
import { mergeRecords } from './merge-records.js';
import { ReportedOnce } from './reported-once.js';
import { type RootResult, rootResult } from './root-result.js';
import type { TargetFactory } from './target-factory.js';
import { type RecordsWork, type TriedEvent, triedEvent } from './tried-event.js';
import { decideTime, wakeOf } from './wake.js';

export interface RootSyncDependencies {
  readonly queue: Queue;
  readonly logger: Logger;
  readonly targets: TargetFactory;
  readonly retryScheduleMs: readonly number[];
  /** The process is ending: what is in hand is settled as far as it got. */
  readonly isStopping: () => boolean;
}

/** All that one run over a claim has brought. */
interface Run {
  readonly work: readonly EventWork[];
  readonly tried: readonly TriedEvent[];
  readonly report: DeliveryReport;
  readonly target: string;
  readonly startedMs: number;
}

/** Roots that are where they belong; any other names an entity of some policy. */
const ROOTS_THAT_STAY = /^(policy|policyholder|event):/;

/** Syncs one claimed root: read, translate, merge, deliver, settle. Decides nothing about other roots. */
export class RootSync {
  private readonly reported = new ReportedOnce();
  private readonly sharedRecords = new KeyedLock();

  constructor(private readonly dependencies: RootSyncDependencies) {}

  async run(claim: ClaimedRoot, tenant: ReadyTenant): Promise<RootResult> {
    const startedMs = performance.now();
    const context = { ...tenant, reads: new ClaimReads(tenant.core), nowMs: Date.now() };
    if (await this.movedToPolicy(claim, context)) return { kind: 'settled', targetAnswered: false, coreAnswered: true };
    const work = await this.translate(claim, context);
    if (work.some(({ kind }) => kind === 'unauthorized')) {
      await this.dependencies.queue.release(claim, context.nowMs);
      return { kind: 'unauthorized', code: 'core_unauthorized' };
    }
    this.reportProblems(work, claim.tenant);
    // A policyholder belongs to several roots; every other record to one, which nobody else has in hand.
    const shared = work
      .flatMap((item) => (item.kind === 'records' ? item.records : []))
      .filter(({ kind }) => kind === 'party');
    return this.sharedRecords.run(
      shared.map(({ key }) => `${claim.tenant} ${key}`),
      async () => {
        const report = await this.deliver(claim, work, context);
        const tried = work.map((item) => triedEvent(item, report));
        await this.settle(claim, { work, tried, report, target: tenant.settings.connector.id, startedMs });
        return rootResult(work, tried, report, Date.now());
      },
    );
  }

  /** Something failed that should not: every event of the claim waits for its next try, or becomes a dead letter. */
  async fail(claim: ClaimedRoot, target: string): Promise<void> {
    const outcome = { kind: 'retry', code: 'sync_failed' } as const;
    const tried = claim.events.map((event) => ({ event, outcome }));
    const report = { results: new Map(), marks: [], answered: false };
    await this.settle(claim, { work: [], tried, report, target, startedMs: performance.now() });
  }

  /** One policy is one root: an event that named only some other entity goes to the root of the policy it belongs to. */
  private async movedToPolicy(claim: ClaimedRoot, { reads, nowMs }: TranslationContext): Promise<boolean> {
    const [first] = claim.events;
    if (first === undefined || ROOTS_THAT_STAY.test(claim.root)) return false;
    const event = readPayload(first);
    const resolved = event && (await rootOfPolicyFor(reads, event.locators));
    // What cannot be resolved now is seen again, and judged, when the event itself is read.
    if (resolved?.kind !== 'resolved') return false;
    return this.dependencies.queue.move(claim, `policy:${resolved.policyLocator}`, nowMs);
  }

  private async translate(claim: ClaimedRoot, context: TranslationContext): Promise<readonly EventWork[]> {
    if (claim.events.length === 0) return [await translateTime(claim.root, context)];
    const oldestFirst = claim.events.toSorted((a, b) => a.occurredAtMs - b.occurredAtMs || a.sequence - b.sequence);
    const work: EventWork[] = [];
    for (const event of oldestFirst) {
      const last = work.at(-1);
      // Core as a whole does not answer, or refuses the token: nothing more is asked of it for this claim.
      const isOver = last?.kind === 'core_unavailable' || last?.kind === 'unauthorized';
      work.push(isOver ? sameFor(last, event) : await translateEvent(event, context));
      // Reads are shared, so a long burst would otherwise be translated without letting a request in between.
      await nextTurn();
    }
    return work;
  }

  private async deliver(
    claim: ClaimedRoot,
    work: readonly EventWork[],
    { state, settings }: TranslationContext,
  ): Promise<DeliveryReport> {
    const { queue, targets, isStopping } = this.dependencies;
    const { connector, connection, profile } = settings;
    const translated = work.filter((item): item is RecordsWork => item.kind === 'records');
    const records = mergeRecords(
      translated.flatMap((item) => item.records),
      PROFILE_SCOPES[profile].kinds,
    );
    const newestEvents = new Map(translated.flatMap(({ event, records: own }) => own.map(({ key }) => [key, event])));
    const keys = records.map(({ key }) => key);
    const known = await queue.recordMarks(claim.tenant, connection, keys);
    const target = targets.targetFor(state, settings);
    return deliverRecords(records, { connector, target, connection, known, newestEvents, isStopping });
  }

  private async settle(claim: ClaimedRoot, { work, tried, report, target, startedMs }: Run): Promise<void> {
    const { queue, logger, retryScheduleMs } = this.dependencies;
    const nowMs = Date.now();
    const decided = tried.map((item) => {
      const context = { retryScheduleMs, nowMs, random: Math.random() };
      const { event, outcome } = item;
      return { ...item, decision: event.type === TIME_PASSED ? decideTime(outcome) : decide(event, outcome, context) };
    });
    const wake = wakeOf(claim.root, work, tried, nowMs);
    const stored = await queue.settle(claim, {
      ended: decided.flatMap(({ decision }) => decision.ended ?? []),
      retried: decided.flatMap(({ decision }) => decision.retried ?? []),
      records: report.marks,
      ...(wake && { wake }),
    });
    // A lost lease means that another worker does the same again; its lines will tell.
    if (!stored) return;
    const durationMs = Math.round(performance.now() - startedMs);
    for (const { event, outcome, recordKey, records, decision } of decided) {
      if (decision.line === undefined) continue;
      logger.write(decision.line, {
        tenant: claim.tenant,
        ...(event.type !== TIME_PASSED && { eventId: event.id }),
        eventType: event.type,
        target,
        attempt: event.tries + 1,
        maxAttempts: retryScheduleMs.length + 1,
        outcome: outcome.kind,
        durationMs,
        lagMs: nowMs - event.occurredAtMs,
        ...(recordKey !== undefined && { recordKey }),
        ...(records !== undefined && { records }),
        ...decision.fields,
      });
    }
  }

  private reportProblems(work: readonly EventWork[], tenant: string): void {
    const { logger } = this.dependencies;
    for (const item of work) {
      if (item.kind === 'dead' && item.cause !== undefined) {
        const { id, type } = item.event;
        logger.write('app.failed', { tenant, eventId: id, eventType: type, code: item.code }, item.cause);
      }
      if (item.kind !== 'records') continue;
      for (const { field, product, reason } of item.mappingProblems) {
        if (!this.reported.isNews(tenant, field, product, reason)) continue;
        logger.write('mapping.unresolved', { tenant, field, product, code: reason });
      }
    }
  }
}

/** What stopped the claim concerns its other events too, but only the first may have caused it. */
function sameFor(
  last: Extract<EventWork, { kind: 'core_unavailable' | 'unauthorized' }>,
  event: QueuedEvent,
): EventWork {
  if (last.kind === 'unauthorized') return { kind: 'unauthorized', event };
  const { mayBeThisOne: _onlyTheFirst, ...rest } = last;
  return { ...rest, event };
}
