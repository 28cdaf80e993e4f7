import { inSteps, type StoryEvent } from '../story/story-events.ts';

/** A part of the story that happens in Core at one moment, before any of its webhooks rings. */
export interface Chapter {
  readonly events: readonly StoryEvent[];
  /** Story time in milliseconds. */
  readonly atMs: number;
}

/** Few enough that a run is quick, many enough that there is always something newer to come. */
export const CHAPTERS = 10;

/** Time goes on a little after the last event, for what time alone brings. */
const EPILOGUE_MS = 60_000;

/** The story in {@link CHAPTERS} parts of about the same size; what Core does in one step stays together. */
export function inChapters(events: readonly StoryEvent[]): readonly Chapter[] {
  const steps = inSteps(events);
  const parts: StoryEvent[][] = Array.from({ length: CHAPTERS }, () => []);
  let before = 0;
  for (const step of steps) {
    parts[Math.floor((before / events.length) * CHAPTERS)]?.push(...step);
    before += step.length;
  }
  return parts.map((part, index) => {
    const lastMs = Math.max(...part.map(({ atMs }) => atMs));
    return { events: part, atMs: index === CHAPTERS - 1 ? lastMs + EPILOGUE_MS : lastMs };
  });
}
