import { defineTranslator } from '../translator.js';
import { PAYMENT_NEEDS, paymentTranslation } from './payment-translation.js';

/** An invoice was settled: by a payment, or by a refund where it was a credit. */
export const paymentPay = defineTranslator('payment.pay', {
  needs: PAYMENT_NEEDS,
  translate: (input) =>
    paymentTranslation(
      input,
      ({ subject, bill, isRefund }) => `${subject} ${isRefund ? 'paid out' : 'received'}${bill}`,
      'A payment was received',
    ),
});
