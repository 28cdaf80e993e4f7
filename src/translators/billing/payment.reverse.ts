import { defineTranslator } from '../translator.js';
import { PAYMENT_NEEDS, paymentTranslation } from './payment-translation.js';

/** A payment bounced or was taken back: its invoice is outstanding again. */
export const paymentReverse = defineTranslator('payment.reverse', {
  needs: PAYMENT_NEEDS,
  translate: (input) => paymentTranslation(input, ({ subject }) => `${subject} reversed`, 'A payment was reversed'),
});
