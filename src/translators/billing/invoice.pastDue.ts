import { tell } from '../translation.js';
import { defineTranslator } from '../translator.js';
import { invoiceRecord } from './invoice-record.js';
import { INVOICE_NEEDS } from './invoice-translation.js';
import { pastDueLine } from './past-due-line.js';

/** A bill was not paid in time; a grace period usually opens with it. Told as one line with `policy.gracePeriod`. */
export const invoicePastDue = defineTranslator('invoice.pastDue', {
  needs: INVOICE_NEEDS,
  translate: (input) => {
    const { invoice } = input.snapshot;
    const locator = invoice?.locator ?? input.event.locators.invoiceLocator;
    const line = locator === undefined ? 'An invoice is past due' : pastDueLine(input, locator);
    return tell(input, { line, about: invoice && invoiceRecord(input, invoice) });
  },
});
