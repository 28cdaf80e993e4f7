import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { ConfigError, readQueueLocation } from '../config/config.js';
import { openOperatorQueue } from '../queue/operator/open-operator-queue.js';
import { QueueOpenError } from '../queue/queue.js';
import type { Answer, Command } from './answer.js';
import { purge, replay } from './commands/change-events.js';
import { deadLetters } from './commands/dead-letters.js';
import { pause, resume } from './commands/pause.js';
import { status } from './commands/status.js';
import { where } from './commands/where.js';
import { type CommandName, readOptions } from './options.js';
import { type Screen, wrapped } from './screen.js';
import { USAGE } from './usage.js';

const COMMANDS: { readonly [N in CommandName]: Command } = {
  status,
  where,
  'dead-letters': deadLetters,
  replay,
  purge,
  pause,
  resume,
};

/** What scripts go by. */
const EXIT = { done: 0, unusable: 1, misused: 2, notFound: 3 } as const;

const CLEAR_LINE = '\r\u001b[K';

/** A terminal, or what stands for one. */
export interface Output {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly out: Output;
  readonly err: Output;
  /** Calls back when the operator wants to end it. */
  readonly onStop: (stop: () => void) => void;
}

/** Runs one command of the operator's. @returns the exit code */
export async function runOps(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { environment, out, err } = surroundings;
  const nowMs = Date.now();
  const reading = readOptions(args, nowMs);
  if (reading.kind === 'help') {
    out.write(USAGE);
    return EXIT.done;
  }
  if (reading.kind === 'misused') {
    tellError(surroundings, reading.json, 'misused', `${reading.problem} "--help" shows what there is.`);
    return EXIT.misused;
  }
  const { options } = reading;
  const screen: Screen = {
    width: out.isTTY === true ? (out.columns ?? 80) : Infinity,
    isColored: out.isTTY === true && !environment.NO_COLOR,
  };
  let isProgressShown = false;
  const progress = (line: string) => {
    if (err.isTTY !== true || options.json) return;
    isProgressShown = true;
    err.write(`${CLEAR_LINE}${line}`);
  };
  try {
    const queue = await openOperatorQueue(readQueueLocation(environment));
    try {
      const context = { queue, options, screen, nowMs, progress, onStop: surroundings.onStop, sleep: rest };
      const answer = await COMMANDS[options.command](context);
      if (isProgressShown) err.write(CLEAR_LINE);
      out.write(options.json ? `${JSON.stringify(answer.json)}\n` : textOf(answer, screen));
      return answer.found ? EXIT.done : EXIT.notFound;
    } finally {
      await queue.close();
    }
  } catch (error) {
    if (!(error instanceof QueueOpenError || error instanceof ConfigError)) throw error;
    tellError(surroundings, options.json, error.code, error.message);
    return EXIT.unusable;
  }
}

/** Tables fit already; sentences are broken here. */
function textOf({ lines }: Answer, { width }: Screen): string {
  const fitting = lines.flatMap((line) =>
    stripVTControlCharacters(line).length > width ? wrapped(line, width) : [line],
  );
  return `${fitting.join('\n')}\n`;
}

function tellError({ out, err }: Surroundings, json: boolean, code: string, message: string): void {
  if (json) out.write(`${JSON.stringify({ error: { code, message } })}\n`);
  else err.write(`${message}\n`);
}

async function rest(ms: number): Promise<void> {
  await sleep(ms);
}
