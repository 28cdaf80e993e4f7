import type { AccountHandle, Asked, Target } from '../connector.js';

interface Memory<T> {
  readonly answer: Promise<Asked<T>>;
  readonly untilMs: number;
}

/** An account may be upgraded, and an administrator may add a field: what was learnt is asked again after this long. */
const REMEMBERED_MS = 3_600_000;

/**
 * What a connector learnt about an account (its version, the ids of its stages, which objects it has), so that it is
 * asked once and not with every record. Failures and broken-off questions are not remembered; those who ask at the same
 * time share one question.
 */
export class AccountMemory<T> {
  private readonly known = new WeakMap<AccountHandle, Memory<T>>();

  constructor(private readonly learn: (target: Target) => Promise<Asked<T>>) {}

  async get(target: Target): Promise<Asked<T>> {
    const known = this.known.get(target.account);
    return known !== undefined && known.untilMs > target.now() ? known.answer : this.refresh(target);
  }

  /** What is known; else it is asked for and not remembered, because `target` may not be as able as the next one. */
  async look(target: Target): Promise<Asked<T>> {
    const known = this.known.get(target.account);
    return known !== undefined && known.untilMs > target.now() ? known.answer : this.learn(target);
  }

  /** Asks anew whatever is known: Start does, and whoever finds out that it is no longer true. */
  async refresh(target: Target): Promise<Asked<T>> {
    const memory = { answer: this.learn(target), untilMs: target.now() + REMEMBERED_MS };
    this.known.set(target.account, memory);
    let isLearnt = false;
    try {
      const answer = await memory.answer;
      isLearnt = answer.ok;
      return answer;
    } finally {
      if (!isLearnt && this.known.get(target.account) === memory) this.known.delete(target.account);
    }
  }
}
