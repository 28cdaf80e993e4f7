import QuickLRU from 'quick-lru';

/**
 * What is remembered under names that others choose: what was used last for sure, and less than twice as much in all. It
 * takes memory only for what it holds: caches that lay out their full size beforehand took a sixth of the start
 * (`docs/decisions/0010-diet.md`).
 */
export class RecentlyUsed<Value> extends QuickLRU<string, Value> {
  /** @param sure so many that were used last are remembered for sure; others may be */
  constructor(sure: number) {
    super({ maxSize: sure });
  }
}
