import { openLiveCrm } from '../support/life-target.js';
import { describeLives, seedsOf } from '../support/story-lives.js';

/**
 * Whatever happens to the webhooks on their way, the CRM ends the same. In each life of the story every event rings
 * 0 to 5 times at random later moments, syncs happen at random moments, Core and the CRM fail at random; at the end the
 * event stream is read. STORY_SEED=n repeats one life.
 */
describeLives({
  target: 'any REST API',
  open: openLiveCrm,
  expected: 'expected-crm',
  ...seedsOf(1, 500),
  budgetMs: 300_000,
});
