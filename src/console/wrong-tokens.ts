import { RecentlyUsed } from '../recently-used.js';

const MOST_WRONG = 10;
const WITHIN_MS = 600_000;
const TENANTS_REMEMBERED = 10_000;

interface Stretch {
  wrong: number;
  readonly untilMs: number;
}

/**
 * Wrong tokens per tenant: after ten of them the console stays shut until ten minutes after the first, also for the right
 * one, or guessing would go on all the same. Other tenants do not notice, and nor does the sync.
 */
export class WrongTokens {
  private readonly stretches = new RecentlyUsed<Stretch>(TENANTS_REMEMBERED);

  /** @returns how long the console of this tenant is shut, in milliseconds; 0: it is not */
  shutForMs(tenant: string, nowMs: number): number {
    const stretch = this.stretches.get(tenant);
    return stretch !== undefined && stretch.wrong >= MOST_WRONG ? Math.max(0, stretch.untilMs - nowMs) : 0;
  }

  /** @returns whether this shuts the console */
  add(tenant: string, nowMs: number): boolean {
    const known = this.stretches.get(tenant);
    const stretch = known !== undefined && known.untilMs > nowMs ? known : { wrong: 0, untilMs: nowMs + WITHIN_MS };
    stretch.wrong += 1;
    this.stretches.set(tenant, stretch);
    return stretch.wrong === MOST_WRONG;
  }
}
