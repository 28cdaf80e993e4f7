import type { Asked, Connector, Delivery, Failure, HeldRecord, Target } from '../connectors/connector.js';
import { ClaimReads } from '../core/claim-reads.js';
import type { Queue } from '../queue/queue.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import { recordKey } from '../records/record-key.js';
import { PROFILE_SCOPES } from '../state/profile-scopes.js';
import type { ReadyTenant } from '../tenants/tenant-reader.js';
import { type DeliveryContext, knownTargetIds, prepare, settledWithoutCall } from './deliver-records.js';
import { type EventWork, translateTime } from './event-work.js';
import { mergeRecords } from './merge-records.js';
import { policyOfRoot, rootOfPolicy } from './policy-roots.js';
import { readOnly, type ReadOnlyTarget } from './read-only-target.js';
import type { TargetFactory } from './target-factory.js';

/** What a delivery would do with one record now. */
export type Verdict = 'send' | 'unchanged' | 'newer_already_there' | 'unsupported' | 'never_delivered';

/** What the target holds of one record. */
export type Found =
  /** The target has no way to be asked, or need not be. */
  | { readonly kind: 'not_asked' }
  | { readonly kind: 'held'; readonly records: readonly HeldRecord[] }
  /** To go on, something would have to be created in the target first; Start does that. */
  | { readonly kind: 'not_set_up' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RecordPreview {
  readonly record: CanonicalRecord;
  readonly verdict: Verdict;
  readonly found: Found;
}

export type Preview =
  | { readonly kind: 'preview'; readonly canLook: boolean; readonly records: readonly RecordPreview[] }
  /** Core has no such policy, or does not give it; the code is one of the log's. */
  | { readonly kind: 'not_read'; readonly where: 'skipped' | 'retry' | 'dead' | 'paused'; readonly code: string }
  | { readonly kind: 'target_failed'; readonly failure: Failure };

export interface PreviewDependencies {
  readonly queue: Pick<Queue, 'recordMarks' | 'rootOf'>;
  readonly targets: TargetFactory;
}

/**
 * What a sync of this policy would write now, beside what the target holds: the way of a sync up to the point where
 * something is sent. Nothing is written, neither there nor in the queue. Sentences of the timeline come with events, so
 * there is none of them here.
 */
export async function previewPolicy(
  locator: string,
  tenant: ReadyTenant,
  dependencies: PreviewDependencies,
): Promise<Preview> {
  const { state, settings, core } = tenant;
  const { queue } = dependencies;
  const reads = new ClaimReads(core, async (kind, stray) => {
    const root = await queue.rootOf(state.tenant, [recordKey(settings.environment, kind, stray)]);
    return root && policyOfRoot(root);
  });
  const work = await translateTime(rootOfPolicy(locator), { state, settings, reads, nowMs: Date.now() });
  if (work.kind !== 'records') return notRead(work);
  return beside(mergeRecords(work.records, PROFILE_SCOPES[settings.profile].kinds), tenant, dependencies);
}

function notRead(work: Exclude<EventWork, { kind: 'records' }>): Preview {
  switch (work.kind) {
    case 'skip':
      return { kind: 'not_read', where: 'skipped', code: work.code };
    case 'dead':
      return { kind: 'not_read', where: 'dead', code: work.code };
    case 'retry':
    case 'core_unavailable':
      return { kind: 'not_read', where: 'retry', code: work.code };
    case 'unauthorized':
      return { kind: 'not_read', where: 'paused', code: 'core_unauthorized' };
  }
}

async function beside(
  records: readonly CanonicalRecord[],
  { state, settings }: ReadyTenant,
  { queue, targets }: PreviewDependencies,
): Promise<Preview> {
  const { connector } = settings;
  const guarded = guardedFor(connector, targets.targetFor(state, settings));
  const connection = await targets.connectionOf(guarded.target, settings);
  if (!connection.ok) return { kind: 'target_failed', failure: connection.failure };
  const keys = new Set(records.flatMap(({ key, relations }) => [key, ...relations.map((relation) => relation.key)]));
  const known = await queue.recordMarks(state.tenant, connection.value, [...keys]);
  const context = { connector, guarded, connection: connection.value, known };
  return { kind: 'preview', canLook: connector.look !== undefined, records: await lookAt(records, context) };
}

/** A way to the target on which a connector can read at most; one that has no reads, nothing. */
export function guardedFor({ look }: Connector, target: Target): ReadOnlyTarget {
  return readOnly(target, look ?? { isRead: () => false });
}

export interface LookContext extends Pick<DeliveryContext, 'connector' | 'connection' | 'known'> {
  readonly guarded: ReadOnlyTarget;
}

/** What a delivery would do with these records, and what the target holds of them. */
export async function lookAt(
  records: readonly CanonicalRecord[],
  { connector, guarded: { target, heldBack }, connection, known }: LookContext,
): Promise<readonly RecordPreview[]> {
  const { look } = connector;
  const judged = records.map((record) => ({ record, verdict: verdictOn(record, { connector, known }) }));
  const asked = judged.filter(({ verdict }) => verdict !== 'unsupported');
  const context = { target, connection, known, newestEvents: new Map() };
  const ids = knownTargetIds(known);
  const deliveries = asked.map(({ record }): Delivery => prepare(record, context, ids).delivery);
  const answers = look && deliveries.length > 0 ? await look.held(deliveries, target) : [];
  const found = new Map(asked.map(({ record }, index) => [record.key, foundIn(answers[index], heldBack() > 0)]));
  return judged.map((one) => ({ ...one, found: found.get(one.record.key) ?? { kind: 'not_asked' } }));
}

function verdictOn(record: CanonicalRecord, context: Parameters<typeof settledWithoutCall>[1]): Verdict {
  const settled = settledWithoutCall(record, context, new Map());
  if (settled?.outcome === 'delivered') return 'unchanged';
  if (settled?.outcome !== 'skipped') return 'send';
  return settled.code === 'newer_already_there' || settled.code === 'never_delivered' ? settled.code : 'unsupported';
}

/** @param isHeldBack whether something that would have changed the target was asked for and not sent */
function foundIn(answer: Asked<readonly HeldRecord[]> | undefined, isHeldBack: boolean): Found {
  if (answer === undefined) return { kind: 'not_asked' };
  if (answer.ok) return { kind: 'held', records: answer.value };
  return isHeldBack ? { kind: 'not_set_up' } : { kind: 'failed', failure: answer.failure };
}
