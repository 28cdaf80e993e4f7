import { seededRandom, shuffled } from '../story/seeded-random.ts';
import type { StoryEvent } from '../story/story-events.ts';

/** The ids of the events whose webhook never rings: this share of them, chosen by the seed. */
export function lostWebhooks(events: readonly StoryEvent[], percent: number, seed: number): ReadonlySet<string> {
  const count = Math.round((events.length * percent) / 100);
  return new Set(
    shuffled(events, seededRandom(seed))
      .slice(0, count)
      .map(({ id }) => id),
  );
}
