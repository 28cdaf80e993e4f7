import { tell } from '../translation.js';
import { defineTranslator } from '../translator.js';
import { calledBy } from '../wording.js';
import { invoiceRecord } from './invoice-record.js';
import { INVOICE_NEEDS, totalOf } from './invoice-translation.js';

/** Newer than the manifest: the insurer gave up on a bill; nobody has to pay it any more. */
export const invoiceWrittenOff = defineTranslator('invoice.writtenOff', {
  needs: INVOICE_NEEDS,
  translate: (input) => {
    const { invoice } = input.snapshot;
    if (invoice === undefined) return tell(input, { line: 'An invoice was written off' });
    return tell(input, {
      line: `Invoice ${calledBy(invoice)}${totalOf(input, ' of', invoice)} written off`,
      about: invoiceRecord(input, invoice),
    });
  },
});
