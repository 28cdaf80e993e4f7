import { isCode, type Reason, SILENT, UNTRUSTED } from './reasons.js';

/** Lines with codes of their own, which are no outcome of an event and no pause: they are for operators alone. */
export type LineWithCodes =
  | 'catchup.failed'
  | 'catchup.cursor_not_mirrored'
  | 'app.failed'
  | 'webhook.refused'
  | 'state.unavailable'
  | 'tenant.start_refused'
  | 'mapping.unresolved';

/** A code of such a line in words. */
export interface LineReason extends Pick<Reason, 'codes' | 'meaning' | 'remedy'> {
  readonly where: LineWithCodes;
}

/** The rest of the table in docs/operations.md; nothing of the program shows these. The first that fits counts. */
export const LINE_REASONS: readonly LineReason[] = [
  {
    where: 'catchup.failed',
    codes: ['core_forbidden'],
    meaning: 'The account the customer connected may not read the event stream.',
    remedy: 'The customer gives the account that right in Core.',
  },
  {
    where: 'catchup.failed',
    codes: ['core_unauthorized', 'aux_data_unauthorized'],
    meaning: 'Core refuses the token, also a fresh one.',
    remedy: 'The customer connects Core anew.',
  },
  {
    where: 'catchup.failed',
    codes: ['core_not_found'],
    meaning: 'Core has no event stream at the address that the platform gave.',
    remedy: 'Ask Socotra whether this Core has one.',
  },
  {
    where: 'catchup.failed',
    codes: ['core_malformed', 'aux_data_malformed'],
    meaning: 'Core answered in a shape that is not Connected Core’s.',
    remedy: 'Report it.',
  },
  {
    where: 'catchup.failed',
    codes: ['core_calls_limited'],
    meaning: 'The tenant has had its allowance of calls to Core (6,000 at once, 100 a second).',
    remedy: 'If it does not end, look for a flood of forged webhooks: many `not_found_in_core`.',
  },
  {
    where: 'catchup.failed',
    codes: ['state_unavailable'],
    meaning: 'The State API does not answer, which has the settings and the token.',
    remedy: 'If it does not end, ask the platform.',
  },
  {
    where: 'catchup.failed',
    codes: ['settings_invalid', 'core_not_connected'],
    meaning: 'The settings of the tenant cannot be used.',
    remedy: 'The customer calls Start, which says in words what is wrong.',
  },
  {
    where: 'catchup.failed',
    codes: ['unknown_key'],
    meaning: "The State API no longer knows the tenant's key: it was stopped elsewhere.",
    remedy: 'Nothing, or the customer starts the app again.',
  },
  {
    where: 'catchup.failed',
    codes: ['core_status_<n>', 'core_timeout', 'core_answered_html', 'core_answer_not_json', 'core_<x>'],
    meaning: 'Core, or something before it, is not well or does not answer.',
    remedy: 'If it does not end, ask Socotra.',
  },
  {
    where: 'catchup.failed',
    codes: ['unexpected_error'],
    meaning: 'A bug here, or the queue does not answer.',
    remedy: 'Look at the disk or the database; otherwise report the `app.failed` line with `catch_up_failed`.',
  },
  {
    where: 'catchup.cursor_not_mirrored',
    codes: ['core_forbidden'],
    meaning: 'The account the customer connected may not write auxiliary data.',
    remedy: 'The customer gives the account that right in Core.',
  },
  {
    where: 'catchup.cursor_not_mirrored',
    codes: ['core_unauthorized'],
    meaning: 'Core refuses the token, also a fresh one.',
    remedy: 'The customer connects Core anew.',
  },
  {
    where: 'catchup.cursor_not_mirrored',
    codes: ['core_not_found', 'core_malformed'],
    meaning: 'Core has no auxiliary data at the address that the platform gave.',
    remedy: 'Ask Socotra whether this Core has them.',
  },
  {
    where: 'catchup.cursor_not_mirrored',
    codes: [
      'core_calls_limited',
      'state_unavailable',
      'core_status_<n>',
      'core_timeout',
      'core_answered_html',
      'core_<x>',
    ],
    meaning: 'Core or the State API was not well when the position was to be written; it is written with a later look.',
    remedy: 'If it does not end, as for `catchup.failed`.',
  },
  {
    where: 'app.failed',
    codes: ['claim_failed'],
    meaning: 'The queue did not answer when work was asked of it; said once per outage and process.',
    remedy: 'Look at the disk or the database; it goes on by itself when that is back.',
  },
  {
    where: 'app.failed',
    codes: ['queue_failed', 'release_failed'],
    meaning: 'The queue did not take what became of work in hand: the work is done again.',
    remedy: 'Look at the disk or the database; it goes on by itself when that is back.',
  },
  {
    where: 'app.failed',
    codes: ['retention_failed'],
    meaning: 'The queue did not forget what is over; said once per outage and process.',
    remedy: 'Look at the disk or the database; it goes on by itself when that is back.',
  },
  {
    where: 'app.failed',
    codes: ['catch_up_failed'],
    meaning: 'An event stream was not read to its end: the queue did not answer, or a bug here.',
    remedy: 'Look at the disk or the database; if they are well, report it.',
  },
  {
    where: 'app.failed',
    codes: ['uncaught'],
    meaning: 'A bug that nobody caught: the process has ended. What was accepted is kept.',
    remedy: 'Look whether it was started again, and report it.',
  },
  {
    where: 'app.failed',
    codes: ['sync_failed', 'translator_failed'],
    meaning: 'A bug here; the event is kept: tried again, or a dead letter.',
    remedy: 'Report it; replay with the release that mends it.',
  },
  {
    where: 'app.failed',
    codes: ['unexpected_error', 'answer_already_sent', 'framework', 'state_of_probe'],
    meaning: 'A bug here, met while a request was answered.',
    remedy: 'Report it.',
  },
  {
    where: 'webhook.refused',
    codes: ['shutting_down'],
    meaning: 'Answered 503: the process was ending, as at each deployment.',
  },
  {
    where: 'webhook.refused',
    codes: ['queue_unavailable', 'unavailable'],
    meaning: 'Answered 503: the event could not be stored.',
    remedy: 'Look at the disk or the database.',
  },
  {
    where: 'webhook.refused',
    codes: ['state_unavailable'],
    meaning: 'Answered 503: the State API does not answer, and this process does not know the tenant yet.',
    remedy: 'If it does not end, ask the platform.',
  },
  {
    where: 'webhook.refused',
    codes: ['too_many_events', 'tenant_full'],
    meaning: 'Answered 429: one tenant has rung too often, or has too much that waits or is dead.',
    remedy: 'See _Floods_ below.',
  },
  {
    where: 'webhook.refused',
    codes: ['no_key', 'unknown_key'],
    meaning: 'Answered 401: not called through the Marketplace, or for a tenant that it no longer knows.',
    remedy: 'Nothing, unless a customer misses events: then the customer calls Start.',
  },
  {
    where: 'webhook.refused',
    codes: ['invalid_envelope', 'bad_request', 'not_json', 'body_too_large'],
    meaning: 'Answered 400, 415, 413: not a webhook as Core sends them.',
    remedy: 'Again and again: report it; what was real comes from the event stream.',
  },
  {
    where: 'webhook.refused',
    codes: ['internal_error'],
    meaning: 'Answered 500: a bug here.',
    remedy: 'Report the `app.failed` line.',
  },
  {
    where: 'state.unavailable',
    codes: ['no_answer'],
    meaning: 'The State API could not be reached, or did not answer in time.',
    remedy: 'Look at the network and at `SMP_STATE_API`, then ask the platform.',
  },
  {
    where: 'state.unavailable',
    codes: ['not_json'],
    meaning: 'What answers at `SMP_STATE_API` does not answer with a tenant’s state.',
    remedy: 'Look whether the address is right, then ask the platform.',
  },
  {
    where: 'state.unavailable',
    codes: ['no_tenant'],
    meaning: 'The State API gave a state without a host name for a key whose tenant it had named before.',
    remedy: 'If it does not end, ask the platform.',
  },
  {
    where: 'state.unavailable',
    codes: ['status_<n>'],
    meaning: 'The State API answered with this status.',
    remedy: 'If it does not end, ask the platform.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['settings_invalid'],
    meaning: 'The settings cannot be used; the customer was told which.',
    remedy: 'The customer corrects them.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['core_not_connected'],
    meaning: 'The Marketplace gave no address or token of Core.',
    remedy: 'The customer connects the tenant again.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['no_key', 'unknown_key'],
    meaning: 'Not called through the Marketplace, or for a tenant that it does not know.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['state_unavailable'],
    meaning: 'The State API did not give the settings in time.',
    remedy: 'The customer calls Start again; if that does not help, ask the platform.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['stopped_meanwhile'],
    meaning: 'Stop was called while a Start of the same tenant went on; the later call counts.',
    remedy: 'The customer calls Start again if that was not meant.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['target_timeout'],
    meaning: 'The target was not verified within the 50 s that Start has.',
    remedy: 'The customer looks after the target and calls Start again.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['target_unauthorized', 'target_gone'],
    meaning: 'The target refuses the credentials, or says that its address is closed for good.',
    remedy: 'The customer gives new ones in the settings.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['private_address_refused', 'scheme_refused', 'port_refused', 'enotfound'],
    meaning: 'The address of the target cannot be used.',
    remedy: 'The customer corrects it: a public https address, spelt correctly.',
  },
  {
    where: 'tenant.start_refused',
    codes: UNTRUSTED,
    meaning:
      'The certificate of the target has expired, is for another name or is not from a public authority, or the target ' +
      'does not speak https there.',
    remedy: 'The customer has it renewed or completed, and calls Start again.',
  },
  {
    where: 'tenant.start_refused',
    codes: ['status_<n>', ...SILENT, 'token_endpoint_<x>'],
    meaning:
      'The target, or the server that gives out its tokens, could not be used: it is not well, or does not answer.',
    remedy: 'The customer looks after it and calls Start again.',
  },
  {
    where: 'mapping.unresolved',
    codes: ['not_a_path'],
    meaning: 'The path is not of the form that the Marketplace writes.',
    remedy: 'The customer maps the field anew.',
  },
  {
    where: 'mapping.unresolved',
    codes: ['names_a_group'],
    meaning: 'The path names a group of fields, not one of its fields.',
    remedy: 'The customer maps a field of the group.',
  },
  {
    where: 'mapping.unresolved',
    codes: ['product_differs'],
    meaning: 'The path filters for another product than the one it stands at.',
    remedy: 'The customer maps the field anew for this product.',
  },
];

/** What a code of a line means; undefined: it is a target's own. */
export function lineReasonFor(where: LineWithCodes, code: string): LineReason | undefined {
  return LINE_REASONS.find((reason) => reason.where === where && reason.codes.some((pattern) => isCode(pattern, code)));
}
