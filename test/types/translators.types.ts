import type { EventName } from '../../src/events/socotra-events.js';
import type { LevelInput, Translation, Translator } from '../../src/translators/translator.js';
import { TRANSLATORS } from '../../src/translators/translators.js';
import { timePassed } from '../../src/translators/time-passed.js';

/** Compiled only: the table's type must refuse what would leave an event without its own translator. */
type Table = { readonly [E in EventName]: Translator<E> };

const whole: Table = TRANSLATORS;

const { 'policy.issue': policyIssue, ...withoutPolicyIssue } = whole;

// @ts-expect-error a row is missing
export const missing: Table = withoutPolicyIssue;

export const unknown: Table = {
  ...whole,
  // @ts-expect-error Core has no such event
  'policy.exploded': policyIssue,
};

export const miswired: Table = {
  ...whole,
  // @ts-expect-error the row holds the translator of another event
  'policy.create': policyIssue,
};

// @ts-expect-error the table that is used has exactly this type: none of its rows may be absent
export const absent: typeof TRANSLATORS = { ...whole, 'policy.issue': undefined };

/** What time alone changes is computed without an event, so none has to be made up. */
export const level: (input: LevelInput) => Translation = timePassed;
