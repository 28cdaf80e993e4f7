import type { AccountHandle, Asked, Target } from '../connector.js';
import { LearntThings } from './learnt-things.js';

interface Memory<T> {
  readonly answer: Promise<Asked<T>>;
  readonly untilMs: number;
}

/** An account may be upgraded, and an administrator may add a field: what was learnt is asked again after this long. */
const REMEMBERED_MS = 3_600_000;

/** Of all connectors: they share one heap. */
const LEARNT = new LearntThings();

/**
 * What a connector learnt about an account (its version, the ids of its stages, which objects it has), so that it is
 * asked once and not with every record. Failures and broken-off questions are not remembered; those who ask at the same
 * time share one question. There is a bound on what is remembered of all accounts together ({@link LearntThings}).
 */
export class AccountMemory<T> {
  private readonly known = new WeakMap<AccountHandle, Memory<T>>();

  constructor(
    private readonly learn: (target: Target) => Promise<Asked<T>>,
    private readonly learnt = LEARNT,
  ) {}

  async get(target: Target): Promise<Asked<T>> {
    return this.remembered(target) ?? this.refresh(target);
  }

  /** What is known; else it is asked for and not remembered, because `target` may not be as able as the next one. */
  async look(target: Target): Promise<Asked<T>> {
    return this.remembered(target) ?? this.learn(target);
  }

  private remembered({ account, now }: Target): Memory<T>['answer'] | undefined {
    const known = this.known.get(account);
    if (known === undefined || known.untilMs <= now()) return undefined;
    this.learnt.used(known);
    return known.answer;
  }

  /** Asks anew whatever is known: Start does, and whoever finds out that it is no longer true. */
  async refresh(target: Target): Promise<Asked<T>> {
    // What is remembered must not hold the target, with its settings and secrets.
    const { account } = target;
    const memory = { answer: this.learn(target), untilMs: target.now() + REMEMBERED_MS };
    this.forget(account);
    this.known.set(account, memory);
    let isLearnt = false;
    try {
      const answer = await memory.answer;
      isLearnt = answer.ok;
      if (answer.ok && this.known.get(account) === memory) {
        this.learnt.keep(memory, answer.value, () => this.known.delete(account));
      }
      return answer;
    } finally {
      if (!isLearnt && this.known.get(account) === memory) this.known.delete(account);
    }
  }

  private forget(account: AccountHandle): void {
    const known = this.known.get(account);
    if (known !== undefined) this.learnt.drop(known);
    this.known.delete(account);
  }
}
