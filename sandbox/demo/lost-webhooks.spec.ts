import { readStoryEvents } from '../story/story-events.ts';
import { lostWebhooks } from './lost-webhooks.ts';

const events = readStoryEvents();
const EVERY_SEED = Array.from({ length: 200 }, (_, seed) => seed);

describe('the webhooks that never ring', () => {
  it.each([
    [0, 0],
    [10, 8],
    [50, 38],
    [90, 68],
  ])('at %d percent are %d of 75', (percent, count) => {
    expect(lostWebhooks(events, percent, 1).size).toBe(count);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(lostWebhooks(events, 10, 7)).toEqual(lostWebhooks(events, 10, 7));
    expect(lostWebhooks(events, 10, 7)).not.toEqual(lostWebhooks(events, 10, 8));
  });

  it('are any of them, over many seeds', () => {
    const ever = new Set(EVERY_SEED.flatMap((seed) => [...lostWebhooks(events, 10, seed)]));
    expect(ever.size).toBe(events.length);
  });
});
