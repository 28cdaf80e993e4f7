import { defineTranslator } from '../translator.js';
import { RENEWAL_NEEDS, renewalTranslation } from './renewal-translation.js';

/** A change of the policy came first, so this offer of a next term can no longer be issued. */
export const renewalInvalidate = defineTranslator('renewal.invalidate', {
  needs: RENEWAL_NEEDS,
  mayBeGone: true,
  translate: (input) => renewalTranslation(input, 'invalidated', { endState: 'invalidated' }),
});
