/** Who wants to know that something may be due, see `Queue.onWork`. */
export class WorkListeners {
  private readonly listeners = new Set<(dueAtMs: number) => void>();

  /** @returns what ends it */
  add(listener: (dueAtMs: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(dueAtMs: number): void {
    for (const listener of this.listeners) listener(dueAtMs);
  }
}
