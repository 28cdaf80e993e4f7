import { createReadStream, renameSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { LogBoard } from './page/log-board.ts';
import { LogReader } from './page/log-reader.ts';
import { type DashboardOptions, readOptions, USAGE } from './page/options.ts';
import { writePage } from './page/write-page.ts';

/** Exit codes of the command. */
const DONE = 0;
const FAILED = 1;
const MISUSED = 2;

const REWRITTEN_EVERY_MS = 5_000;

const print = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

/** The page of one log, written anew as often as somebody asks. */
class Dashboard {
  readonly #board = new LogBoard();
  readonly #reader = new LogReader((line) => this.#take(line));
  readonly #page: string;
  readonly #source: string;
  #newestArrivedMs = 0;

  constructor({ log, page }: DashboardOptions) {
    this.#page = resolve(page);
    this.#source = log === '-' ? 'standard input' : basename(log);
  }

  get page(): string {
    return this.#page;
  }

  add(chunk: string): void {
    this.#reader.add(chunk);
  }

  end(): void {
    this.#reader.end();
  }

  /** Another file takes the place of the page at once, so that no reader sees half of one. */
  write(isLive: boolean): void {
    // By the clock of the log, which need not be ours: so much has passed since its newest line.
    const nowMs = isLive ? this.#board.newestMs + (performance.now() - this.#newestArrivedMs) : undefined;
    const text = writePage({
      picture: this.#board.picture(nowMs),
      counts: this.#reader.counts,
      source: this.#source,
      writtenAtMs: Date.now(),
      ...(isLive && { reloadSeconds: REWRITTEN_EVERY_MS / 1_000 }),
    });
    writeFileSync(`${this.#page}.new`, text);
    renameSync(`${this.#page}.new`, this.#page);
  }

  #take(line: Parameters<LogBoard['add']>[0]): void {
    if (line.timeMs > this.#board.newestMs) this.#newestArrivedMs = performance.now();
    this.#board.add(line);
  }
}

async function dashboard(options: DashboardOptions): Promise<number> {
  const isLive = options.log === '-';
  const made = new Dashboard(options);
  try {
    const input = isLive ? process.stdin : createReadStream(options.log);
    if (isLive) {
      made.write(true);
      print(
        `The page is ${made.page}: open it in a browser. It is rewritten every five seconds, until the pipe or Ctrl-C ends.`,
      );
    }
    const rewriting = isLive ? setInterval(() => made.write(true), REWRITTEN_EVERY_MS) : undefined;
    // Ctrl-C ends the reading, not the page.
    process.once('SIGINT', () => input.destroy());
    await readAll(input, made);
    clearInterval(rewriting);
    made.end();
    made.write(false);
  } catch (error) {
    complain(sentenceOf(error));
    return FAILED;
  }
  print(`${isLive ? 'The log has ended.' : 'Done.'} The page is ${made.page}: open it in a browser.`);
  return DONE;
}

async function readAll(input: NodeJS.ReadStream | ReturnType<typeof createReadStream>, made: Dashboard): Promise<void> {
  input.setEncoding('utf8');
  try {
    for await (const chunk of input) made.add(String(chunk));
  } catch (error) {
    if (!input.destroyed || codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const SENTENCES: Readonly<Partial<Record<string, string>>> = {
  ENOENT: 'There is no such file or folder',
  EISDIR: 'This is a folder, not a file',
  EACCES: 'This may not be read or written',
  ENOSPC: 'The disk is full',
};

function sentenceOf(error: unknown): string {
  const sentence = SENTENCES[codeOf(error)];
  if (sentence === undefined || !(error instanceof Error)) throw error;
  return `${sentence}: ${'path' in error ? String(error.path) : ''}`;
}

const reading = readOptions(process.argv.slice(2));
switch (reading.kind) {
  case 'options':
    process.exitCode = await dashboard(reading.options);
    break;
  case 'help':
    print(USAGE.trim());
    break;
  case 'misused':
    complain(`${reading.problem}\n${USAGE}`);
    process.exitCode = MISUSED;
}
