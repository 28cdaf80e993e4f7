import { LOG_EVENTS } from '../../src/log/log-events.ts';
import type { LogText } from '../logql/select-sample.ts';

/** What was read, to be told in words. */
export interface ReadCounts {
  /** Lines of the app. */
  readonly own: number;
  /** JSON of somebody else, or of another release. */
  readonly foreign: number;
  /** Anything else: text, damaged lines, lines that are far too long. */
  readonly garbage: number;
  /** The log ends in the middle of a line. */
  readonly isCutOff: boolean;
}

/** Much longer than any line of the app; what goes on after that is not kept in memory. */
const LONGEST_LINE = 65_536;
const OWN_EVENTS = new Set(Object.keys(LOG_EVENTS));
/** A line that is ours has this somewhere, also where a collector has wrapped it in a text. */
const MARK = /\\?"event\\?":/;

type Listener = (line: LogText) => void;

/** Takes a log in chunks as they come, whatever is in it, and hands on the lines of the app. */
export class LogReader {
  readonly #listener: Listener;
  #rest = '';
  #isSkipping = false;
  #own = 0;
  #foreign = 0;
  #garbage = 0;
  #isCutOff = false;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get counts(): ReadCounts {
    return { own: this.#own, foreign: this.#foreign, garbage: this.#garbage, isCutOff: this.#isCutOff };
  }

  add(chunk: string): void {
    const lines = chunk.split('\n');
    const last = lines.pop() ?? '';
    for (const line of lines) {
      this.#take(this.#rest + line);
      this.#rest = '';
    }
    this.#rest += last;
    if (this.#rest.length > LONGEST_LINE) {
      this.#isSkipping = true;
      this.#rest = '';
    }
  }

  /** The log is over: what stands behind the last line break is a line, or the beginning of one. */
  end(): void {
    const line = this.#rest;
    this.#rest = '';
    if (line === '' && !this.#isSkipping) return;
    const ownBefore = this.#own;
    this.#take(line);
    this.#isCutOff = this.#own === ownBefore && line.includes('{');
  }

  #take(line: string): void {
    if (this.#isSkipping || line.length > LONGEST_LINE) {
      this.#isSkipping = false;
      this.#garbage += 1;
      return;
    }
    if (line.trim() === '') return;
    const read = readLine(line);
    if (read === 'garbage') this.#garbage += 1;
    else if (read === 'foreign') this.#foreign += 1;
    else {
      this.#own += 1;
      this.#listener(read);
    }
  }
}

/** Collectors put a time or a name before a line (kubectl, docker compose), or wrap it (Docker's files). */
function readLine(line: string): LogText | 'foreign' | 'garbage' {
  const begin = line.indexOf('{');
  if (begin < 0) return 'garbage';
  const text = begin === 0 ? line : line.slice(begin);
  if (!MARK.test(text)) return objectIn(text) === undefined ? 'garbage' : 'foreign';
  const outer = objectIn(text);
  if (outer === undefined) return 'garbage';
  const isWrapped = typeof outer.log === 'string' && outer.event === undefined;
  const inner = isWrapped ? String(outer.log).trim() : text;
  const fields = isWrapped ? objectIn(inner) : outer;
  const timeMs = Date.parse(String(fields?.time));
  const isOwn = fields !== undefined && typeof fields.event === 'string' && OWN_EVENTS.has(fields.event);
  return isOwn && Number.isFinite(timeMs) ? { text: inner, timeMs, fields } : 'foreign';
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
