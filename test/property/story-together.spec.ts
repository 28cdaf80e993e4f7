import { openLiveCrm } from '../support/life-target.js';
import { describeLives, seedsOf } from '../support/story-lives.js';

/** Five hundred other lives than those of `story.spec.ts`, with all records of a sync in one request. */
describeLives({
  target: 'any REST API, all records together',
  open: (around) => openLiveCrm(around, { 'batch-size': '100' }),
  expected: 'expected-crm',
  ...seedsOf(501, 500),
  budgetMs: 300_000,
});
