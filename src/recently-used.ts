import QuickLRU from 'quick-lru';

/**
 * What is remembered under names that others choose: the half of `most` that was used last for sure, and never more than
 * `most`. It takes memory only for what it holds: caches that lay out their full size beforehand took a tenth of the start
 * (`docs/decisions/0010-diet.md`).
 */
export class RecentlyUsed<Value> extends QuickLRU<string, Value> {
  /** @param most a whole number of at least 2 */
  constructor(most: number) {
    super({ maxSize: Math.floor(most / 2) });
  }
}
