import type { OperatorQueue } from '../queue/operator/operator-queue.js';
import type { Options } from './options.js';
import type { Screen } from './screen.js';

/** What a command has to say, for people and for programs. */
export interface Answer {
  readonly lines: readonly string[];
  readonly json: object;
  /** False: what was asked for is not there. */
  readonly found: boolean;
}

export interface CommandContext {
  readonly queue: OperatorQueue;
  readonly options: Options;
  readonly screen: Screen;
  readonly nowMs: number;
  /** What goes on meanwhile; overwritten by the next. */
  readonly progress: (line: string) => void;
  /** Calls back when the operator wants it to end; for commands that can end half-way. */
  readonly onStop: (stop: () => void) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

export type Command = (context: CommandContext) => Promise<Answer>;
