import type { LogEvent, LogField } from './log-events.js';

/*
 * The log as its readers may rely on it: what docs/operations.md and docs/log-lines.schema.json are made of, and what
 * the dashboards are held to. The running program does not load this.
 */

/** What is written of an error: its class, its code, and where it was thrown. */
export const ERROR_FIELDS = ['errorName', 'errorCode', 'thrownAt'] as const;

/** The sentence of a boot that was refused; no other line has one. */
export type LineField = LogField | (typeof ERROR_FIELDS)[number] | 'message';

export interface LogLine {
  /** One sentence; `|` would end the cell of a table. */
  readonly meaning: string;
  /** What to do; none: nothing. */
  readonly remedy?: string;
  /** On every line of this kind, besides `time`, `level` and `event`. */
  readonly always: readonly LineField[];
  /** Where it applies. */
  readonly sometimes: readonly LineField[];
}

const OF_A_TRY = [
  'tenant',
  'root',
  'eventType',
  'target',
  'attempt',
  'maxAttempts',
  'outcome',
  'durationMs',
  'lagMs',
] as const;

/** In the order of docs/operations.md. */
export const LOG_LINES: { readonly [E in LogEvent]: LogLine } = {
  'app.started': { meaning: 'The process accepts events.', always: ['port', 'version'], sometimes: [] },
  'app.stopped': { meaning: 'The process ended after a signal.', always: ['signal'], sometimes: [] },
  'app.pulse': {
    meaning:
      'Four times a minute: the process lives. `late` and `paused` (or stopped) tenants have work that was due more than ten seconds ago, ' +
      'the oldest of it `pastDueMs` ago (of the paused and stopped ones not counted); `waiting` and `dead` events are counted once a minute. ' +
      'Without `late` the queue does not answer; without `memoryBytes` the process can open no more files.',
    remedy: 'No such line for a minute: the process is dead or stuck, restart it.',
    always: ['tenants'],
    sometimes: ['memoryBytes', 'late', 'paused', 'pastDueMs', 'waiting', 'dead'],
  },
  'app.boot_refused': {
    meaning: 'The process cannot start; `message` says what to change.',
    remedy: 'Change it.',
    always: ['message'],
    sometimes: [],
  },
  'app.failed': {
    meaning: 'A bug or a failing store; `errorName`, `code` and `thrownAt` say where.',
    remedy: 'What its code says (below): look at the disk or database, else report it. The event concerned is kept.',
    always: ['code'],
    sometimes: ['tenant', 'eventId', 'eventType', ...ERROR_FIELDS],
  },
  'tenant.started': {
    meaning: "The Marketplace's Start succeeded.",
    always: ['tenant', 'target', 'profile', 'durationMs'],
    sometimes: [],
  },
  'tenant.start_refused': {
    meaning: 'Start was refused; the customer got the sentence, `code` is its kind (below, or on the target’s page).',
    remedy: 'Wait for the customer.',
    always: ['code'],
    sometimes: ['tenant'],
  },
  'tenant.stopped': {
    meaning: 'Stop succeeded: so many events were `delivered`, so many are `left` and kept.',
    always: ['tenant', 'delivered', 'left'],
    sometimes: [],
  },
  'tenant.paused': {
    meaning:
      'Nothing is done for this tenant, its events are kept (codes below). Once per reason; an operator’s pause once per replica.',
    remedy: 'Tell the customer what its code says.',
    always: ['tenant', 'code'],
    sometimes: [],
  },
  'tenant.resumed': {
    meaning: 'It works again; with the code `paused_by_operator`: the operator’s pause is over.',
    always: ['tenant'],
    sometimes: ['code'],
  },
  'tenant.late': {
    meaning:
      'With each `app.pulse`, for at most 30 tenants (ten that are worked on, ten that nobody has called for, ten paused or stopped): its oldest work was due `pastDueMs` ago. `state` says why: `due` (in hand, ' +
      'or others are before it), `retrying` (tries fail, the last by `code`), `resting` (target or Core asked for rest, or do not answer), `paused` (by `code`), `stopped` (by the customer; what was left is kept), ' +
      '`not_called` (nobody has called for the tenant since the process began, so its key is not known).',
    remedy:
      '`due`: look at `app.failed`, else the load is too high. `retrying`, `resting`: look after the target. `paused`: as its code says. ' +
      '`stopped`: nothing, a Start goes on with it. `not_called`: a webhook or Start ends it; a probe too, unless the tenant was ' +
      'stopped (look for `tenant.stopped`).',
    always: ['tenant', 'pastDueMs', 'state'],
    sometimes: ['code'],
  },
  'webhook.accepted': {
    meaning: 'The event is durable.',
    always: ['tenant', 'root', 'eventId', 'eventType', 'durationMs'],
    sometimes: [],
  },
  'webhook.duplicate': {
    meaning: 'The event already was durable.',
    always: ['tenant', 'root', 'eventId', 'eventType', 'durationMs'],
    sometimes: [],
  },
  'webhook.ignored': {
    meaning:
      'Answered 200 and not kept. `unknown_event`: a name this release does not know; `outside_profile`: the tenant does not sync this family.',
    always: ['tenant', 'eventId', 'eventType', 'code'],
    sometimes: [],
  },
  'webhook.refused': {
    meaning: 'Answered `status` with `code` (below); nothing was stored.',
    remedy:
      '503, but not `shutting_down`: look at the disk or database, and at the State API. 429: see _Floods_ below.',
    always: ['status', 'code'],
    sometimes: ['tenant'],
  },
  'sync.delivered': {
    meaning: 'The target holds the newest state of all records of this event.',
    always: OF_A_TRY,
    sometimes: ['eventId', 'recordKey', 'records'],
  },
  'sync.skipped': {
    meaning: 'Nothing had to be written (codes below).',
    always: [...OF_A_TRY, 'code'],
    sometimes: ['eventId', 'recordKey', 'records'],
  },
  'sync.retry_scheduled': {
    meaning:
      'This try failed, the next is in `retryInMs`. `outcome`: `retry` counts as a try; `throttled`: target or Core asked for rest, or do not answer.',
    remedy: 'Nothing, unless it does not end.',
    always: [...OF_A_TRY, 'code', 'retryInMs'],
    sometimes: ['eventId', 'recordKey', 'records'],
  },
  'sync.dead_lettered': {
    meaning: 'Given up: no try is left, or none can help (codes below).',
    remedy: 'Mend the cause, then `replay` it.',
    always: [...OF_A_TRY, 'code'],
    sometimes: ['eventId', 'recordKey', 'records'],
  },
  'sync.field_refused': {
    meaning:
      'The target does not take this `field`; the rest of the record is written. Once per tenant, field and code in each process, with the first `recordKey` that met it.',
    remedy: "Add or correct the field in the target; its page in docs/connectors has the target's codes.",
    always: ['tenant', 'target', 'field', 'recordKey', 'code'],
    sometimes: [],
  },
  'mapping.unresolved': {
    meaning: "A path of the tenant's mapping cannot be read (`field`, `product`; `code`, below); once per path.",
    remedy: 'The customer maps the field anew.',
    always: ['tenant', 'field', 'product', 'code'],
    sometimes: [],
  },
  'catchup.completed': {
    meaning:
      "A tenant's event stream was read to its end: `read` events, of which `gaps` had not rung and were queued now (one whose webhook was still on its way counts too).",
    remedy: 'Many `gaps`, again and again: webhooks get lost, ask the platform.',
    always: ['tenant', 'read', 'gaps', 'outcome', 'durationMs'],
    sometimes: [],
  },
  'catchup.failed': {
    meaning:
      'The event stream could not be read (`code`, below); tried again in `retryInMs`, then less often. Said at once, and once an hour ' +
      'per reason while it lasts. Ended when a `catchup.completed` of the same tenant follows (or its `tenant.stopped`).',
    remedy: 'Once: nothing. Again an hour later: what its code says.',
    always: ['tenant', 'code', 'retryInMs'],
    sometimes: [],
  },
  'catchup.ignored': {
    meaning: 'An event of the stream is not kept: `unknown_event`, `outside_profile` or `invalid_envelope`.',
    always: ['tenant', 'code'],
    sometimes: ['eventId'],
  },
  'catchup.cursor_not_mirrored': {
    meaning:
      "The position of the event stream could not be kept in Core's auxiliary data (`code`, below); said once until it can. A disk lost meanwhile costs the events of that time.",
    remedy: 'By its code.',
    always: ['tenant', 'code'],
    sometimes: [],
  },
  'state.unavailable': {
    meaning: 'The State API did not answer after three tries (`code`, below); said once until it answers again.',
    remedy: 'Look at the platform.',
    always: ['code'],
    sometimes: [],
  },
  'console.refused': {
    meaning:
      "Somebody gave a wrong token to a tenant's console (`wrong_token`); after the tenth it is shut for ten minutes (`too_many_wrong_tokens`).",
    remedy: 'Again and again: tell the customer to set a new token.',
    always: ['tenant', 'code'],
    sometimes: [],
  },
  'console.looked': {
    meaning: "Somebody who gave the right token looked a policy up in a tenant's console: `root` names it.",
    always: ['tenant', 'root'],
    sometimes: [],
  },
  'console.replayed': {
    meaning: 'A tenant had dead letters of its own tried again, so many `events`.',
    always: ['tenant', 'events'],
    sometimes: [],
  },
};

/** Each field in words, for the schema. */
export const FIELD_MEANINGS: { readonly [F in LineField]: string } = {
  tenant:
    "The first 12 hex digits of the SHA-256 of the tenant's host name (which customer that is: docs/operations.md).",
  eventId:
    "Core's id of the event; `unprintable` when it does not look like one. None: nobody rang, time has changed it.",
  eventType: "Core's name of the event; `time.passed`: nobody rang, the policy changed with time.",
  recordKey:
    'The record that decided, or what the event is about: `p-pol-<locator>`; sandbox: `s-…`. None where Core gave nothing.',
  root: 'What is synced as one: `policy:<locator>`; of an event that names no policy `claim:…`, `invoice:…` or the like until Core tells it.',
  target: 'The kind of target.',
  attempt: 'Which try it was.',
  maxAttempts: 'How many there can be.',
  outcome: 'How the try, or the run over an event stream, ended.',
  code: 'Why; in the tables of docs/operations.md and docs/connectors.',
  field: 'Of a record or of a mapping.',
  durationMs: 'How long it took.',
  lagMs: "From the event's own time to the end of the try.",
  retryInMs: 'How long until the next try.',
  status: 'Of the HTTP answer.',
  records: 'How many records the event concerned.',
  read: 'Events read from the event stream.',
  gaps: 'Of these the ones that had never rung.',
  delivered: 'Events delivered or skipped during Stop.',
  left: 'Events that Stop left waiting.',
  events: 'Dead letters that a tenant had tried again.',
  memoryBytes: 'Memory of the whole process, as the operating system counts it.',
  tenants: 'Tenants that the process can work for.',
  late: 'Tenants with work that was due more than ten seconds ago, the paused and stopped ones not counted.',
  paused: 'Paused or stopped tenants with such work.',
  waiting: 'Events that wait, of all tenants.',
  dead: 'Dead letters, of all tenants.',
  pastDueMs: 'How long ago the oldest work that waits was first due.',
  state: 'Why late work is not done: `due`, `retrying`, `resting`, `paused`, `stopped`, `not_called`.',
  product: "Of the tenant's configuration in Core.",
  profile: '`crm`, `erp` or `all`.',
  port: 'On which the process listens.',
  version: 'Of this release.',
  signal: 'That ended the process.',
  errorName: "The error's class.",
  errorCode: "The error's own code.",
  thrownAt: 'File and line.',
  message: 'The sentence for the operator.',
};
