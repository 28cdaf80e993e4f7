import type PQueue from 'p-queue';
import { type HttpRequest, type HttpResponse, SHUTTING_DOWN } from '../http/exchange.js';
import { retryAfterMs } from '../http/retry-after.js';
import { LOCATOR_PATTERN } from '../events/socotra-events.js';
import type { Claim, EntityByName, EntityName, GracePeriod, Invoice } from './entities.js';
import { parseClaim, parseClaims, parsePayable } from './parse/parse-claim.js';
import {
  parseGracePeriod,
  parseGracePeriods,
  parseInvoice,
  parseInvoices,
  parsePayment,
} from './parse/parse-invoice.js';
import { parsePolicy, parseQuote } from './parse/parse-policy.js';
import { parsePolicyholder } from './parse/parse-policyholder.js';
import { parsePremiumReport } from './parse/parse-premium-report.js';
import { parseCancellation, parseEndorsement, parseReinstatement, parseRenewal } from './parse/parse-transactions.js';
import type { Parsed } from './parse/parsed.js';

/** Why Core gave no value. `code` and `problem` hold nothing of the tenant's data. */
export type CoreRefusal =
  | { readonly kind: 'not_found' }
  /** May work later; `retryAfterMs` is Core's own wish. */
  | { readonly kind: 'retry'; readonly code: string; readonly retryAfterMs?: number }
  /** Core as a whole wants rest or does not answer: any other call would fare the same. */
  | {
      readonly kind: 'unavailable';
      readonly code: string;
      readonly retryAfterMs?: number;
      /** No whole answer came to this very call: its entity may be too large or too slow, and others not. */
      readonly mayBeThisOne?: true;
    }
  /** The token was refused, also after the state was read again. */
  | { readonly kind: 'unauthorized' }
  /** The account behind the token may not read this. */
  | { readonly kind: 'forbidden' }
  /** A whole answer of a shape that is not Core's. */
  | { readonly kind: 'malformed'; readonly problem: string };

export type CoreAnswer<T> = { readonly kind: 'found'; readonly value: T } | CoreRefusal;

/** The token that the state holds now, if it has one; `unavailable`: the state cannot be read at the moment. */
export type RenewedToken = { readonly token: string | undefined } | 'unavailable';

export interface CoreConnection {
  /** The state's `socotraApiUrl`. */
  readonly baseUrl: string;
  /** The state's `token`. */
  readonly token: string;
  /** Makes one exchange; bounded in time and size. */
  readonly request: (request: HttpRequest) => Promise<HttpResponse>;
  /** Reads the state again after a 401. */
  readonly refreshToken: () => Promise<RenewedToken>;
  /** Shared by all clients of one tenant: Core documents no rate limit, so no more than five calls run at a time. */
  readonly gate: Pick<PQueue, 'add'>;
  /** Takes one call out of the tenant's allowance. @returns false when there is none left at the moment */
  readonly mayCall: () => boolean;
  /** The time, milliseconds since the epoch. */
  readonly now: () => number;
}

interface CoreCall {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
}

export const MAX_PARALLEL_CALLS = 5;

/** No call was made: the tenant has had its allowance, which a flood of forged webhooks uses up as well. */
const ALLOWANCE_USED: CoreRefusal = { kind: 'unavailable', code: 'core_calls_limited', retryAfterMs: 10_000 };

/**
 * All that one client reads before it asks for no further entity, in characters: more than the largest policy with its
 * policyholder. What is read for one sync is held until its end, and the events of a policy may name hundreds of claims.
 */
const MOST_READ = 8_388_608;
/** An object takes as much more, however short its text. */
const PER_OBJECT = 100;
const HAS_READ_ENOUGH: CoreRefusal = { kind: 'retry', code: 'core_answers_too_large' };

type EntityTable = {
  readonly [E in EntityName]: { readonly path: string; readonly parse: (json: unknown) => Parsed<EntityByName[E]> };
};

const ENTITIES: EntityTable = {
  policy: { path: '/policy', parse: parsePolicy },
  policyholder: { path: '/policyholder', parse: parsePolicyholder },
  quote: { path: '/quotes', parse: parseQuote },
  endorsement: { path: '/endorsements', parse: parseEndorsement },
  renewal: { path: '/renewals', parse: parseRenewal },
  cancellation: { path: '/cancellations', parse: parseCancellation },
  reinstatement: { path: '/reinstatements', parse: parseReinstatement },
  gracePeriod: { path: '/gracePeriod', parse: parseGracePeriod },
  payment: { path: '/payments', parse: parsePayment },
  claim: { path: '/claim', parse: parseClaim },
  payable: { path: '/claims/payables', parse: parsePayable },
  premiumReport: { path: '/premiumReports', parse: parsePremiumReport },
};

/**
 * Body of a 2xx. What is not JSON is a proxy's page or an answer cut short, and both pass; whether JSON has the right
 * shape is for the parsers.
 */
function readJson(body: string): CoreAnswer<unknown> {
  if (body.trimStart().startsWith('<')) return { kind: 'retry', code: 'core_answered_html' };
  try {
    return { kind: 'found', value: JSON.parse(body) };
  } catch {
    return { kind: 'retry', code: 'core_answer_not_json' };
  }
}

function objectsIn(json: string): number {
  let objects = 0;
  for (let place = json.indexOf('{'); place !== -1; place = json.indexOf('{', place + 1)) objects += 1;
  return objects;
}

/** Every status that is not one of Core's plain answers is worth another try: its error bodies are not documented. */
function classify(response: HttpResponse, nowMs: number): CoreAnswer<unknown> {
  if (response.kind === 'lost') {
    // We have cut it ourselves: neither Core nor what was asked for is the reason.
    if (response.code === SHUTTING_DOWN) return { kind: 'unavailable', code: SHUTTING_DOWN, retryAfterMs: 0 };
    return { kind: 'unavailable', code: `core_${response.code}`, mayBeThisOne: true };
  }
  if (response.kind === 'unreachable') return { kind: 'unavailable', code: `core_${response.code}` };
  if (response.status >= 200 && response.status < 300) return readJson(response.body);
  if (response.status === 401) return { kind: 'unauthorized' };
  if (response.status === 403) return { kind: 'forbidden' };
  if (response.status === 404 || response.status === 410) return { kind: 'not_found' };
  const waitMs = retryAfterMs(response.headers, nowMs);
  return {
    kind: response.status === 429 || response.status === 503 ? 'unavailable' : 'retry',
    code: `core_status_${response.status}`,
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
  };
}

/** What a server says of a path that it does not have, besides 404 and 403: a page, a redirect, an odd refusal. */
const NO_SUCH_PATH = /^core_(answered_html|answer_not_json|status_3\d\d|status_4(00|05|06|09|15|22)|status_501)$/;

/** Whether Core has no answer to a path that it may not have, however it says so; none of these speaks of its health. */
function isUnanswered(refusal: CoreRefusal): boolean {
  if (refusal.kind === 'retry') return NO_SUCH_PATH.test(refusal.code);
  return refusal.kind === 'forbidden' || refusal.kind === 'malformed';
}

/** Reads from one tenant's Core. Made for one sync of one root, because it holds a token. */
export class CoreClient {
  readonly #connection: CoreConnection;
  readonly #baseUrl: string;
  #token: string;
  #refreshed: Promise<RenewedToken> | undefined;
  #read = 0;

  constructor(connection: CoreConnection) {
    this.#connection = connection;
    this.#baseUrl = connection.baseUrl.replace(/\/+$/, '');
    this.#token = connection.token;
  }

  read<E extends EntityName>(name: E, locator: string): Promise<CoreAnswer<EntityByName[E]>> {
    return this.#readAt(locator, `${ENTITIES[name].path}/${locator}`, ENTITIES[name].parse);
  }

  policyholderInvoices(policyholderLocator: string): Promise<CoreAnswer<readonly Invoice[]>> {
    return this.#readAt(policyholderLocator, `/policyholder/${policyholderLocator}/invoices`, parseInvoices);
  }

  /**
   * Core confirms no such path, so it is asked for only when nothing else helps, and whatever is not a whole invoice
   * counts as not found. That Core is down or refuses the token stays what it is.
   */
  async invoice(locator: string): Promise<CoreAnswer<Invoice>> {
    const answer = await this.#readAt(locator, `/invoice/${locator}`, parseInvoice);
    return answer.kind !== 'found' && isUnanswered(answer) ? { kind: 'not_found' } : answer;
  }

  claimsOf(policyLocator: string): Promise<CoreAnswer<readonly Claim[]>> {
    return this.#readAt(policyLocator, `/policy/${policyLocator}/claims`, parseClaims);
  }

  gracePeriodsOf(policyLocator: string): Promise<CoreAnswer<readonly GracePeriod[]>> {
    return this.#readAt(policyLocator, `/policy/${policyLocator}/gracePeriods`, parseGracePeriods);
  }

  /**
   * One authenticated GET, its JSON not yet parsed.
   *
   * @param path begins with `/`; whatever is put into it must have been checked or encoded
   */
  get(path: string): Promise<CoreAnswer<unknown>> {
    return this.#exchange({ method: 'GET', path });
  }

  /** One authenticated PUT of JSON; what Core answers does not matter, only that it took it. */
  async put(path: string, body: unknown): Promise<CoreAnswer<void>> {
    const answer = await this.#exchange({ method: 'PUT', path, body: JSON.stringify(body) });
    // Core's reply to a write is not documented: an empty or unreadable body of a 2xx is success.
    const taken = answer.kind === 'found' || (answer.kind === 'retry' && answer.code === 'core_answer_not_json');
    return taken ? { kind: 'found', value: undefined } : answer;
  }

  async #exchange(call: CoreCall): Promise<CoreAnswer<unknown>> {
    const token = this.#token;
    const answer = await this.#send(token, call);
    if (answer.kind !== 'unauthorized') return answer;
    const renewed = await this.#renewedToken();
    // Nothing is wrong with the account as far as is known: it waits for a newer token.
    if (renewed === 'unavailable') return { kind: 'unavailable', code: 'state_unavailable' };
    return renewed.token === undefined || renewed.token === token ? answer : this.#send(renewed.token, call);
  }

  async #readAt<T>(locator: string, path: string, parse: (json: unknown) => Parsed<T>): Promise<CoreAnswer<T>> {
    if (!LOCATOR_PATTERN.test(locator)) {
      return { kind: 'malformed', problem: 'A locator has characters that locators of Core do not have.' };
    }
    if (this.#read > MOST_READ) return HAS_READ_ENOUGH;
    const answer = await this.get(path);
    if (answer.kind !== 'found') return answer;
    const parsed = parse(answer.value);
    return parsed.ok ? { kind: 'found', value: parsed.value } : { kind: 'malformed', problem: parsed.problem };
  }

  async #send(token: string, { method, path, body }: CoreCall): Promise<CoreAnswer<unknown>> {
    const { gate, request, now, mayCall } = this.#connection;
    if (!mayCall()) return ALLOWANCE_USED;
    const response = await gate.add(() =>
      request({
        method,
        url: `${this.#baseUrl}${path}`,
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body }),
      }),
    );
    if (response.kind === 'answer') this.#read += response.body.length + PER_OBJECT * objectsIn(response.body);
    return classify(response, now());
  }

  /** Once per client, however many calls were refused at the same time. */
  async #renewedToken(): Promise<RenewedToken> {
    this.#refreshed ??= this.#connection.refreshToken();
    const renewed = await this.#refreshed;
    if (renewed !== 'unavailable' && renewed.token !== undefined) this.#token = renewed.token;
    return renewed;
  }
}
