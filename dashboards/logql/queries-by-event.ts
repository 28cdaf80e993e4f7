import type { Plan } from './plan.ts';
import { eventOf, type LogText } from './select-sample.ts';

interface Query {
  add(line: LogText): void;
}

/** Hands a line only to the queries about lines of its kind: most are about one, and there are many queries. */
export class QueriesByEvent {
  readonly #byEvent = new Map<string | undefined, Query[]>();

  /** @returns the query */
  put<Q extends Query>(plan: Plan, query: Q): Q {
    const event = eventOf(plan.range);
    this.#byEvent.set(event, [...(this.#byEvent.get(event) ?? []), query]);
    return query;
  }

  add(line: LogText): void {
    const event = line.fields?.event;
    if (typeof event === 'string') for (const query of this.#byEvent.get(event) ?? []) query.add(line);
    for (const query of this.#byEvent.get(undefined) ?? []) query.add(line);
  }
}
