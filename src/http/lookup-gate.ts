import type { LookupAddress, LookupAllOptions } from 'node:dns';
import PQueue from 'p-queue';
import { RecentlyUsed } from '../recently-used.js';

/** Finds the addresses of a name, as `node:dns` does. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What the system's resolver itself says of a name that cannot be looked up now: nothing was sent, try again later. */
export class NotLookedUpError extends Error {
  readonly code = 'EAI_AGAIN';
}

/** A lookup takes milliseconds; one that takes longer is of a name whose server does not answer. */
const SLOW_MS = 2_000;
/** A slow name is left alone for this long, or for so many times as long as it took: what it may hold is a tenth. */
const LEAST_REST_MS = 30_000;
const REST_PER_LOOKUP = 10;
const LONGEST_REST_MS = 300_000;
/** Names are chosen by tenants; a forgotten one is looked up again. */
const SLOW_NAMES_REMEMBERED = 1_000;

/**
 * Looks up names that tenants choose, one at a time. The system's resolver takes a thread for as long as a name server is
 * silent, which nothing can cut short, and Node lets lookups have two threads: the other one is left to the platform's
 * own. Addresses are not remembered: they are checked for each connection.
 */
export class LookupGate {
  private readonly turns = new PQueue({ concurrency: 1 });
  private readonly underWay = new Map<string, Promise<LookupAddress[]>>();
  /** The name that has its turn. */
  private inHand: { readonly hostname: string; readonly sinceMs: number } | undefined;
  /** When a slow name may be looked up again. */
  private readonly restUntilMs = new RecentlyUsed<number>(SLOW_NAMES_REMEMBERED);

  /** @param maxWaitMs for its turn; whoever asked for it waits no longer either */
  constructor(
    private readonly resolve: Resolve,
    private readonly maxWaitMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Who asks for a name that is being looked up gets that answer. Rejects at once for a name that is known to be slow. */
  async lookup(hostname: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    if (this.isSlow(hostname)) throw new NotLookedUpError('The name server has not answered lately.');
    return this.underWay.get(hostname) ?? this.begin(hostname, options);
  }

  private isSlow(hostname: string): boolean {
    const { inHand } = this;
    if (inHand?.hostname === hostname) return this.now() - inHand.sinceMs >= SLOW_MS;
    return (this.restUntilMs.get(hostname) ?? 0) > this.now();
  }

  private begin(hostname: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(new NotLookedUpError('Another name is slow.')), this.maxWaitMs);
    const inTurn = () => {
      clearTimeout(timer);
      return this.ask(hostname, options);
    };
    const addresses = this.turns.add(inTurn, { signal: waiting.signal }).finally(() => this.underWay.delete(hostname));
    this.underWay.set(hostname, addresses);
    return addresses;
  }

  private async ask(hostname: string, options: LookupAllOptions): Promise<LookupAddress[]> {
    const sinceMs = this.now();
    this.inHand = { hostname, sinceMs };
    try {
      return await new Promise((resolve, reject) => {
        this.resolve(hostname, options, (error, addresses) => (error ? reject(error) : resolve(addresses)));
      });
    } finally {
      this.inHand = undefined;
      this.noteHowLong(hostname, this.now() - sinceMs);
    }
  }

  private noteHowLong(hostname: string, tookMs: number): void {
    if (tookMs < SLOW_MS) return;
    const restMs = Math.min(Math.max(LEAST_REST_MS, REST_PER_LOOKUP * tookMs), LONGEST_REST_MS);
    this.restUntilMs.set(hostname, this.now() + restMs);
  }
}
