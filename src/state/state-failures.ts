import { RecentlyUsed } from '../recently-used.js';

/** Forged keys are among them, so not all that ever failed. */
const KEYS_REMEMBERED = 1_000;

/** Tells a new outage of the State API from one that goes on: it may last for hours, with a failure every few seconds. */
export class StateFailures {
  private readonly failing = new RecentlyUsed<true>(KEYS_REMEMBERED);
  private answeredSince = true;

  answered(key: string): void {
    this.failing.delete(key);
    this.answeredSince = true;
  }

  /** Notes a failure. @returns false while this key, or the State API as a whole, has not answered since the last news */
  isNews(key: string): boolean {
    const isNews = this.answeredSince && !this.failing.has(key);
    this.failing.set(key, true);
    if (isNews) this.answeredSince = false;
    return isNews;
  }
}
