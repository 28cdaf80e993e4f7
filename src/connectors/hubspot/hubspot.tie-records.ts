import type { DeliveryResult, Failure, Target } from '../connector.js';
import type { RecordKey } from '../../records/record-key.js';
import { refOf } from './hubspot.api.js';
import type { Draft } from './hubspot.draft.js';
import type { Layout } from './hubspot.layout.js';
import { findRelatives, heldRelations, type Relatives } from './hubspot.relatives.js';
import { associate, type Tie } from './hubspot.tie.js';

interface RelationTie extends Tie {
  readonly draft: Draft;
  readonly key: RecordKey;
  readonly isRequired: boolean;
}

/**
 * Ties what was written to its relatives. A relative that is not where it was known to be is looked up by its key; one
 * that is not there at all is sent again by the engine before this record is tried again.
 *
 * @returns the results with what went wrong
 */
export async function tieRecords(
  drafts: readonly Draft[],
  results: readonly DeliveryResult[],
  relatives: Relatives,
  target: Target,
  layout: Layout,
): Promise<readonly DeliveryResult[]> {
  const ties = tiesOf(drafts, results, relatives, layout);
  const failures = new Map(await associate(ties, target));
  const stale = [...failures].filter(([, { outcome }]) => outcome === 'dependency').map(([{ draft }]) => draft);
  if (stale.length > 0) {
    const deliveries = stale.map(({ delivery }) => delivery);
    const found = await findRelatives(deliveries, target, layout, 'look up');
    const again = found.ok
      ? tiesOf(drafts, results, found.value, layout).filter(({ draft }) => stale.includes(draft))
      : [];
    const failedAgain = found.ok ? await associate(again, target) : new Map<RelationTie, Failure>();
    for (const tie of failures.keys()) if (again.some((other) => isSame(other, tie))) failures.delete(tie);
    for (const [tie, failure] of failedAgain) failures.set(tie, failure);
  }
  return drafts.map((draft, index) => {
    const result = results[index] ?? { outcome: 'retry', code: 'no_result' };
    return worstOf(draft, ties, failures) ?? result;
  });
}

function tiesOf(
  drafts: readonly Draft[],
  results: readonly DeliveryResult[],
  relatives: Relatives,
  layout: Layout,
): readonly RelationTie[] {
  return drafts.flatMap((draft, index) => {
    const result = results[index];
    const from = result?.outcome === 'delivered' ? refOf(result.targetId) : undefined;
    if (from === undefined) return [];
    return heldRelations(draft.delivery, layout).flatMap(({ key, required }) => {
      const to = relatives.get(key);
      return to ? [{ from, to, draft, key, isRequired: required }] : [];
    });
  });
}

function isSame(one: RelationTie, other: RelationTie): boolean {
  return one.draft === other.draft && one.key === other.key;
}

/** A record can do without a relative that it does not require and that is gone, unless it is a note's only one. */
function worstOf(
  draft: Draft,
  ties: readonly RelationTie[],
  failures: ReadonlyMap<RelationTie, Failure>,
): Failure | undefined {
  const failed = [...failures].filter(([tie]) => tie.draft === draft);
  const serious = failed.find(([{ isRequired }, { outcome }]) => isRequired || outcome !== 'dependency');
  if (serious) return serious[1];
  const isLastOne =
    draft.delivery.record.kind === 'activity' && failed.length === ties.filter((tie) => tie.draft === draft).length;
  return isLastOne ? failed[0]?.[1] : undefined;
}
