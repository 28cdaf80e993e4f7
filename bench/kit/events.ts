import { fixtureJson, Template } from './template.ts';

/** What a run of webhooks is made of: one event for each policy, or the ten of a policy one after the other. */
export type EventPlan = 'single' | 'burst';

/** What Core rings when a policy is written and paid: ten events on one policy. */
export const BURST_TYPES = [
  'policy.create',
  'policy.quote.create',
  'policy.quote.update',
  'policy.quote.quoted',
  'policy.quote.accept',
  'policy.finalize',
  'policy.issue',
  'invoice.issue',
  'policy.update',
  'payment.pay',
] as const;

export const SINGLE_TYPE = 'policy.issue';

const TYPES: Readonly<Record<EventPlan, readonly string[]>> = { single: [SINGLE_TYPE], burst: BURST_TYPES };

export interface RungEvent {
  /** Number of the policy it is about. */
  readonly policy: number;
  /** Body of the webhook. */
  readonly body: string;
}

/** Makes the bodies of webhooks out of the fixtures; an event happens when it is made. */
export class EventMaker {
  readonly #templates: readonly Template[];

  /** @param types of the events of one policy, in the order in which they ring */
  constructor(types: readonly string[]) {
    this.#templates = types.map((type) => {
      const { timestamp: _timestamp, ...rest } = fixtureJson(`events/${type}.json`);
      return Template.of(rest);
    });
  }

  static of(plan: EventPlan): EventMaker {
    return new EventMaker(TYPES[plan]);
  }

  /** The event of this place in the run. */
  at(index: number): RungEvent {
    const count = this.#templates.length;
    const policy = Math.floor(index / count);
    const rest = this.#templates[index % count]?.of(policy) ?? '{}';
    return { policy, body: `${rest.slice(0, -1)},"timestamp":"${Date.now()}"}` };
  }
}

export function eventsOfPolicy(plan: EventPlan): number {
  return TYPES[plan].length;
}
