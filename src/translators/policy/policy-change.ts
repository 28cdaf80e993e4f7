import type { Modification } from '../../core/entities.js';
import type { PolicyChangeType, RecordOf } from '../../records/canonical-record.js';
import { awaiting, ownLine, type TimelineLine } from '../activity.js';
import { canonicalRecord, dayOf, ended, instantOf, voidRecord } from '../record.js';
import { toPolicy } from '../relations.js';
import { tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';
import { calledBy, effectiveOn, onDay, premiumChange } from '../wording.js';
import { nearest } from './modifications.js';

const TITLES: { readonly [T in PolicyChangeType]: string } = {
  endorsement: 'Endorsement',
  renewal: 'Renewal',
  cancellation: 'Cancellation',
  reinstatement: 'Reinstatement',
};

/** States of a change that never became part of the policy. */
const DROPPED_STATES: readonly string[] = ['discarded', 'invalidated', 'rescinded', 'expired'];

/** What endorsements, renewals, cancellations and reinstatements have in common. */
export interface PolicyChange {
  readonly locator: string;
  readonly name?: string | undefined;
  readonly state: string;
  readonly effectiveMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly createdMs?: number | undefined;
  readonly updatedMs?: number | undefined;
  readonly issuedMs?: number | undefined;
  readonly reason?: string | undefined;
  /** The modification of the policy that carries this change out. */
  readonly modification?: Modification | undefined;
}

/** What an event says about a change. */
export interface ChangeNews {
  readonly type: PolicyChangeType;
  /** Its locator as the event named it; Core may no longer have the change. */
  readonly locator: string | undefined;
  /** What happened to it, `issued`. */
  readonly verb: string;
  /** Set by an event after which the change is over for good: the state in which it ended. */
  readonly endState?: string | undefined;
  /** More for the sentence, after the date and the premium. */
  readonly detail?: string | undefined;
  readonly more?: readonly RecordOf<'policy_change'>[];
  /** The event says that the change has modified the policy; only for the usual sentence, a {@link line} says it itself. */
  readonly isCarriedOut?: boolean | undefined;
  /** In place of the usual sentence; a whole line where an event of the policy tells the same change. */
  readonly line?: string | TimelineLine | undefined;
}

/**
 * Cancellations and reinstatements are not named by their modification: it is the one of that kind for the same
 * effective time, created with it. What was dropped has none, whatever a later one for the same day changed.
 */
export function modificationOfKind(
  input: TranslationInput,
  name: string,
  change: Pick<PolicyChange, 'state' | 'effectiveMs' | 'createdMs'>,
): Modification | undefined {
  if (DROPPED_STATES.includes(change.state)) return undefined;
  const candidates = (input.snapshot.policy?.modifications ?? []).filter(
    (modification) => modification.name === name && modification.effectiveMs === change.effectiveMs,
  );
  return nearest(candidates, (modification) => modification.createdMs, change.createdMs ?? 0);
}

export function changeRecord(
  input: TranslationInput,
  type: PolicyChangeType,
  change: PolicyChange,
): RecordOf<'policy_change'> {
  const { modification } = change;
  return canonicalRecord(input, 'policy_change', {
    locator: change.locator,
    op: DROPPED_STATES.includes(change.state) ? 'void' : 'upsert',
    fields: {
      type,
      name: change.name,
      state: change.state,
      effectiveDate: dayOf(input, change.effectiveMs),
      endDate: dayOf(input, change.endMs),
      issuedAt: instantOf(change.issuedMs),
      premiumChange: modification?.premiumChange,
      currency: modification?.currency ?? input.snapshot.policy?.currency,
      reason: change.reason,
    },
    relations: toPolicy(input, true),
    changedMs: [change.createdMs, change.updatedMs, change.issuedMs, modification?.issuedMs],
  });
}

/** `Endorsement 'generic' issued`; a change without a name goes by its locator. */
function headline(news: ChangeNews, name: string | undefined): string {
  const title = TITLES[news.type];
  if (name !== undefined) return `${title} '${name}' ${news.verb}`;
  return news.locator === undefined
    ? `${title} ${news.verb}`
    : `${title} ${calledBy({ locator: news.locator })} ${news.verb}`;
}

function sentenceOf(input: TranslationInput, news: ChangeNews, change: PolicyChange): string {
  const facts =
    news.endState === undefined
      ? effectiveOn(input, change.effectiveMs) + premiumChange(change.modification, input.snapshot.policy?.currency)
      : onDay(input, ', would have been effective', change.effectiveMs);
  return `${headline(news, change.name)}${facts}${news.detail ?? ''}`;
}

function usualLine(
  input: TranslationInput,
  news: ChangeNews,
  change: PolicyChange,
  about: RecordOf<'policy_change'>,
): TimelineLine {
  const line = ownLine(input, about, sentenceOf(input, news, change));
  return news.isCarriedOut && change.modification === undefined ? awaiting('modification', line) : line;
}

/** The change as it ended, where Core still shows it in its old state: the event knows better. */
function withEndState(change: PolicyChange, endState: string | undefined): PolicyChange {
  if (endState === undefined || DROPPED_STATES.includes(change.state)) return change;
  return { ...change, state: endState, modification: undefined };
}

/** The records of an event about a change of the policy. */
export function changeTranslation(
  input: TranslationInput,
  news: ChangeNews,
  found: PolicyChange | undefined,
): Translation {
  const { type, locator, endState, more = [] } = news;
  if (found !== undefined) {
    const change = withEndState(found, endState);
    const record = changeRecord(input, type, change);
    const about = endState === undefined ? record : ended(input, record);
    return tell(input, { line: news.line ?? usualLine(input, news, change, about), about, more });
  }
  const gone =
    locator === undefined || endState === undefined
      ? undefined
      : voidRecord(input, 'policy_change', locator, { type, state: endState });
  return tell(input, { line: news.line ?? headline(news, undefined), gone, more });
}
