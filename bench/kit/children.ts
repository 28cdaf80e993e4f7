import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** A process that must not outlive the benchmarks, however these end. */
export function endsWithUs<C extends ChildProcess>(child: C): C {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** At once and without asking: nobody waits for what they would still do. */
export function endAllChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

process.on('exit', endAllChildren);
