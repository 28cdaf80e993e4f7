import { defineTranslator } from '../translator.js';
import { skip } from '../translation.js';

/** Somebody logged in: security noise, no business of a CRM. */
export const loginSuccess = defineTranslator('login.success', {
  needs: [],
  translate: () => skip('login_not_synced'),
});
