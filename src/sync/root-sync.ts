import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClaimReads } from '../core/claim-reads.js';
import { rootOfPolicyFor } from '../core/policy-root.js';
import type { Logger } from '../log/logger.js';
import type { ClaimedRoot, Queue, QueuedEvent, RecordPlace } from '../queue/queue.js';
import { type RecordKey, recordKey } from '../records/record-key.js';
import { PROFILE_SCOPES } from '../state/profile-scopes.js';
import type { ReadyTenant } from '../tenants/tenant-reader.js';
import { decide, type Decision } from './decide.js';
import { deliverRecords, type DeliveryReport, undelivered } from './deliver-records.js';
import {
  type EventWork,
  readPayload,
  TIME_PASSED,
  translateEvent,
  translateTime,
  type TranslationContext,
} from './event-work.js';
import { mergeRecords } from './merge-records.js';
import { newestEvents } from './newest-events.js';
import { broken } from './pauses.js';
import { policyOfRoot, rootOfPolicy } from './policy-roots.js';
import { ReportedOnce } from './reported-once.js';
import { type RootResult, rootResult } from './root-result.js';
import { SyncSize } from './sync-size.js';
import type { TargetFactory } from './target-factory.js';
import { type RecordsWork, type TriedEvent, triedEvent } from './tried-event.js';
import type { Unfinished, UnfinishedRoots } from './unfinished-roots.js';
import { decideTime, wakeOf } from './wake.js';

export interface RootSyncDependencies {
  readonly queue: Queue;
  readonly logger: Logger;
  readonly targets: TargetFactory;
  readonly retryScheduleMs: readonly number[];
  readonly unfinished: UnfinishedRoots;
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

const FIELD_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

const TOO_MUCH = 'too_much_at_once';

/** Syncs one claimed root: read, translate, merge, deliver, settle. Decides nothing about other roots. */
export class RootSync {
  private readonly reported = new ReportedOnce();

  constructor(private readonly dependencies: RootSyncDependencies) {}

  async run(claim: ClaimedRoot, tenant: ReadyTenant): Promise<RootResult> {
    const startedMs = performance.now();
    const { environment } = tenant.settings;
    const reads = new ClaimReads(tenant.core, (kind, locator) =>
      this.policySeenBefore(claim.tenant, recordKey(environment, kind, locator)),
    );
    const context = { ...tenant, reads, nowMs: Date.now() };
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
    return this.dependencies.queue.runAlone(
      shared.map(({ key }) => `${claim.tenant} ${key}`),
      async () => {
        const report = await this.deliver(claim, work, context);
        this.reportRefusedFields(report, claim.tenant, tenant.settings.connector.id);
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
    const report = undelivered([], { outcome: 'retry', code: 'sync_failed' });
    await this.settle(claim, { work: [], tried, report, target, startedMs: performance.now() });
  }

  /** One policy is one root: an event that named only some other entity goes to the root of the policy it belongs to. */
  private async movedToPolicy(claim: ClaimedRoot, { reads, nowMs }: TranslationContext): Promise<boolean> {
    if (ROOTS_THAT_STAY.test(claim.root)) return false;
    for (const event of claim.events) {
      const resolved = await rootOfPolicyFor(reads, readPayload(event)?.locators ?? {});
      if (resolved.kind === 'resolved') {
        return this.dependencies.queue.move(claim, rootOfPolicy(resolved.policyLocator), nowMs);
      }
      // What cannot be resolved now is seen again, and judged, when the event itself is read.
      if (resolved.kind === 'unavailable' || resolved.kind === 'unauthorized') return false;
    }
    return false;
  }

  private async policySeenBefore(tenant: string, key: RecordKey): Promise<string | undefined> {
    const root = await this.dependencies.queue.rootOf(tenant, [key]);
    return root && policyOfRoot(root);
  }

  private async translate(claim: ClaimedRoot, context: TranslationContext): Promise<readonly EventWork[]> {
    const size = new SyncSize();
    const timePassed = async () => withinSize(await translateTime(claim.root, context), size);
    if (claim.events.length === 0) return [await timePassed()];
    // What is to be tried later comes along, but last: of what Core cannot deliver for one event the others need nothing.
    const isLater = ({ retryAtMs }: QueuedEvent) => Number(retryAtMs > context.nowMs);
    const dueFirst = claim.events.toSorted((a, b) => isLater(a) - isLater(b) || byOccurrence(a, b));
    const work: EventWork[] = [];
    for (const event of dueFirst) {
      const last = work.at(-1);
      // Core as a whole does not answer, or refuses the token: nothing more is asked of it for this claim.
      const isOver = last?.kind === 'core_unavailable' || last?.kind === 'unauthorized';
      work.push(isOver ? sameFor(last, event) : withinSize(await translateEvent(event, claim.root, context), size));
      // Reads are shared, so a long burst would otherwise be translated without letting a request in between.
      await nextTurn();
    }
    if (dueFirst.every(isLater) && haveReadNothing(work)) work.push(await timePassed());
    return work.toSorted((a, b) => byOccurrence(a.event, b.event));
  }

  private async deliver(
    claim: ClaimedRoot,
    work: readonly EventWork[],
    { state, settings }: TranslationContext,
  ): Promise<DeliveryReport> {
    const { queue, targets, isStopping } = this.dependencies;
    const { connector, profile } = settings;
    const translated = work.filter((item): item is RecordsWork => item.kind === 'records');
    const records = mergeRecords(
      translated.flatMap((item) => item.records),
      PROFILE_SCOPES[profile].kinds,
    );
    const isHeld = () => queue.isHeld(claim);
    const target = targets.targetFor(state, settings, isHeld);
    const connection = await targets.connectionOf(target, settings);
    if (!connection.ok) return undelivered(records, connection.failure);
    const keys = new Set(records.flatMap(({ key, relations }) => [key, ...relations.map((relation) => relation.key)]));
    const known = await queue.recordMarks(claim.tenant, connection.value, [...keys]);
    const mustStop = () => isStopping() || !isHeld();
    return deliverRecords(records, {
      connector,
      target,
      connection: connection.value,
      known,
      newestEvents: newestEvents(translated),
      isStopping: mustStop,
      announce: (marks) => queue.announce(claim, marks),
    });
  }

  private async settle(claim: ClaimedRoot, { work, tried, report, target, startedMs }: Run): Promise<void> {
    const { queue, logger, retryScheduleMs } = this.dependencies;
    const nowMs = Date.now();
    // What the worker will find out, too, unless other roots or replicas are faster.
    const breakMs = broken(claim.rest, nowMs).holdUntilMs - nowMs;
    const decided = tried.map((item) => {
      const context = { retryScheduleMs, nowMs, breakMs, random: Math.random() };
      const { event, outcome } = item;
      return { ...item, decision: event.type === TIME_PASSED ? decideTime(outcome) : decide(event, outcome, context) };
    });
    const wake = wakeOf(claim.root, work, tried, nowMs);
    const stored = await queue.settle(claim, {
      nowMs,
      ended: decided.flatMap(({ decision }) => decision.ended ?? []),
      retried: decided.flatMap(({ decision }) => decision.retried ?? []),
      records: report.marks,
      places: placesOf(work),
      ...(wake && { wake }),
    });
    // A lost lease means that another worker does the same again; its lines will tell.
    if (!stored) return;
    this.dependencies.unfinished.settled(claim.tenant, claim.root, oldestLeft(decided, nowMs), nowMs);
    const durationMs = Math.round(performance.now() - startedMs);
    for (const { event, outcome, recordKey, records, decision } of decided) {
      if (decision.line === undefined) continue;
      logger.write(decision.line, {
        tenant: claim.tenant,
        root: claim.root,
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

  private reportRefusedFields({ refusedFields }: DeliveryReport, tenant: string, target: string): void {
    for (const { field, code, recordKey } of refusedFields) {
      if (!this.reported.isNews(tenant, target, field, code)) continue;
      // Targets repeat names from their own set-up; one that is not a name may be anything.
      const name = FIELD_NAME.test(field) ? field : 'unnamed';
      this.dependencies.logger.write('sync.field_refused', { tenant, target, field: name, recordKey, code });
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

/** The events of one claim saw the same policy, so they mostly say the same. */
function placesOf(work: readonly EventWork[]): readonly RecordPlace[] {
  const places = work.flatMap((item) => (item.kind === 'records' ? item.places : []));
  return [...new Map(places.map((place) => [place.key, place])).values()];
}

/** Of the events that wait for another try the one that has waited longest. A pause is told by itself. */
function oldestLeft(
  decided: readonly (TriedEvent & { readonly decision: Decision })[],
  nowMs: number,
): Omit<Unfinished, 'root'> | undefined {
  const left = decided.flatMap(({ event, decision: { line, fields } }) => {
    if (line !== 'sync.retry_scheduled' || event.type === TIME_PASSED) return [];
    const { code = '', retryInMs = 0 } = fields ?? {};
    return [{ receivedAtMs: event.receivedAtMs, code, againAtMs: nowMs + retryInMs }];
  });
  return left.toSorted((a, b) => a.receivedAtMs - b.receivedAtMs)[0];
}

function byOccurrence(a: QueuedEvent, b: QueuedEvent): number {
  return a.occurredAtMs - b.occurredAtMs || a.sequence - b.sequence;
}

/** What finds no room beside the records of other events comes with a later sync; what finds none alone is given up. */
function withinSize(work: EventWork, size: SyncSize): EventWork {
  if (work.kind !== 'records') return work;
  const { event } = work;
  switch (size.take(work.records)) {
    case 'taken':
      return work;
    case 'later':
      return { kind: 'retry', event, code: TOO_MUCH };
    case 'never':
      return { kind: 'dead', event, code: TOO_MUCH };
  }
}

/**
 * Whether of events that are to be tried later none has brought its policy, although Core answers: a root that is handed
 * out before their time has mostly been changed by time, and must not wait for an entity that Core cannot deliver.
 */
function haveReadNothing(work: readonly EventWork[]): boolean {
  return work.every(({ kind }) => kind !== 'records' && kind !== 'core_unavailable' && kind !== 'unauthorized');
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
