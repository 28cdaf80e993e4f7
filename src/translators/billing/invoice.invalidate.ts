import { defineTranslator } from '../translator.js';
import { INVOICE_NEEDS, invalidatedInvoice } from './invoice-translation.js';

/** The bill fell away together with what it billed, for example an invalidated endorsement. */
export const invoiceInvalidate = defineTranslator('invoice.invalidate', {
  needs: INVOICE_NEEDS,
  mayBeGone: true,
  translate: invalidatedInvoice,
});
