import { RecentlyUsed } from '../recently-used.js';

/** Remembers what was said, so that a problem the customer must mend is one line and not one per event. */
export class ReportedOnce {
  private readonly said = new RecentlyUsed<true>(10_000);

  /** @returns true the first time this is asked. */
  isNews(...parts: readonly string[]): boolean {
    const name = parts.join('\n');
    if (this.said.has(name)) return false;
    this.said.set(name, true);
    return true;
  }
}
