import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { INVOICE_NEEDS, invoiceTranslation, totalOf } from './invoice-translation.js';

/** A bill was not paid in time; a grace period usually opens with it. */
export const invoicePastDue = defineTranslator('invoice.pastDue', {
  needs: INVOICE_NEEDS,
  translate: (input) =>
    invoiceTranslation(
      input,
      (invoice, number) =>
        `Invoice ${number} past due${totalOf(input, ':', invoice)}${onDay(input, ' was due', invoice.dueMs)}`,
      'An invoice is past due',
    ),
});
