import { describeLives } from '../support/story-lives.js';

/** The second half of the thousand lives of `story.spec.ts`. */
describeLives(501, 500);
