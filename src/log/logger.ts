import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { linesOfAMoment } from './lines-of-a-moment.js';
import { LOG_EVENTS, LOG_FIELDS, type LogEvent, type LogFields, type LogLevel } from './log-events.js';

/** Longest text in any field; every legitimate value is far shorter. */
const MAX_TEXT = 128;
/** The names and codes of errors are words; whatever else stands there may quote a value. */
const PRINTABLE_CODE = /^[\w.-]{1,64}$/;
const PRINTABLE_ID = /^[\w-]{1,64}$/;
const PRINTABLE_ROOT = /^[A-Za-z]{1,32}:[\w-]{1,64}$/;
const FIELD_TYPES: ReadonlyMap<string, string> = new Map(Object.entries(LOG_FIELDS));

/**
 * Writes the lines of {@link LOG_EVENTS} as one JSON object each. It takes names and typed scalars only; there is no
 * way to hand it an object, a message or a payload, and of an error only its class, its code and where
 * it was thrown are written.
 */
@Injectable()
export class Logger {
  private readonly pino: PinoLogger;

  constructor(level: LogLevel, destination: DestinationStream = linesOfAMoment()) {
    this.pino = pino(
      {
        level,
        base: null,
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      destination,
    );
  }

  write(event: LogEvent, fields: LogFields = {}, error?: unknown): void {
    const line: Record<string, string | number> = { event };
    for (const [name, value] of Object.entries(fields)) {
      // Types do not hold at run time: an unlisted name or another type is left out, so that no payload gets through.
      if (value === undefined || typeof value !== FIELD_TYPES.get(name)) continue;
      line[name] = typeof value === 'string' ? printable(name, value) : value;
    }
    if (error !== undefined) Object.assign(line, describeError(error));
    this.pino[LOG_EVENTS[event]](line);
  }
}

/**
 * An event's id comes from whoever rang: Core's are UUIDs, anything else is not repeated. An event that names nothing has
 * its id in its root.
 */
const PRINTABLE: Readonly<Partial<Record<string, RegExp>>> = { eventId: PRINTABLE_ID, root: PRINTABLE_ROOT };

function printable(name: string, value: string): string {
  return PRINTABLE[name]?.test(value) === false ? 'unprintable' : value.slice(0, MAX_TEXT);
}

/** The class and the code of an error and where it was thrown: never its message, which may quote a payload or an address. */
function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const described: Record<string, string> = { errorName: PRINTABLE_CODE.test(error.name) ? error.name : 'Error' };
  if ('code' in error && typeof error.code === 'string' && PRINTABLE_CODE.test(error.code)) {
    described.errorCode = error.code;
  }
  // The stack begins with the message, whose lines may look like frames.
  const frames = error.stack?.replace(error.message, '') ?? '';
  const frame = /^\s+at .*?([\w.-]+\.(?:ts|js):\d+)/m.exec(frames)?.[1];
  if (frame) described.thrownAt = frame;
  return described;
}

/** Lets Nest's own errors reach the log as `app.failed`; its chatter is dropped. */
export class NestLogAdapter implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(): void {}
  warn(): void {}

  error(message: unknown): void {
    this.logger.write('app.failed', { code: 'framework' }, message instanceof Error ? message : undefined);
  }

  fatal(message: unknown): void {
    this.error(message);
  }
}
