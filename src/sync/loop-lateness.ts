/** Of the newest observation; the rest is what was seen before. */
const SHARE_OF_NEWEST = 0.25;
/** A turn of the event loop that takes so long has webhooks wait for their answer for several of them. */
const LATE_AFTER_MS = 100;

/**
 * How late the event loop runs: everything that is due waits for its turn, webhooks as well as work. Where the processor
 * is small for what there is to do, each root in hand makes every turn longer.
 */
export class LoopLateness {
  private latenessMs = 0;

  /** A timer was due so long ago. */
  observe(lateMs: number): void {
    this.latenessMs += (Math.max(0, lateMs) - this.latenessMs) * SHARE_OF_NEWEST;
  }

  get isLate(): boolean {
    return this.latenessMs >= LATE_AFTER_MS;
  }
}
