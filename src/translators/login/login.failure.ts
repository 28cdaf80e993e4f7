import { defineTranslator } from '../translator.js';
import { skip } from '../translation.js';

/** Somebody failed to log in: security noise, no business of a CRM. */
export const loginFailure = defineTranslator('login.failure', {
  needs: [],
  translate: () => skip('login_not_synced'),
});
