import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import type { AccessToken, OAuthClient } from './oauth-tokens.js';
import type { CanonicalRecord } from '../records/canonical-record.js';
import type { RecordKind } from '../records/record-kinds.js';

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

/** What happened to one record. The design's section 5: failure is a value. */
export type DeliveryResult =
  | { readonly outcome: 'delivered'; readonly change: 'created' | 'updated' | 'unchanged'; readonly targetId?: string }
  | { readonly outcome: 'skipped'; readonly code: string }
  | { readonly outcome: 'retry'; readonly code: string; readonly retryAfterMs?: number }
  /** The target as a whole does not answer; the record was not taken, or nobody knows. Nothing else is sent meanwhile. */
  | { readonly outcome: 'unreachable'; readonly code: string }
  | { readonly outcome: 'throttled'; readonly code: string; readonly retryAfterMs?: number }
  /** The connection itself is refused: the tenant pauses, its events wait. `target_gone`: the address says it is closed for good. */
  | { readonly outcome: 'auth'; readonly code: 'target_unauthorized' | 'target_gone' }
  | { readonly outcome: 'dependency'; readonly code: string }
  | { readonly outcome: 'rejected'; readonly code: string; readonly field?: string; readonly advice: string }
  /** The target may have taken it: what has a key is sent again, what has none is looked up first. */
  | { readonly outcome: 'unknown_outcome'; readonly code: string };

/** Answer of the cheap authenticated read that Start makes. */
export type VerifyResult =
  | { readonly ok: true }
  /** `settings`: the customer must change something. `unreachable`: may work later. `message` is for the customer. */
  | { readonly ok: false; readonly cause: 'settings' | 'unreachable'; readonly code: string; readonly message: string };

/** One record on its way, with the revision and the id that stay the same over all tries of the same content. */
export interface Delivery {
  readonly record: CanonicalRecord;
  /** `<source update time>#<sequence>`: compares as text, newer is greater. */
  readonly revision: string;
  /** Idempotency key: equal for every try of the same content, different for newer content. */
  readonly deliveryId: string;
  /** The newest event that led to this state. */
  readonly event: { readonly id: string; readonly type: string; readonly occurredAtMs: number };
}

/** What a connector's functions get: the tenant's settings and the way out. It reads nothing else. */
export interface Target {
  readonly settings: Readonly<Record<string, string>>;
  readonly tenant: string;
  readonly environment: 'production' | 'sandbox';
  /** Milliseconds since the epoch, at the moment of asking. */
  now(): number;
  request(request: HttpRequest): Promise<HttpResponse>;
  /** A cached OAuth access token; `renew` after the target refused the last one. One request in flight per client. */
  accessToken(client: OAuthClient, renew?: boolean): Promise<AccessToken>;
}

/** Whether and how a target holds a kind of record. */
export type KindSupport = 'upsert' | { readonly unsupported: string };

/**
 * A target system. Implement it in `connectors/<id>/<id>.connector.ts` and add one line to `connectors.ts`.
 * The functions build requests and read answers; they build no HTTP client, read no environment, write no log,
 * do not retry and do not sleep.
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
  /** Problems in the settings that only this connector knows, each a sentence for the customer. */
  checkSettings(settings: Readonly<Record<string, string>>): readonly string[];
  /** One cheap authenticated exchange that changes no record. */
  verify(target: Target): Promise<VerifyResult>;
  /** Upserts the records in the given order; one result per record, same order. */
  deliver(deliveries: readonly Delivery[], target: Target): Promise<readonly DeliveryResult[]>;
}
