import { LOG_EVENTS, LOG_FIELDS, type LogEvent, type LogFields, type LogLevel } from './log-events.js';
import { Logger, NestLogAdapter } from './logger.js';

const SECRET = 'hunter2-very-secret';
/** Safe cast: the keys of the table are its keys. */
const EVENTS = Object.keys(LOG_EVENTS) as readonly LogEvent[];

function loggerAt(level: LogLevel) {
  const lines: string[] = [];
  const logger = new Logger(level, { write: (line) => lines.push(line) });
  const parsed = () => lines.map((line): unknown => JSON.parse(line));
  return { logger, lines, parsed };
}

/** What no compiler lets through, as a caller without types would hand it in. The cast is the point of the test. */
function untyped(fields: Readonly<Record<string, unknown>>): LogFields {
  return fields as LogFields;
}

/** As {@link untyped}, for whole errors with members that errors may carry. */
function errorWith(members: Readonly<Record<string, unknown>>, message = SECRET): Error {
  return Object.assign(new Error(message), members);
}

describe('a line', () => {
  it('is one JSON object with time, level, event and the fields', () => {
    const { logger, lines, parsed } = loggerAt('info');
    logger.write('sync.delivered', { tenant: 'abc', eventId: 'e1', attempt: 1, durationMs: 12 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    expect(parsed()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        event: 'sync.delivered',
        tenant: 'abc',
        eventId: 'e1',
        attempt: 1,
        durationMs: 12,
      },
    ]);
  });

  it.each(EVENTS)('%s is written at its own level', (event) => {
    const { logger, parsed } = loggerAt('debug');
    logger.write(event);
    expect(parsed()).toMatchObject([{ event, level: LOG_EVENTS[event] }]);
  });

  it.each<[LogLevel, readonly LogLevel[]]>([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ])('at LOG_LEVEL=%s is one of %j', (level, shown) => {
    const { logger, parsed } = loggerAt(level);
    for (const event of EVENTS) logger.write(event);
    const expected = EVENTS.filter((event) => shown.includes(LOG_EVENTS[event]));
    expect(parsed()).toEqual(expected.map((event) => expect.objectContaining({ event })));
  });

  it('stays one line and short, whatever a field holds', () => {
    const { logger, lines, parsed } = loggerAt('info');
    logger.write('webhook.ignored', { eventType: `a\nb\u2028${'x'.repeat(1_000)}` });
    expect(lines[0]?.split('\n')).toHaveLength(2);
    expect(parsed()).toMatchObject([{ eventType: `a\nb\u2028${'x'.repeat(124)}` }]);
  });
});

it.each([
  ['policy:100004200', 'policy:100004200'],
  [`subClaim:${'a'.repeat(64)}`, `subClaim:${'a'.repeat(64)}`],
  ['event:93e9e2b5-6fbb-4b8b-b9d2-2a7d1b0a1d5c', 'event:93e9e2b5-6fbb-4b8b-b9d2-2a7d1b0a1d5c'],
  [`policy:${'a'.repeat(65)}`, 'unprintable'],
  ['event:alice@example.com', 'unprintable'],
  ['event:Alice Miller', 'unprintable'],
  ['event:', 'unprintable'],
])('the root %s is in a line as %s', (root, written) => {
  const { logger, parsed } = loggerAt('info');
  logger.write('webhook.accepted', { root });
  expect(parsed()).toMatchObject([{ root: written }]);
});

describe('what can never be in a line', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['an unlisted field', { payload: SECRET }],
    ['an object', { code: { apiToken: SECRET } }],
    ['a list', { tenant: [SECRET] }],
    ['a text where a number belongs', { status: SECRET }],
    ['a function', { code: () => SECRET }],
    ['another time', { time: SECRET }],
    ['another level', { level: SECRET }],
    ['another event', { event: SECRET }],
    ['a message', { msg: SECRET, message: SECRET, err: new Error(SECRET) }],
    ['a prototype', JSON.parse(`{"__proto__":{"code":"${SECRET}"}}`)],
    ['nothing', { code: undefined, tenant: null }],
  ])('%s', (_what, fields) => {
    const { logger, lines, parsed } = loggerAt('info');
    logger.write('app.failed', untyped(fields));
    expect(parsed()).toEqual([{ level: 'error', time: expect.any(String), event: 'app.failed' }]);
    expect(lines.join()).not.toContain(SECRET);
  });

  it.each<[string, unknown, object]>([
    ['message and stack', new Error(SECRET), { errorName: 'Error', thrownAt: expect.stringMatching(/^[\w.-]+:\d+$/) }],
    ['a cause', new TypeError('x', { cause: SECRET }), { errorName: 'TypeError' }],
    ['a request in the error', errorWith({ config: { headers: { authorization: SECRET } } }), { errorName: 'Error' }],
    ['a name', errorWith({ name: `Oops ${SECRET}` }), { errorName: 'Error' }],
    ['a code', errorWith({ code: `no access for ${SECRET}` }), { errorName: 'Error' }],
    ['a thrown text', SECRET, { errorName: 'string' }],
    ['a thrown object', { message: SECRET }, { errorName: 'object' }],
    ['lines of the message that look like frames', errorWith({}, `x\n    at f (${SECRET}.js:1:1)`), {}],
  ])('%s', (_what, error, expected) => {
    const { logger, lines, parsed } = loggerAt('info');
    logger.write('app.failed', { code: 'unexpected_error' }, error);
    expect(parsed()).toMatchObject([{ event: 'app.failed', code: 'unexpected_error', ...expected }]);
    expect(lines.join()).not.toContain(SECRET);
  });
});

it('keeps our own code apart from the code of the error', () => {
  const { logger, parsed } = loggerAt('info');
  logger.write('app.failed', { code: 'claim_failed' }, errorWith({ code: 'SQLITE_BUSY' }));
  expect(parsed()).toMatchObject([{ code: 'claim_failed', errorCode: 'SQLITE_BUSY' }]);
});

it('lets the framework report failures only, without its words', () => {
  const { logger, lines, parsed } = loggerAt('debug');
  const nest = new NestLogAdapter(logger);
  nest.log();
  nest.warn();
  nest.error(`cannot resolve ${SECRET}`);
  nest.fatal(new Error(SECRET));
  const failure = { time: expect.any(String), level: 'error', event: 'app.failed', code: 'framework' };
  expect(parsed()).toEqual([failure, { ...failure, errorName: 'Error', thrownAt: expect.any(String) }]);
  expect(lines.join()).not.toContain(SECRET);
});

describe('the closed lists', () => {
  it('have every line that dashboards rely on', () => {
    expect(Object.keys(LOG_EVENTS)).toEqual(
      expect.arrayContaining([
        'app.started',
        'app.stopped',
        'tenant.started',
        'tenant.start_refused',
        'tenant.stopped',
        'tenant.paused',
        'tenant.resumed',
        'webhook.accepted',
        'webhook.duplicate',
        'webhook.ignored',
        'webhook.refused',
        'sync.delivered',
        'sync.retry_scheduled',
        'sync.dead_lettered',
        'sync.skipped',
        'catchup.completed',
        'mapping.unresolved',
      ]),
    );
  });

  it('have every field that dashboards rely on, durations and counts as numbers', () => {
    expect(LOG_FIELDS).toMatchObject({
      tenant: 'string',
      eventId: 'string',
      eventType: 'string',
      recordKey: 'string',
      root: 'string',
      target: 'string',
      attempt: 'number',
      outcome: 'string',
      durationMs: 'number',
      lagMs: 'number',
      retryInMs: 'number',
      code: 'string',
    });
    const durations = Object.entries(LOG_FIELDS).filter(([name]) => name.endsWith('Ms'));
    expect(durations.every(([, type]) => type === 'number')).toBe(true);
  });
});
