import type { HttpResponse, SendHttp } from '../http/exchange.js';
import { retryAfterMs } from '../http/retry-after.js';
import type { Logger } from '../log/logger.js';
import { RecentlyUsed } from '../recently-used.js';
import { StateFailures } from './state-failures.js';
import { namelessTenant, parseTenantState, type TenantState } from './tenant-state.js';
import { withDeadline } from './with-deadline.js';

/** What is known about the tenant behind a key. */
export type StateAnswer =
  | { readonly kind: 'known'; readonly state: TenantState; readonly stale: boolean }
  /** The State API does not know the key. */
  | { readonly kind: 'unknown_key' }
  /** No answer, and no last one that would do. */
  | { readonly kind: 'unavailable' };

type Fetched =
  | { readonly kind: 'known'; readonly state: TenantState }
  | { readonly kind: 'unknown_key' }
  | { readonly kind: 'unavailable' };

type Answered = Exclude<Fetched, { kind: 'unavailable' }>;

const NO_ANSWER: Fetched = { kind: 'unavailable' };

interface CachedState {
  /** `unavailable`: there is no last state; the State API is not asked for a while. */
  readonly fetched: Fetched;
  /** The State API was asked again since and did not answer. */
  readonly stale: boolean;
  readonly freshUntilMs: number;
  /** Number of the fetch that brought it; a greater one was begun later. */
  readonly startedAs: number;
}

export interface StateClientOptions {
  readonly baseUrl: string;
  readonly ttlMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Of known keys, with a state of a few kB each; a forgotten one is asked for again. */
const KEYS_REMEMBERED = 5_000;
/** Those unknown to the State API, or to us while it is away. Anybody can make some up, of a kilobyte each. */
const UNKNOWN_KEYS_REMEMBERED = 2_500;
/** Questions for keys that were never answered for, at a time: keys can be forged, and each costs a question. */
const MOST_STRANGERS = 500;
/** Waits before the second and third try: network failures, 429 and 5xx only. */
const RETRY_WAITS_MS = [200, 800];
/** How long an unknown key is not asked for again, so that a flood of forged keys does not reach the State API. */
const UNKNOWN_KEY_TTL_MS = 5_000;
/** How long a request of a known tenant waits for a fresh state before the last one does; the fetch goes on. */
const KNOWN_KEY_WAIT_MS = 500;
/** After a failure the known state, if there is one, is used this long before the State API is asked again. */
const PAUSE_AFTER_FAILURE_MS = 5_000;
/** Nor longer than this, whatever the State API wishes for: events of the tenant are refused or wait meanwhile. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Reads tenants' states from the Marketplace: cached shortly per key, one request in flight per key. While the State
 * API does not answer, a key that it has answered for keeps its last state, marked stale: enough to accept its events.
 */
export class StateClient {
  private readonly cache = new RecentlyUsed<CachedState>(KEYS_REMEMBERED);
  /** Apart, so that a flood of forged keys pushes out nobody's state. */
  private readonly unknownKeys = new RecentlyUsed<CachedState>(UNKNOWN_KEYS_REMEMBERED);
  private strangers = 0;
  private nextFetch = 1;
  private readonly inFlight = new Map<string, Promise<Fetched>>();
  private readonly failures = new StateFailures();

  constructor(
    private readonly send: SendHttp,
    private readonly logger: Logger,
    private readonly options: StateClientOptions,
  ) {}

  /**
   * The state, at most the cache's age old.
   * @param maxWaitMs after this long a key never answered for is `unavailable`; a known one does with its last state sooner
   */
  async get(key: string, maxWaitMs = Infinity): Promise<StateAnswer> {
    const cached = this.remembered(key);
    if (cached && cached.freshUntilMs > this.options.now()) return answer(cached.fetched, cached.stale);
    const waitMs = cached?.fetched.kind === 'known' ? Math.min(maxWaitMs, KNOWN_KEY_WAIT_MS) : maxWaitMs;
    return this.orLast(key, await withDeadline(this.fetchOnce(key), waitMs, NO_ANSWER));
  }

  /**
   * As {@link get}, but never older than the cache's age: work waits rather than being done with settings that the
   * customer may have changed long ago, or with a token that has expired.
   */
  async getFresh(key: string): Promise<StateAnswer> {
    const cached = this.remembered(key);
    if (cached === undefined || cached.freshUntilMs <= this.options.now()) return this.refresh(key);
    return cached.stale ? { kind: 'unavailable' } : answer(cached.fetched, false);
  }

  /** Asks the State API although a fresh state may be at hand: after a 401 of Core. */
  async refresh(key: string): Promise<StateAnswer> {
    return orUnavailable(await this.fetchOnce(key));
  }

  /** As {@link refresh}, but never with an answer that was asked for before now: Start must see what was just saved. */
  async readAnew(key: string, maxWaitMs: number): Promise<StateAnswer> {
    return orUnavailable(await withDeadline(this.fetch(key), maxWaitMs, NO_ANSWER));
  }

  private orLast(key: string, fetched: Fetched): StateAnswer {
    if (fetched.kind !== 'unavailable') return answer(fetched, false);
    const last = this.remembered(key)?.fetched;
    return last?.kind === 'known' ? answer(last, true) : { kind: 'unavailable' };
  }

  forget(key: string): void {
    this.cache.delete(key);
    this.unknownKeys.delete(key);
  }

  private remembered(key: string): CachedState | undefined {
    return this.cache.get(key) ?? this.unknownKeys.get(key);
  }

  private remember(key: string, state: CachedState): void {
    this.forget(key);
    (state.fetched.kind === 'known' ? this.cache : this.unknownKeys).set(key, state);
  }

  private fetchOnce(key: string): Promise<Fetched> {
    const running = this.inFlight.get(key);
    if (running) return running;
    const started = this.fetch(key).finally(() => this.inFlight.delete(key));
    this.inFlight.set(key, started);
    return started;
  }

  private async fetch(key: string): Promise<Fetched> {
    if (this.cache.has(key)) return this.ask(key);
    if (this.strangers >= MOST_STRANGERS) return NO_ANSWER;
    this.strangers += 1;
    return this.ask(key).finally(() => (this.strangers -= 1));
  }

  private async ask(key: string): Promise<Fetched> {
    const startedAs = this.nextFetch++;
    const url = `${this.options.baseUrl}/state/${encodeURIComponent(key)}`;
    for (let attempt = 0; ; attempt++) {
      const response = await this.send({ method: 'GET', url, headers: { accept: 'application/json' } });
      const fetched =
        response.kind === 'answer'
          ? this.unlessNameless(key, readAnswer(response, key, this.options.now()))
          : unavailable('no_answer');
      if (fetched.kind !== 'unavailable') {
        const ttlMs = fetched.kind === 'known' ? this.options.ttlMs : UNKNOWN_KEY_TTL_MS;
        const isOutdated = (this.remembered(key)?.startedAs ?? 0) > startedAs;
        // A slow answer must not put an older state over one that was asked for later.
        if (!isOutdated) {
          this.remember(key, { fetched, stale: false, startedAs, freshUntilMs: this.options.now() + ttlMs });
        }
        this.failures.answered(key);
        return fetched;
      }
      const waitMs = RETRY_WAITS_MS[attempt];
      if (waitMs === undefined || !fetched.retryable || fetched.wishedMs > waitMs) {
        this.keepLastState(key, startedAs, fetched);
        return fetched;
      }
      await this.options.sleep(waitMs);
    }
  }

  /** A page of something before the State API, or half a state: whoever had a name would become somebody else by it. */
  private unlessNameless(key: string, fetched: Answered | Unavailable): typeof fetched {
    if (fetched.kind !== 'known' || fetched.state.tenant !== namelessTenant(key)) return fetched;
    const last = this.remembered(key)?.fetched;
    return last?.kind === 'known' && last.state.tenant !== fetched.state.tenant ? unavailable('no_tenant') : fetched;
  }

  private keepLastState(key: string, startedAs: number, { code, wishedMs }: Unavailable): void {
    const last = this.remembered(key);
    // Who asked later was answered: this failure tells nothing new.
    if ((last?.startedAs ?? 0) > startedAs) return;
    const pauseMs = Math.min(Math.max(PAUSE_AFTER_FAILURE_MS, wishedMs), LONGEST_PAUSE_MS);
    const pause = { stale: true, freshUntilMs: this.options.now() + pauseMs };
    if (last?.fetched.kind === 'known') this.cache.set(key, { ...last, ...pause });
    else this.unknownKeys.set(key, { fetched: NO_ANSWER, startedAs: last?.startedAs ?? 0, ...pause });
    if (this.failures.isNews(key)) this.logger.write('state.unavailable', { code });
  }
}

function orUnavailable(fetched: Fetched): StateAnswer {
  return fetched.kind === 'unavailable' ? { kind: 'unavailable' } : answer(fetched, false);
}

function answer(fetched: Fetched, stale: boolean): StateAnswer {
  return fetched.kind === 'known' ? { ...fetched, stale } : fetched;
}

interface Unavailable {
  readonly kind: 'unavailable';
  readonly code: string;
  readonly retryable: boolean;
  /** How long the State API wishes to be left alone; 0: it does not say. */
  readonly wishedMs: number;
}

function unavailable(code: string, retryable = true): Unavailable {
  return { kind: 'unavailable', code, retryable, wishedMs: 0 };
}

function readAnswer(
  { status, headers, body }: Extract<HttpResponse, { kind: 'answer' }>,
  key: string,
  nowMs: number,
): Answered | Unavailable {
  if (status === 200) {
    const state = parseTenantState(parseJson(body), key);
    return state ? { kind: 'known', state } : unavailable('not_json');
  }
  if (status === 429 || status >= 500) {
    return { ...unavailable(`status_${status}`), wishedMs: retryAfterMs(headers, nowMs) ?? 0 };
  }
  if ([400, 401, 403, 404, 410].includes(status)) return { kind: 'unknown_key' };
  return unavailable(`status_${status}`, false);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // The caller treats "not an object" and "not JSON" alike: no usable answer.
    return undefined;
  }
}
