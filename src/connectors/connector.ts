import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { RecordKey } from '../records/record-key.js';
import type { RecordKind } from '../records/record-kinds.js';
import type { AccessToken, OAuthClient } from './kit/oauth-tokens.js';

/** What the tenant can set for a target; said once, it becomes the Marketplace's form, the parser, the types and the redaction. */
export interface ConnectorField {
  /** Name of the setting in `state.settings`, for example `api-url`. */
  readonly name: string;
  readonly title: string;
  readonly hint?: string;
  readonly required?: boolean;
  /** Never printed, masked in the form. */
  readonly secret?: boolean;
  /** Allowed values with their labels, where it is a choice. */
  readonly values?: readonly { readonly text: string; readonly value: string }[];
}

/** A field that the target refused while it took the rest of the record. `field` is the target's name of it. */
export interface RefusedField {
  readonly field: string;
  readonly code: string;
}

/**
 * What happened to one record: failure is a value, not an exception. `docs/connectors/authors.md` says which result is for
 * what, and what the engine does then.
 */
export type DeliveryResult =
  | {
      readonly outcome: 'delivered';
      readonly change: 'created' | 'updated' | 'unchanged';
      /** The target's own id of the record; kept, so that children can be tied to it. */
      readonly targetId?: string;
      readonly refusedFields?: readonly RefusedField[];
    }
  | { readonly outcome: 'skipped'; readonly code: string }
  | { readonly outcome: 'retry'; readonly code: string; readonly retryAfterMs?: number }
  /** The target as a whole does not answer; the record was not taken, or nobody knows. Nothing else is sent meanwhile. */
  | { readonly outcome: 'unreachable'; readonly code: string }
  | { readonly outcome: 'throttled'; readonly code: string; readonly retryAfterMs?: number }
  /** The connection itself is refused: the tenant pauses, its events wait. `target_gone`: the address says it is closed for good. */
  | { readonly outcome: 'auth'; readonly code: 'target_unauthorized' | 'target_gone' }
  /** A related record is not in the target (any more): it is sent again before this one is tried again. */
  | { readonly outcome: 'dependency'; readonly code: string }
  | { readonly outcome: 'rejected'; readonly code: string; readonly field?: string; readonly advice: string }
  /** The target may have taken it: what has a key is sent again, what has none is looked up first. */
  | { readonly outcome: 'unknown_outcome'; readonly code: string };

/** Every result but success: what went wrong with an exchange, a record or a whole connection. */
export type Failure = Exclude<DeliveryResult, { outcome: 'delivered' | 'skipped' }>;

/** Something that was asked of the target, or why there is no answer to it. */
export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

/** What Start finds out about a target. */
export type VerifyResult =
  /** `warnings`: sentences for the customer about what will not be as they may expect. */
  | { readonly ok: true; readonly warnings?: readonly string[] }
  /**
   * `settings`: the customer must change something. `unreachable`: may work later. `resting`: the target answers and asks to
   * be left alone for a while. `message` is for the customer.
   */
  | {
      readonly ok: false;
      readonly cause: 'settings' | 'unreachable' | 'resting';
      readonly code: string;
      readonly message: string;
    };

/** One record on its way, with the revision and the id that stay the same over all tries of the same content. */
export interface Delivery {
  readonly record: CanonicalRecord;
  /** `<source update time>#<sequence>`: compares as text, newer is greater. */
  readonly revision: string;
  /** Idempotency key: equal for every try of the same content, different for newer content. */
  readonly deliveryId: string;
  /** The newest event that led to this state. */
  readonly event: { readonly id: string; readonly type: string; readonly occurredAtMs: number };
  /** IANA name of the tenant's: for what is an instant in the record, and a day in the target. */
  readonly timeZone: string;
  /** The target's id of this record from an earlier delivery; the record may have been deleted there since. */
  readonly targetId?: string;
  /** The target's ids of the related records, as far as they are known. */
  readonly relatedIds: ReadonlyMap<RecordKey, string>;
}

/** An answer, or `held`: nothing was sent, because the connection rests until the target may be asked again. */
export type TargetResponse = HttpResponse | { readonly kind: 'held'; readonly retryAfterMs: number };

/** Stands for one account at a target while the program runs: what connectors remember about it hangs on it. */
export type AccountHandle = object;

/** What a connector's functions get: the tenant's settings and the way out. It reads nothing else. */
export interface Target {
  readonly settings: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly environment: 'production' | 'sandbox';
  /** IANA name. */
  readonly timeZone: string;
  /** The same object for the same settings of the same tenant. */
  readonly account: AccountHandle;
  /** Milliseconds since the epoch, at the moment of asking. */
  now(): number;
  /** One exchange, within the connector's limits. */
  request(request: HttpRequest): Promise<TargetResponse>;
  /**
   * An OAuth access token, a cached one where it is not the one that the target `refused`, or is younger than `keptForMs`. One
   * request in flight per client.
   */
  accessToken(client: OAuthClient, refused?: string, keptForMs?: number): Promise<AccessToken>;
}

/** One record of the target as it is now, beside what a delivery would make of it. Ties between records are left out. */
export interface HeldRecord {
  /** The target's name of the kind of record, for example `contacts`. */
  readonly place: string;
  /** What would be written, by the target's names of the fields, as text; an empty text clears. */
  readonly wanted: Readonly<Record<string, string>>;
  /** What stands in these fields now, as text; undefined: there is no such record yet. */
  readonly held?: Readonly<Record<string, string>>;
}

/** How a target is asked what it holds, for people who want to see what a delivery would change. */
export interface Look {
  /** Whether an exchange changes nothing at the target. While a tenant looks, no other one leaves, whoever asks for it. */
  isRead(request: HttpRequest): boolean;
  /** One result per delivery, same order; no record in it: a delivery would write none. */
  held(deliveries: readonly Delivery[], target: Target): Promise<readonly Asked<readonly HeldRecord[]>[]>;
}

/** Whether and how a target holds a kind of record. */
export type KindSupport = 'upsert' | { readonly unsupported: string };

/** How hard one account may be asked, over all records and all workers of this process. */
export interface ConnectionLimits {
  /** Requests at a time. */
  readonly concurrent: number;
  /** No more than `requests` may start in any `perMs`. */
  readonly burst?: { readonly requests: number; readonly perMs: number };
}

/**
 * A target system. Implement it in `connectors/<id>/<id>.connector.ts` and add one line to `connectors.ts`.
 * The functions build requests and read answers; they build no HTTP client, read no environment, write no log,
 * do not retry and do not sleep. `docs/connectors/authors.md` is the way through it.
 */
export interface Connector {
  readonly id: string;
  readonly label: string;
  /** Page of the documentation for the tenant's administrator. */
  readonly docs: string;
  readonly fields: readonly ConnectorField[];
  readonly defaultProfile: 'crm' | 'erp' | 'all';
  /** Total over the record kinds. */
  readonly kinds: Readonly<Record<RecordKind, KindSupport>>;
  readonly limits: ConnectionLimits;
  /**
   * How many records of one sync the target takes in one request, children behind their parents. Absent, or 1: children are
   * delivered when their parents are there.
   */
  recordsPerRequest?(settings: Readonly<Record<string, string>>): number;
  /** Problems in the settings that only this connector knows, each a sentence for the customer. */
  checkSettings(settings: Readonly<Record<string, string>>): readonly string[];
  /**
   * Names the account that the settings lead to, where `api-url` and `account` do not: two tokens of one vendor's
   * address may open two accounts, and what one holds says nothing about the other. Asked before every delivery: remember
   * the answer with an `AccountMemory`.
   */
  identify?(target: Target): Promise<Asked<string>>;
  /** One cheap authenticated exchange that changes no record. */
  verify(target: Target): Promise<VerifyResult>;
  /** Creates what records need in the target (fields, pipelines), or checks that it is there. Idempotent; called by Start after {@link verify}. */
  ensureSchema?(target: Target): Promise<VerifyResult>;
  /**
   * What an exchange means, by itself; undefined: the target did as asked. The one place where a connector judges
   * status, headers and body, also of answers that report failures with a good status.
   *
   * @param nowMs milliseconds since the epoch, to measure dates in headers against
   */
  classify(response: TargetResponse, nowMs: number): Failure | undefined;
  /** Upserts the records in the given order; one result per record, same order. */
  deliver(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]>;
  /** Absent: the target has no way to be asked what it holds. */
  readonly look?: Look;
}
