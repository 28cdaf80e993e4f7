/** Where a code is met: at an event that waits, was skipped or is dead, or at a tenant. */
export type ReasonPlace = 'skipped' | 'retry' | 'dead' | 'paused';

/**
 * A code in words: for operators on their screen and for docs/operations.md, whose table is made of these, and for the tenant's
 * administrator in the console.
 */
export interface Reason {
  readonly where: ReasonPlace;
  /** As they are written in the table; `<n>` stands for any number, `<x>` for any word. */
  readonly codes: readonly string[];
  /** What it means, one sentence. */
  readonly meaning: string;
  /** What helps, one sentence; none: nothing is to be done. */
  readonly remedy?: string;
  /**
   * What the tenant's administrator reads in place of both: she has the settings, the Marketplace and the console's buttons, not
   * the operator's commands and log. None: meaning and remedy are fit for her, too.
   */
  readonly forCustomer?: string;
}

/** What `src/http` finds at an address that does not answer, or does not answer as it should. */
export const SILENT = [
  'timeout',
  'econnrefused',
  'econnreset',
  'epipe',
  'enotfound',
  'eai_again',
  'ehostunreach',
  'enetunreach',
  'und_err_<x>',
  'connection_lost',
  'answer_too_large',
] as const;
/** What it finds where https is not as it should be. */
export const UNTRUSTED = [
  'cert_<x>',
  'err_tls_<x>',
  'err_ssl_<x>',
  'depth_zero_self_signed_cert',
  'self_signed_cert_in_chain',
  'unable_to_get_issuer_cert_locally',
  'unable_to_verify_leaf_signature',
] as const;

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
    forCustomer:
      'Socotra does not have this, or no longer: nothing is to be done. If you looked a policy up, check its locator.',
  },
  {
    where: 'skipped',
    codes: ['never_delivered'],
    meaning:
      'The event ended something that Core no longer has and the target never got: it was over before it was read, or ' +
      'the webhook was forged. Its policy was brought up to date all the same.',
    forCustomer:
      'It ended in Socotra before the target got it, so nothing has to be written. Its policy is kept up to date all the same.',
  },
  {
    where: 'skipped',
    codes: ['outside_profile'],
    meaning: 'The profile syncs none of the record kinds this event produces.',
    remedy: 'To have them, the customer chooses another profile.',
    forCustomer: '"What to sync" leaves this kind of record out. To have it, choose another value there and save.',
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
    forCustomer:
      'The target has no place for this kind of record, or none that would have to change. If an app is missing there, Start says which.',
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
    codes: ['too_much_at_once', 'core_answers_too_large'],
    meaning:
      'The events of one policy together bring more than the app holds at a time: the rest comes with its next syncs.',
    remedy: 'Nothing, unless it becomes a dead letter.',
    forCustomer: 'Many events of this policy came at once: the rest of them follows by itself.',
  },
  {
    where: 'retry',
    codes: ['core_status_429', 'core_status_503', 'core_timeout', 'core_econnrefused', 'core_enotfound'],
    meaning:
      'Core wants rest or does not answer: the whole tenant rests. No try is counted, but for the event whose call was ' +
      'cut: it may be what Core chokes on.',
    remedy: 'If it does not end, ask Socotra.',
    forCustomer:
      'Socotra Core asks for rest or does not answer: all waits, and goes on by itself. If it does not end, ask Socotra.',
  },
  {
    where: 'retry',
    codes: ['core_calls_limited'],
    meaning:
      'The tenant has had its allowance of calls to Core (6,000 at once, 100 a second): it rests for ten seconds, and no ' +
      'try is counted.',
    remedy: 'If it does not end, look for a flood of forged webhooks: many `not_found_in_core`.',
    forCustomer:
      'So much came at once that the app waits ten seconds, to spare Socotra Core. It goes on by itself; if it does not end, ask the operator.',
  },
  {
    where: 'retry',
    codes: ['core_status_<n>', 'core_answered_html', 'core_answer_not_json'],
    meaning: 'Core, or something before it, is not well.',
    remedy: 'If it does not end, ask Socotra.',
  },
  {
    where: 'retry',
    codes: ['core_<x>'],
    meaning:
      'Core cannot be reached, its certificate is not valid, or its answer was cut: the whole tenant rests. No try is ' +
      'counted, but for the event whose call was cut: it may be what Core chokes on.',
    remedy: 'If it does not end, ask Socotra.',
    forCustomer:
      'Socotra Core cannot be reached, or its answer was cut: all waits, and goes on by itself. If it does not end, ask Socotra.',
  },
  {
    where: 'retry',
    codes: ['state_unavailable'],
    meaning: 'Core refused the token, and the State API does not answer, which has the next one. No try is counted.',
    remedy: 'If it does not end, ask the platform.',
    forCustomer:
      'The Marketplace does not give a new token for Socotra Core at the moment. It goes on by itself; if it does not end, ask the Marketplace.',
  },
  {
    where: 'retry',
    codes: ['status_429', 'limit_<x>', 'api_limit_near', 'connection_resting'],
    meaning: 'The target asks for rest: all records of the tenant wait as long as it said.',
  },
  {
    where: 'retry',
    codes: ['status_<n>', ...SILENT],
    meaning: 'The target is not well.',
    remedy: 'If it does not end, the customer looks after the target.',
    forCustomer:
      'The target is not well, or does not answer. It is tried again by itself; if it does not end, look after the target.',
  },
  {
    where: 'retry',
    codes: UNTRUSTED,
    meaning:
      "The target's certificate has expired, is for another name or is not from a public authority, or the target does " +
      'not speak https there.',
    remedy: 'The customer has the certificate renewed or completed.',
    forCustomer:
      'The certificate of the target has expired, is for another name or not complete. Have it renewed or completed: it is tried again by itself.',
  },
  {
    where: 'retry',
    codes: ['private_address_refused'],
    meaning: "The target's name leads into a private network now: nothing is sent there.",
    remedy: 'The customer has its name lead to a public address.',
    forCustomer:
      'The name in "Address" leads into a private network now: nothing is sent there. Have it lead to a public address.',
  },
  {
    where: 'retry',
    codes: ['token_endpoint_<x>'],
    meaning: "The server that gives out the target's tokens is not well, or does not answer.",
    remedy: 'If it does not end, the customer looks after it.',
    forCustomer:
      'The server that gives out the tokens of the target is not well, or does not answer. It is tried again by itself; if it does not end, look after it.',
  },
  {
    where: 'retry',
    codes: ['receiver_failed'],
    meaning: 'The receiver asked for another try of this record.',
  },
  {
    where: 'retry',
    codes: ['shutting_down'],
    meaning: 'The process was ending; the next start goes on.',
    forCustomer: 'The app is starting anew: it goes on by itself.',
  },
  {
    where: 'retry',
    codes: ['sync_failed'],
    meaning: 'A bug here; the event is tried again.',
    remedy: 'Report the `app.failed` line.',
    forCustomer: 'An error of the app itself. It is tried again by itself; if it does not end, ask the operator.',
  },
  {
    where: 'retry',
    codes: ['parent_not_delivered', 'related_record_missing', 'related_record_unknown'],
    meaning: 'The record it belongs to is not in the target yet.',
    remedy: 'Look at that one.',
    forCustomer: 'The record it belongs to is not in the target yet. Look the policy up: its other events say why.',
  },
  {
    where: 'dead',
    codes: ['status_4<n>'],
    meaning: 'The target refused the record for good.',
    remedy: "Mend what the target's own log says about it, then replay.",
    forCustomer: 'The target refused the record for good; its own log says why. Mend that, then press "Try again".',
  },
  {
    where: 'dead',
    codes: ['status_<n>', ...SILENT],
    meaning: 'The target was not well for so long that no try is left.',
    remedy: 'When the target works again, replay.',
    forCustomer: 'The target was not well for so long that no try is left. When it works again, press "Try again".',
  },
  {
    where: 'dead',
    codes: UNTRUSTED,
    meaning:
      "The target's certificate was out of date, for another name or not from a public authority, or the target did not " +
      'speak https there, until no try was left.',
    remedy: 'The customer has the certificate renewed or completed; then replay.',
    forCustomer:
      'The certificate of the target had expired, is for another name or not complete. Have it renewed or completed, then press "Try again".',
  },
  {
    where: 'dead',
    codes: ['private_address_refused'],
    meaning: "The target's name led into a private network until no try was left: nothing is sent there.",
    remedy: 'The customer has its name lead to a public address; then replay.',
    forCustomer:
      'The name in "Address" leads into a private network. Have it lead to a public address, then press "Try again".',
  },
  {
    where: 'dead',
    codes: ['token_endpoint_<x>'],
    meaning: "The server that gives out the target's tokens was not well for so long that no try is left.",
    remedy: 'When it works again, replay.',
    forCustomer:
      'The server that gives out the tokens of the target was not well for so long that no try is left. When it works again, press "Try again".',
  },
  {
    where: 'dead',
    codes: [
      'not_found_yet',
      'policy_unknown_yet',
      'modification_not_visible_yet',
      'payment_not_visible_yet',
      'settlement_not_visible_yet',
      'newer_not_confirmed_yet',
    ],
    meaning: 'What the event waited for had not come when no try was left.',
    remedy: 'Replay; if it is so often, `RETRY_SCHEDULE_MS` is too short.',
    forCustomer: 'What the event waited for had not come when no try was left. Press "Try again".',
  },
  {
    where: 'dead',
    codes: ['receiver_refused'],
    meaning: 'The receiver refused the record in its answer.',
    remedy: 'Look into its log, mend the cause there, then replay.',
    forCustomer: 'The receiver refused the record; its log says why. Mend the cause there, then press "Try again".',
  },
  {
    where: 'dead',
    codes: ['receiver_failed'],
    meaning: 'The receiver asked for another try until none was left.',
    remedy: 'Look into its log, mend the cause there, then replay.',
    forCustomer:
      'The receiver asked for another try until none was left; its log says why. Mend the cause there, then press "Try again".',
  },
  {
    where: 'dead',
    codes: ['policy_unresolvable'],
    meaning:
      'The event is real, but neither Core nor what was seen before leads from it to a policy. A bill or payment comes ' +
      "with the policy's next event all the same, without the line.",
    remedy: 'Replay when the policy has had another event, or purge.',
    forCustomer:
      'Nothing leads from this event to a policy. A bill or payment comes with the next event of its policy all the same; press "Try again" after that, for its line in the timeline.',
  },
  {
    where: 'dead',
    codes: ['core_forbids_<x>'],
    meaning: 'The account the customer connected may not read this in Core.',
    remedy: 'The customer gives the account that right; then replay.',
    forCustomer:
      'The account with which you connected may not read this in Socotra. Give it that right, then try again.',
  },
  {
    where: 'dead',
    codes: ['core_answer_unreadable_<x>'],
    meaning: "Core answered in a shape that is not Connected Core's.",
    remedy: 'Report it; replay with the release that can read it.',
    forCustomer:
      'Socotra Core answered in a shape that the app cannot read. Ask the operator for a release that can, then try again.',
  },
  {
    where: 'dead',
    codes: ['too_much_at_once'],
    meaning:
      'What Core answered would become more records, or more text in them, than the app can hold for one policy.',
    remedy: "Report it if that Core is Socotra's; purge it if not.",
    forCustomer: 'Socotra Core answered far more for this policy than a policy can have. Ask the operator.',
  },
  {
    where: 'dead',
    codes: ['core_status_<n>', 'core_timeout', 'core_answered_html', 'core_answer_not_json', 'core_<x>'],
    meaning: 'Core could not give this until no try was left.',
    remedy: 'When Core works again, replay.',
    forCustomer: 'Socotra Core could not give this. When it works again, try again.',
  },
  {
    where: 'dead',
    codes: ['parent_not_delivered', 'related_record_missing', 'related_record_unknown'],
    meaning: 'The record it belongs to never came into the target.',
    remedy: 'Mend the cause there, then replay both.',
    forCustomer:
      'The record it belongs to never came into the target. Mend the cause at that one, then press "Try again" at both.',
  },
  {
    where: 'dead',
    codes: ['translator_failed', 'event_unreadable', 'sync_failed'],
    meaning: 'A bug here; the event is kept.',
    remedy: 'Report it; replay with the release that mends it.',
    forCustomer:
      'An error of the app itself; the event is kept. Ask the operator for a release that mends it, then try again.',
  },
  {
    where: 'paused',
    codes: ['paused_by_operator'],
    meaning: 'Somebody paused the tenant with the operators’ commands. Nothing but `resume` ends that.',
    remedy: '`ops resume`, when the reason is gone.',
    forCustomer: 'The operator has paused the sync for you. Ask the operator when it goes on.',
  },
  {
    where: 'paused',
    codes: ['settings_invalid', 'core_not_connected'],
    meaning: 'The settings of the tenant cannot be used.',
    remedy: 'The customer calls Start, which says in words what is wrong.',
    forCustomer:
      'The settings, or the connection to Socotra Core, cannot be used. Save the settings again: Start then says what is wrong.',
  },
  {
    where: 'paused',
    codes: ['core_unauthorized'],
    meaning: 'Core refuses the token, also a fresh one.',
    remedy: 'The customer connects Core anew.',
    forCustomer: 'Socotra Core refuses the app. Connect the tenant again in the Marketplace.',
  },
  {
    where: 'paused',
    codes: ['target_unauthorized'],
    meaning: 'The target refuses the credentials.',
    remedy: 'The customer gives new ones in the settings.',
    forCustomer: 'The target refuses the credentials. Enter new ones in the settings and save.',
  },
  {
    where: 'paused',
    codes: ['target_gone'],
    meaning: 'The target answers 410: the address is closed for good.',
    remedy: 'The customer sets the new address.',
    forCustomer:
      'The address says that it is closed for good (410). Set the new one in "Address" and save; if there is none, ask the operator.',
  },
  {
    where: 'paused',
    codes: ['unknown_key'],
    meaning: "The State API no longer knows the tenant's key: it was stopped elsewhere.",
    remedy: 'Nothing, or the customer starts the app again.',
    forCustomer: 'The Marketplace has stopped the app for this tenant. Start it again there if the sync is to go on.',
  },
];

/** What a code means at this place; undefined: it is a target's own. */
export function reasonFor(where: ReasonPlace, code: string): Reason | undefined {
  return REASONS.find((reason) => reason.where === where && reason.codes.some((pattern) => isCode(pattern, code)));
}

/** Whether the code is one of those that are written so in the table. */
export function isCode(pattern: string, code: string): boolean {
  const source = pattern.replace('<n>', '\\d+').replace('<x>', '\\w+');
  return new RegExp(`^${source}$`).test(code);
}
