import { setTimeout as sleep } from 'node:timers/promises';
import { TenantAllowance } from '../state/tenant-allowance.js';

/** Runs in a row that begin at once; then one every five seconds. A person does not save settings that often. */
const PACE = { burst: 5, perSecond: 1 / 5 };

/** The run of all who called since the running one began. */
interface NextRun<T> {
  readonly run: Promise<T>;
  /** Of the last of them. */
  task: () => Promise<T>;
}

interface Runs<T> {
  readonly running: Promise<T>;
  next?: NextRun<T>;
}

/**
 * One run per name at a time, and whoever calls meanwhile shares the next one: however often a call is repeated, none is
 * refused, each sees what was true when it was made, and the work stays bounded. A shared run is that of the last who called.
 */
export class SharedRuns<T> {
  private readonly runs = new Map<string, Runs<T>>();
  private readonly pace = new TenantAllowance(PACE);

  run(name: string, task: () => Promise<T>): Promise<T> {
    const runs = this.runs.get(name);
    if (runs === undefined) return this.begin(name, task);
    const next: NextRun<T> = runs.next ?? {
      run: runs.running.catch(() => undefined).then(() => this.begin(name, next.task)),
      task,
    };
    next.task = task;
    runs.next = next;
    return next.run;
  }

  private begin(name: string, task: () => Promise<T>): Promise<T> {
    const running = this.paced(name, task).finally(() => {
      if (this.runs.get(name)?.running === running) this.runs.delete(name);
    });
    this.runs.set(name, { running });
    return running;
  }

  private async paced(name: string, task: () => Promise<T>): Promise<T> {
    for (let waitMs = this.pace.take(name, Date.now()); waitMs > 0; waitMs = this.pace.take(name, Date.now())) {
      await sleep(waitMs);
    }
    return task();
  }
}
