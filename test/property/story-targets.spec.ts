import { STAND_INS } from '../../sandbox/conformance/stand-ins.ts';
import { openStandIn } from '../support/life-target.js';
import { describeLives, seedsOf } from '../support/story-lives.js';

/**
 * As `story.spec.ts`, through the stand-in of every other target: one variant of each, fewer lives, because theirs go
 * through HTTP. STORY_TARGET=hubspot STORY_SEED=n repeats one.
 */
const { STORY_TARGET } = process.env;
const byConnector = Map.groupBy(STAND_INS, ({ connectorId }) => connectorId);

for (const [target, [standIn]] of byConnector) {
  if (standIn === undefined || target === 'rest' || (STORY_TARGET ?? target) !== target) continue;
  describeLives({
    ...seedsOf(1, 60),
    target: standIn.name,
    open: openStandIn(standIn),
    expected: `expected-${target}`,
    budgetMs: 60_000,
  });
}
