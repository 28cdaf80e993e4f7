import { isNegative, negate } from '../../records/money.js';
import { defineTranslator } from '../translator.js';
import { onDay } from '../wording.js';
import { INVOICE_NEEDS, invoiceTranslation, totalOf } from './invoice-translation.js';

/** A bill, or a credit where the total is negative: then nobody has to pay until a day. */
export const invoiceIssue = defineTranslator('invoice.issue', {
  needs: INVOICE_NEEDS,
  translate: (input) =>
    invoiceTranslation(
      input,
      (invoice, number) =>
        isNegative(invoice.totalDue)
          ? `Invoice ${number} issued${totalOf(input, ': credit of', { ...invoice, totalDue: negate(invoice.totalDue) })}`
          : `Invoice ${number} issued${totalOf(input, ':', invoice)}${onDay(input, ' due', invoice.dueMs)}`,
      'An invoice was issued',
    ),
});
