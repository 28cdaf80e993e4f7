/** Where a code is met: at an event that waits, was skipped or is dead, or at a tenant. */
export type ReasonPlace = 'skipped' | 'retry' | 'dead' | 'paused';

/** A code in words: for operators on their screen, and for docs/operations.md, whose table is made of these. */
export interface Reason {
  readonly where: ReasonPlace;
  /** As they are written in the table; `<n>` stands for any number, `<x>` for any word. */
  readonly codes: readonly string[];
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What helps, one sentence; none: nothing is to be done. */
  readonly remedy?: string;
}

/** The first that fits counts, so the special stand before the general. The targets' own codes are in their pages. */
export const REASONS: readonly Reason[] = [
  {
    where: 'skipped',
    codes: ['login_not_synced'],
    meaning: 'Logins are security noise: no record, no timeline.',
  },
  { where: 'skipped', codes: ['no_locator'], meaning: 'The event names nothing that can be read.' },
  {
    where: 'skipped',
    codes: ['not_found_in_core'],
    meaning:
      'Core does not have what the event is about, or its policy: it is gone, or the webhook was forged. Asked three ' +
      'times first, unless the event itself says that it is gone.',
  },
  {
    where: 'skipped',
    codes: ['never_delivered'],
    meaning:
      'The event ended something that Core no longer has and the target never got: it was over before it was read, or ' +
      'the webhook was forged. Its policy was brought up to date all the same.',
  },
  {
    where: 'skipped',
    codes: ['outside_profile'],
    meaning: 'The profile syncs none of the record kinds this event produces.',
    remedy: 'To have them, the customer chooses another profile.',
  },
  { where: 'skipped', codes: ['newer_already_there'], meaning: 'The target already holds a newer state.' },
  {
    where: 'retry',
    codes: ['newer_not_confirmed_yet'],
    meaning:
      'Another policy has sent a newer state of the same policyholder, and nobody knows yet whether it arrived: it is ' +
      'read from Core again.',
  },
  {
    where: 'skipped',
    codes: ['kind_unsupported', 'nothing_to_void', 'app_not_installed'],
    meaning: 'The target has no place for this kind of record, or none that would have to change.',
    remedy: "The target's page in docs/connectors says which kinds it takes.",
  },
  {
    where: 'retry',
    codes: ['not_found_yet'],
    meaning: 'Core does not show the record yet; it recommends five seconds of patience.',
  },
  {
    where: 'retry',
    codes: ['policy_unknown_yet'],
    meaning:
      'The event names no policy, and its bill or claim item was never seen under one: it is looked for twice more.',
  },
  {
    where: 'retry',
    codes: ['modification_not_visible_yet', 'payment_not_visible_yet', 'settlement_not_visible_yet'],
    meaning:
      'The event says that the policy was issued or changed, a bill paid or a grace period settled, and Core does not ' +
      'show it yet: it is read twice more, then the event goes on without it.',
  },
  {
    where: 'retry',
    codes: ['core_status_429', 'core_status_503', 'core_timeout', 'core_econnrefused', 'core_enotfound'],
    meaning:
      'Core wants rest or does not answer: the whole tenant rests. No try is counted, but for the event whose call was ' +
      'cut: it may be what Core chokes on.',
    remedy: 'If it does not end, ask Socotra.',
  },
  {
    where: 'retry',
    codes: ['core_calls_limited'],
    meaning:
      'The tenant has had its allowance of calls to Core (6,000 at once, 100 a second): it rests for ten seconds, and no ' +
      'try is counted.',
    remedy: 'If it does not end, look for a flood of forged webhooks: many `not_found_in_core`.',
  },
  {
    where: 'retry',
    codes: ['core_status_<n>', 'core_answered_html', 'core_answer_not_json'],
    meaning: 'Core, or something before it, is not well.',
    remedy: 'If it does not end, ask Socotra.',
  },
  {
    where: 'retry',
    codes: ['state_unavailable'],
    meaning: 'Core refused the token, and the State API does not answer, which has the next one. No try is counted.',
    remedy: 'If it does not end, ask the platform.',
  },
  {
    where: 'retry',
    codes: ['status_429', 'limit_<x>', 'api_limit_near', 'connection_resting'],
    meaning: 'The target asks for rest: all records of the tenant wait as long as it said.',
  },
  {
    where: 'retry',
    codes: ['status_<n>', 'timeout', 'econnrefused', 'econnreset', 'enotfound', 'connection_lost'],
    meaning: 'The target is not well.',
    remedy: 'If it does not end, the customer looks after the target.',
  },
  {
    where: 'retry',
    codes: ['receiver_failed'],
    meaning: 'The receiver asked for another try of this record.',
  },
  { where: 'retry', codes: ['shutting_down'], meaning: 'The process was ending; the next start goes on.' },
  {
    where: 'retry',
    codes: ['sync_failed'],
    meaning: 'A bug here; the event is tried again.',
    remedy: 'Report the `app.failed` line.',
  },
  {
    where: 'retry',
    codes: ['parent_not_delivered', 'related_record_missing', 'related_record_unknown'],
    meaning: 'The record it belongs to is not in the target yet.',
    remedy: 'Look at that one.',
  },
  {
    where: 'dead',
    codes: ['status_4<n>'],
    meaning: 'The target refused the record for good.',
    remedy: "Mend what the target's own log says about it, then replay.",
  },
  {
    where: 'dead',
    codes: ['status_<n>', 'timeout', 'econnrefused', 'econnreset', 'enotfound', 'connection_lost'],
    meaning: 'The target was not well for so long that no try is left.',
    remedy: 'When the target works again, replay.',
  },
  {
    where: 'dead',
    codes: ['receiver_refused'],
    meaning: 'The receiver refused the record in its answer.',
    remedy: 'Look into its log, mend the cause there, then replay.',
  },
  {
    where: 'dead',
    codes: ['receiver_failed'],
    meaning: 'The receiver asked for another try until none was left.',
    remedy: 'Look into its log, mend the cause there, then replay.',
  },
  {
    where: 'dead',
    codes: ['policy_unresolvable'],
    meaning:
      'The event is real, but neither Core nor what was seen before leads from it to a policy. A bill or payment comes ' +
      "with the policy's next event all the same, without the line.",
    remedy: 'Replay when the policy has had another event, or purge.',
  },
  {
    where: 'dead',
    codes: ['core_forbids_<x>'],
    meaning: 'The account the customer connected may not read this in Core.',
    remedy: 'The customer gives the account that right; then replay.',
  },
  {
    where: 'dead',
    codes: ['core_answer_unreadable_<x>'],
    meaning: "Core answered in a shape that is not Connected Core's.",
    remedy: 'Report it; replay with the release that can read it.',
  },
  {
    where: 'dead',
    codes: ['core_status_<n>', 'core_timeout', 'core_answered_html', 'core_answer_not_json', 'core_<x>'],
    meaning: 'Core could not give this until no try was left.',
    remedy: 'When Core works again, replay.',
  },
  {
    where: 'dead',
    codes: ['parent_not_delivered', 'related_record_missing', 'related_record_unknown'],
    meaning: 'The record it belongs to never came into the target.',
    remedy: 'Mend the cause there, then replay both.',
  },
  {
    where: 'dead',
    codes: ['translator_failed', 'event_unreadable', 'sync_failed'],
    meaning: 'A bug here; the event is kept.',
    remedy: 'Report it; replay with the release that mends it.',
  },
  {
    where: 'paused',
    codes: ['paused_by_operator'],
    meaning: 'Somebody paused the tenant with the operators’ commands. Nothing but `resume` ends that.',
    remedy: '`ops resume`, when the reason is gone.',
  },
  {
    where: 'paused',
    codes: ['settings_invalid', 'core_not_connected'],
    meaning: 'The settings of the tenant cannot be used.',
    remedy: 'The customer calls Start, which says in words what is wrong.',
  },
  {
    where: 'paused',
    codes: ['core_unauthorized'],
    meaning: 'Core refuses the token, also a fresh one.',
    remedy: 'The customer connects Core anew.',
  },
  {
    where: 'paused',
    codes: ['target_unauthorized'],
    meaning: 'The target refuses the credentials.',
    remedy: 'The customer gives new ones in the settings.',
  },
  {
    where: 'paused',
    codes: ['target_gone'],
    meaning: 'The target answers 410: the address is closed for good.',
    remedy: 'The customer sets the new address.',
  },
  {
    where: 'paused',
    codes: ['unknown_key'],
    meaning: "The State API no longer knows the tenant's key: it was stopped elsewhere.",
    remedy: 'Nothing, or the customer starts the app again.',
  },
];

/** What a code means at this place; undefined: it is a target's own. */
export function reasonFor(where: ReasonPlace, code: string): Reason | undefined {
  return REASONS.find((reason) => reason.where === where && reason.codes.some((pattern) => fits(pattern, code)));
}

function fits(pattern: string, code: string): boolean {
  const source = pattern.replace('<n>', '\\d+').replace('<x>', '\\w+');
  return new RegExp(`^${source}$`).test(code);
}
