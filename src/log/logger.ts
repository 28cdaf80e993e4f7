import { Injectable, type LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { LOG_EVENTS, type LogEvent, type LogFields, type LogLevel } from './log-events.js';

/** Longest text in any field; every legitimate value is far shorter. */
const MAX_TEXT = 128;

/**
 * Writes the lines of {@link LOG_EVENTS} as one JSON object each. It takes names and typed scalars only; there is no
 * way to hand it an object, a message or a payload, and of an error only its class and code are written.
 */
@Injectable()
export class Logger {
  private readonly pino: PinoLogger;

  constructor(level: LogLevel, destination?: DestinationStream) {
    this.pino = pino(
      {
        level,
        base: null,
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      ...(destination ? [destination] : []),
    );
  }

  write(event: LogEvent, fields: LogFields = {}, error?: unknown): void {
    const line: Record<string, string | number> = { event };
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'number') line[name] = value;
      else if (typeof value === 'string') line[name] = value.slice(0, MAX_TEXT);
    }
    if (error !== undefined) Object.assign(line, describeError(error));
    this.pino[LOG_EVENTS[event]](line);
  }
}

/** The class and the code of an error and where it was thrown: never its message, which may quote a payload or an address. */
function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const described: Record<string, string> = { errorName: error.name.slice(0, MAX_TEXT) };
  if ('code' in error && typeof error.code === 'string') described.code = error.code.slice(0, MAX_TEXT);
  const frame = /^\s+at .*?([\w.-]+\.(?:ts|js):\d+)/m.exec(error.stack ?? '')?.[1];
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
