import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Question {
  readonly id: number;
  readonly question: unknown;
}
interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: string;
}

/** A part of a benchmark in a process of its own, so that its processor time is not that of another part. */
export class Worker<Q, A> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (answer: A) => void; reject: (error: Error) => void }>();
  #next = 1;

  /** @param file a module that calls {@link serve} */
  constructor(file: URL, flags: readonly string[] = []) {
    this.#child = fork(fileURLToPath(file), [], {
      execArgv: [...flags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: Answer) => this.#take(message));
    this.#child.on('exit', () => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`${file.pathname.split('/').pop()} has ended.`));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The process did not start.');
    return this.#child.pid;
  }

  ask(question: Q): Promise<A> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, question } satisfies Question);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  #take({ id, answer, failure }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure !== undefined) waiting?.reject(new Error(failure));
    else waiting?.resolve(trusted(answer));
  }
}

/** Answers the questions of the process that started this one, and ends with it. */
export function serve<Q>(answerTo: (question: Q) => unknown): void {
  process.on('message', (message: { readonly id: number; readonly question: Q }) => {
    const { id, question } = message;
    Promise.resolve()
      .then(() => answerTo(question))
      .then(
        (answer) => process.send?.({ id, answer } satisfies Answer),
        (error: unknown) => process.send?.({ id, failure: String(error) } satisfies Answer),
      );
  });
  process.on('disconnect', () => process.exit());
}

/** Safe: both ends of the channel are files of this project that share the types of questions and answers. */
function trusted<A>(answer: unknown): A {
  return answer as A;
}
