import { isObject, textOf, tryParseJson, type JsonObject } from '../http/json.ts';

/** One line of the app's log. */
export interface LogLine {
  /** Counts up from 1; never reused, also when old lines have been forgotten. */
  readonly sequence: number;
  readonly event: string;
  readonly eventId: string;
  readonly level: string;
  readonly fields: JsonObject;
}

type Listener = (line: LogLine) => void;

/** The app's log: bounded memory, and a way to hear of new lines. */
export class LogLines {
  readonly #keep: number;
  readonly #lines: LogLine[] = [];
  readonly #listeners = new Set<Listener>();
  #count = 0;

  /** @param keep how many of the newest lines are remembered */
  constructor(keep: number) {
    this.#keep = keep;
  }

  get newest(): readonly LogLine[] {
    return this.#lines;
  }

  /** Takes one line of output; what is no JSON object is kept as a line without an event. */
  add(text: string): void {
    const json = tryParseJson(text);
    const fields = isObject(json) ? json : { text };
    this.take({
      event: textOf(fields.event),
      eventId: textOf(fields.eventId),
      level: textOf(fields.level) || 'info',
      fields,
    });
  }

  /** Takes a line that another log has. */
  take(read: Omit<LogLine, 'sequence'>): void {
    this.#count += 1;
    const line = { ...read, sequence: this.#count };
    this.#lines.push(line);
    if (this.#lines.length > this.#keep) this.#lines.shift();
    for (const listener of this.#listeners) listener(line);
  }

  /** Calls the listener for every line from now on; the result ends that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
