export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/**
 * The closed list of lines this program writes, each with the level it is written at. Dashboards and alerts are built
 * on these names, so a name is never reused for another meaning.
 *
 * error: somebody must act now. warn: look when there is time. info: one line per event in, one per try out.
 */
export const LOG_EVENTS = {
  'app.started': 'info',
  'app.stopped': 'info',
  'app.pulse': 'info',
  'app.boot_refused': 'error',
  'app.failed': 'error',
  'tenant.started': 'info',
  'tenant.start_refused': 'warn',
  'tenant.stopped': 'info',
  'tenant.paused': 'warn',
  'tenant.resumed': 'info',
  'tenant.late': 'info',
  'webhook.accepted': 'info',
  'webhook.duplicate': 'info',
  'webhook.ignored': 'warn',
  'webhook.refused': 'warn',
  'sync.delivered': 'info',
  'sync.retry_scheduled': 'warn',
  'sync.dead_lettered': 'error',
  'sync.skipped': 'info',
  'sync.field_refused': 'warn',
  'catchup.completed': 'info',
  'catchup.failed': 'warn',
  'catchup.ignored': 'info',
  'catchup.cursor_not_mirrored': 'warn',
  'state.unavailable': 'warn',
  'mapping.unresolved': 'warn',
  'console.refused': 'warn',
  'console.looked': 'info',
  'console.replayed': 'info',
} as const satisfies Record<string, LogLevel>;

export type LogEvent = keyof typeof LOG_EVENTS;

/**
 * Every field a line may carry, and nothing else: ids end in `Id`, durations in `Ms`. All values come from closed
 * vocabularies or are Socotra locators, so no setting, token, payload or personal datum has a field to hide in.
 */
export const LOG_FIELDS = {
  /** Short stable hash of the tenant's host name. */
  tenant: 'string',
  eventId: 'string',
  eventType: 'string',
  recordKey: 'string',
  /** What is synced as one: `policy:<locator>` mostly. Also where nothing could be read, so that a line leads to its policy. */
  root: 'string',
  target: 'string',
  attempt: 'number',
  maxAttempts: 'number',
  outcome: 'string',
  code: 'string',
  field: 'string',
  durationMs: 'number',
  /** From the event's own time to the delivery. */
  lagMs: 'number',
  retryInMs: 'number',
  status: 'number',
  records: 'number',
  /** Events read from the event stream, and how many of them had never rung. */
  read: 'number',
  gaps: 'number',
  delivered: 'number',
  left: 'number',
  /** Of the whole process, as the operating system counts it. */
  memoryBytes: 'number',
  /** How many tenants the process can work for; how many of all have work that is late, and how many of them are paused. */
  tenants: 'number',
  late: 'number',
  paused: 'number',
  waiting: 'number',
  dead: 'number',
  /** How long ago the oldest work that waits was due. */
  pastDueMs: 'number',
  /** Why late work is not done. */
  state: 'string',
  /** Of an order that was given for several. */
  events: 'number',
  product: 'string',
  profile: 'string',
  port: 'number',
  version: 'string',
  signal: 'string',
} as const satisfies Record<string, 'string' | 'number'>;

type FieldTypes = typeof LOG_FIELDS;
export type LogField = keyof FieldTypes;
export type LogFields = { [F in keyof FieldTypes]?: FieldTypes[F] extends 'number' ? number : string };
