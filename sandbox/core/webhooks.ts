import { objectOf, tryParseJson, type JsonValue } from '../http/json.ts';
import type { StoryEvent } from '../story/story-events.ts';

/** Core has a time limit of unknown length; the safest assumption is five seconds. */
const ANSWER_WITHIN_MS = 5000;

export type FailureHandlingMode = 'none' | 'divert' | 'suspend';

export interface WebhookRegistration {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly failureHandlingMode: FailureHandlingMode;
}

/** What came of one delivery of one event to one webhook. */
export interface RingResult {
  readonly webhook: string;
  readonly eventId: string;
  /** `0`: no answer within the time limit, or no connection. */
  readonly status: number;
  readonly answer: JsonValue | undefined;
  readonly durationMs: number;
  readonly handled: 'delivered' | 'dropped' | 'diverted' | 'suspended';
}

interface Webhook {
  readonly registration: WebhookRegistration;
  readonly diverted: StoryEvent[];
  suspended: boolean;
}

/** Core's webhooks: each event is sent once, a failure is handled as the registration says, nothing is retried by itself. */
export class Webhooks {
  readonly #byName = new Map<string, Webhook>();

  register(registration: WebhookRegistration): void {
    const known = this.#byName.get(registration.name);
    this.#byName.set(registration.name, { registration, diverted: known?.diverted ?? [], suspended: false });
  }

  remove(name: string): boolean {
    return this.#byName.delete(name);
  }

  list(): readonly (WebhookRegistration & { readonly suspended: boolean })[] {
    return [...this.#byName.values()].map(({ registration, suspended }) => ({ ...registration, suspended }));
  }

  unsuspend(name: string): boolean {
    const webhook = this.#byName.get(name);
    if (webhook === undefined) return false;
    webhook.suspended = false;
    return true;
  }

  diverted(name: string): readonly StoryEvent[] | undefined {
    return this.#byName.get(name)?.diverted;
  }

  /** Takes the diverted events of a transaction away; `undefined` where there are none. */
  takeDiverted(name: string, transactionId: string): readonly StoryEvent[] | undefined {
    const kept = this.#byName.get(name)?.diverted;
    const taken = kept?.filter((event) => event.transactionId === transactionId) ?? [];
    if (kept === undefined || taken.length === 0) return undefined;
    kept.splice(0, kept.length, ...kept.filter((event) => event.transactionId !== transactionId));
    return taken;
  }

  /** Sends the event to every webhook that asked for it. */
  ring(event: StoryEvent): Promise<readonly RingResult[]> {
    const asked = [...this.#byName.values()].filter(({ registration }) => registration.events.includes(event.type));
    return Promise.all(asked.map((webhook) => send(webhook, event)));
  }

  /** Sends the event to one webhook again. */
  async ringOne(name: string, event: StoryEvent): Promise<void> {
    const webhook = this.#byName.get(name);
    if (webhook !== undefined) await send(webhook, event);
  }
}

async function send(webhook: Webhook, event: StoryEvent): Promise<RingResult> {
  const { name, url, failureHandlingMode } = webhook.registration;
  const base = { webhook: name, eventId: event.id };
  if (webhook.suspended) return { ...base, status: 0, answer: undefined, durationMs: 0, handled: 'suspended' };
  const startedMs = performance.now();
  const { status, answer } = await post(url, JSON.stringify(event.body));
  const result = { ...base, status, answer, durationMs: performance.now() - startedMs };
  if (status === 200) return { ...result, handled: 'delivered' };
  if (failureHandlingMode === 'divert') webhook.diverted.push(event);
  if (failureHandlingMode === 'suspend') webhook.suspended = true;
  return {
    ...result,
    handled: ({ none: 'dropped', divert: 'diverted', suspend: 'suspended' } as const)[failureHandlingMode],
  };
}

async function post(url: string, body: string): Promise<{ status: number; answer: JsonValue | undefined }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { status: response.status, answer: objectOf(tryParseJson(await response.text())) };
  } catch {
    return { status: 0, answer: undefined };
  }
}
