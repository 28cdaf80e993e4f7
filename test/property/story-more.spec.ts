import { openLiveCrm } from '../support/life-target.js';
import { describeLives } from '../support/story-lives.js';

/** The second half of the thousand lives of `story.spec.ts`. */
describeLives({
  target: 'any REST API',
  open: openLiveCrm,
  expected: 'expected-crm',
  firstSeed: 501,
  count: 500,
  budgetMs: 300_000,
});
