import { objectOf, textOf, tryParseJson } from '../../sandbox/http/json.ts';

const EVENT = /"event":"([a-z_.]+)"/;
const NEEDS_ATTENTION = /^\{"level":"(error|warn)"/;
const PROBLEMS_KEPT = 5;

type LineListener = (event: string, line: string) => void;

/** Counts the app's lines by kind without parsing them: at thousands a second that alone would be a load. */
export class LogCount {
  readonly #counts = new Map<string, number>();
  readonly #problems: string[] = [];
  #rest = '';
  #listener: LineListener | undefined;

  add(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  /** How many lines of this kind there were since the start. */
  of(event: string): number {
    return this.#counts.get(event) ?? 0;
  }

  /** Calls the listener for every line from now on, until another one is set. */
  listen(listener: LineListener | undefined): void {
    this.#listener = listener;
  }

  /** The latest lines that ask for attention, in a few words. */
  lastProblems(): string {
    return this.#problems
      .map((line) => objectOf(tryParseJson(line)))
      .map(({ event, code, message }) => [event, code, message].map(textOf).filter(Boolean).join(' '))
      .join('; ');
  }

  #line(line: string): void {
    const event = EVENT.exec(line)?.[1] ?? 'none';
    this.#counts.set(event, this.of(event) + 1);
    if (NEEDS_ATTENTION.test(line)) {
      this.#problems.push(line);
      if (this.#problems.length > PROBLEMS_KEPT) this.#problems.shift();
    }
    this.#listener?.(event, line);
  }
}
