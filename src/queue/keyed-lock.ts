/** Lets one task of this process at a time hold a name. */
export class KeyedLock {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs the task when it holds all names. Names are taken in their order, so two tasks cannot wait for each other. */
  async run<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    const releases: (() => void)[] = [];
    for (const name of [...new Set(names)].toSorted()) releases.push(await this.take(name));
    try {
      return await task();
    } finally {
      for (const release of releases) release();
    }
  }

  private async take(name: string): Promise<() => void> {
    const before = this.tails.get(name) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const tail = before.then(() => held);
    this.tails.set(name, tail);
    await before;
    return () => {
      if (this.tails.get(name) === tail) this.tails.delete(name);
      release();
    };
  }
}
