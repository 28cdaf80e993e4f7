import type { ClaimReads } from '../core/claim-reads.js';
import type { Logger } from '../log/logger.js';
import type { ClaimedRoot, Queue, QueuedEvent } from '../queue/queue.js';
import { PROFILE_SCOPES } from '../state/profile-families.js';
import type { TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { decide, DEFAULT_THROTTLE_MS } from './decide.js';
import { deliverRecords, type DeliveryReport } from './deliver-records.js';
import { type EventOutcome, outcomeOfEvent } from './event-outcome.js';
import { type EventWork, translateEvent } from './event-work.js';
import { mergeRecords } from './merge-records.js';
import type { PauseCode } from './pauses.js';
import { ReportedOnce } from './reported-once.js';
import { connectionOf } from './revision.js';
import type { TargetFactory } from './target-factory.js';

/** What the sync of one root means for the whole tenant. */
export type RootResult =
  | { readonly kind: 'settled' }
  /** The connection asked for rest: nothing of this tenant before `untilMs`. */
  | { readonly kind: 'throttled'; readonly untilMs: number }
  | { readonly kind: 'unauthorized'; readonly code: PauseCode };

export interface RootSyncDependencies {
  readonly queue: Queue;
  readonly logger: Logger;
  readonly targets: TargetFactory;
  readonly retryScheduleMs: readonly number[];
}

/** A tenant that can be worked for: its settings are usable and Core is known. */
export interface ReadyTenant {
  readonly state: TenantState;
  readonly settings: TenantSettings;
  readonly reads: ClaimReads;
}

interface TriedEvent {
  readonly event: QueuedEvent;
  readonly outcome: EventOutcome;
  /** Of the record that the event is about, and how many records it concerned. */
  readonly recordKey?: string;
  readonly records?: number;
}

type RecordsWork = Extract<EventWork, { kind: 'records' }>;

/** Syncs one claimed root: read, translate, merge, deliver, settle. Decides nothing about other roots. */
export class RootSync {
  private readonly reported = new ReportedOnce();

  constructor(private readonly dependencies: RootSyncDependencies) {}

  async run(claim: ClaimedRoot, tenant: ReadyTenant): Promise<RootResult> {
    const startedMs = performance.now();
    const nowMs = Date.now();
    const oldestFirst = claim.events.toSorted((a, b) => a.occurredAtMs - b.occurredAtMs || a.sequence - b.sequence);
    const work: EventWork[] = [];
    for (const event of oldestFirst) work.push(await translateEvent(event, { ...tenant, nowMs }));
    if (work.some(({ kind }) => kind === 'unauthorized')) {
      await this.dependencies.queue.release(claim, nowMs);
      return { kind: 'unauthorized', code: 'core_unauthorized' };
    }
    this.reportProblems(work, tenant.state.tenant);
    const report = await this.deliver(claim, work, tenant, nowMs);
    const tried = work.map((item) => triedEvent(item, report));
    await this.settle(claim, tried, report, tenant, startedMs);
    return rootResult(tried);
  }

  private async deliver(
    claim: ClaimedRoot,
    work: readonly EventWork[],
    { state, settings }: ReadyTenant,
    nowMs: number,
  ): Promise<DeliveryReport> {
    const translated = work.filter((item): item is RecordsWork => item.kind === 'records');
    const records = mergeRecords(
      translated.flatMap((item) => item.records),
      PROFILE_SCOPES[settings.profile].kinds,
    );
    const newestEvents = new Map(translated.flatMap(({ event, records: own }) => own.map(({ key }) => [key, event])));
    const connection = connectionOf(settings.connector.id, settings.values);
    const keys = records.map(({ key }) => key);
    const known = await this.dependencies.queue.recordMarks(claim.tenant, connection, keys);
    const target = this.dependencies.targets.targetFor(state, settings);
    return deliverRecords(records, { connector: settings.connector, target, connection, known, newestEvents, nowMs });
  }

  private async settle(
    claim: ClaimedRoot,
    tried: readonly TriedEvent[],
    report: DeliveryReport,
    { settings }: ReadyTenant,
    startedMs: number,
  ): Promise<void> {
    const { queue, logger, retryScheduleMs } = this.dependencies;
    const nowMs = Date.now();
    const decided = tried.map((item) => {
      const context = { retryScheduleMs, nowMs, random: Math.random() };
      return { ...item, decision: decide(item.event, item.outcome, context) };
    });
    const stored = await queue.settle(claim, {
      ended: decided.flatMap(({ decision }) => decision.ended ?? []),
      retried: decided.flatMap(({ decision }) => decision.retried ?? []),
      records: report.marks,
    });
    // A lost lease means that another worker does the same again; its lines will tell.
    if (!stored) return;
    const durationMs = Math.round(performance.now() - startedMs);
    for (const { event, outcome, recordKey, records, decision } of decided) {
      if (decision.line === undefined) continue;
      logger.write(decision.line, {
        tenant: claim.tenant,
        eventId: event.id,
        eventType: event.type,
        target: settings.connector.id,
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

function triedEvent(work: EventWork, report: DeliveryReport): TriedEvent {
  const { event } = work;
  switch (work.kind) {
    case 'records': {
      const results = work.records.flatMap(({ key }) => report.results.get(key) ?? []);
      return { event, outcome: outcomeOfEvent(results), recordKey: work.about, records: results.length };
    }
    case 'skip':
      return { event, outcome: { kind: 'skipped', code: work.code } };
    case 'dead':
      return { event, outcome: { kind: 'rejected', code: work.code } };
    case 'retry': {
      const { code, retryAfterMs } = work;
      return { event, outcome: { kind: 'retry', code, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
    }
    case 'unauthorized':
      return { event, outcome: { kind: 'auth', code: 'core_unauthorized' } };
  }
}

function rootResult(tried: readonly TriedEvent[]): RootResult {
  for (const { outcome } of tried) {
    if (outcome.kind === 'auth') return { kind: 'unauthorized', code: outcome.code };
    if (outcome.kind === 'throttled') {
      return { kind: 'throttled', untilMs: Date.now() + (outcome.retryAfterMs ?? DEFAULT_THROTTLE_MS) };
    }
  }
  return { kind: 'settled' };
}
