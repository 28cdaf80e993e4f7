import type { ReceivedRequest, Reply } from '../../http/loopback-server.ts';
import type { StandInFaults } from '../target-stand-in.ts';
import {
  errorReply,
  type HubspotError,
  invalidProperty,
  missingScope,
  rateLimited,
  unauthorized,
} from './hubspot-errors.ts';
import { isWrite } from './hubspot-routes.ts';

/** An optional property of each kind, which the target can be told to refuse. */
const OPTIONAL: Readonly<Record<string, string>> = {
  party: 'phone',
  quote: 'closedate',
  policy: 'socotra_fees',
  claim: 'content',
};

const SCOPES: Readonly<Record<string, string>> = {
  party: 'crm.objects.contacts.write',
  quote: 'crm.objects.deals.write',
  policy: 'crm.objects.custom.write',
  claim: 'tickets',
  activity: 'crm.objects.contacts.write',
};

type Effect = { readonly answer: Reply } | 'cut after commit';

/** What goes wrong, in HubSpot's words. The faults are functions of their own: whoever runs them may pass them on. */
export class HubspotFaults implements StandInFaults {
  #next: Effect[] = [];
  #refusedCredentials: 'INVALID_AUTHENTICATION' | 'EXPIRED_AUTHENTICATION' | undefined;
  readonly #forbidden = new Set<string>();
  readonly #records = new Set<string>();
  readonly #fields = new Map<string, string>();

  /** What the fault makes of the request; undefined: nothing. */
  take(request: ReceivedRequest): Effect | undefined {
    if (this.#refusedCredentials) return { answer: unauthorized(this.#refusedCredentials) };
    return isWrite(request) ? this.#next.shift() : undefined;
  }

  /** Whether writing this kind is forbidden. */
  forbids(kind: string): Reply | undefined {
    return this.#forbidden.has(kind)
      ? errorReply(missingScope(SCOPES[kind] ?? 'crm.objects.contacts.write'))
      : undefined;
  }

  /** What is refused of one record. */
  problemOf(kind: string, key: string, properties: Readonly<Record<string, string>>): HubspotError | undefined {
    if (this.#records.has(key)) {
      const message = 'The record is not valid.';
      return { status: 400, category: 'VALIDATION_ERROR', message, errors: [{ message, code: 'INVALID_RECORD' }] };
    }
    const field = this.#fields.get(kind);
    return field !== undefined && properties[field]
      ? invalidProperty(field, 'INVALID_FORMAT', `${field} has a format that is not valid`)
      : undefined;
  }

  readonly cutAfterCommit = (times = 1): void => {
    this.#add('cut after commit', times);
  };

  readonly answerWith = (
    reply: { status: number; headers?: Readonly<Record<string, string>>; body?: string },
    times = 1,
  ): void => {
    const { status, headers = {}, body = '' } = reply;
    this.#add({ answer: { status, headers, text: body } }, times);
  };

  /** HubSpot names a time only when it moves an account to another data centre. */
  readonly throttle = (seconds: number | undefined, times = 1): void => {
    const moving = {
      status: 477,
      headers: { 'retry-after': String(seconds) },
      body: { status: 'error', message: 'Migration in progress' },
    };
    this.#add({ answer: seconds === undefined ? rateLimited('TEN_SECONDLY_ROLLING') : moving }, times);
  };

  readonly serverError = (times = 1): void => {
    this.#add({ answer: { status: 500, body: { status: 'error', message: 'internal error' } } }, times);
  };

  readonly lock = (times = 1): void => {
    this.#add({ answer: { status: 423, body: { status: 'error', message: 'Locked' } } }, times);
  };

  /** A service key is not renewable: there is no other token until the customer enters one. */
  readonly expireTokens = (): void => {
    this.#refusedCredentials = 'EXPIRED_AUTHENTICATION';
  };

  readonly revokeCredentials = (): void => {
    this.#refusedCredentials = 'INVALID_AUTHENTICATION';
  };

  readonly restoreCredentials = (): void => {
    this.#refusedCredentials = undefined;
  };

  readonly forbid = (kind: string): void => {
    this.#forbidden.add(kind);
  };

  readonly refuseRecord = (key: string): void => {
    this.#records.add(key);
  };

  readonly refuseField = (kind: string): string => {
    const field = OPTIONAL[kind];
    if (field === undefined) throw new Error(`HubSpot could do without no field of ${kind}.`);
    this.#fields.set(kind, field);
    return field;
  };

  #add(effect: Effect, times: number): void {
    this.#next = [...this.#next, ...Array.from({ length: times }, () => effect)];
  }
}
