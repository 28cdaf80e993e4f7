import { inputOf, NOON_1_SEP_2024_MS, policyOf } from '../../../test/support/translation-input.js';
import type { Quote } from '../../core/entities.js';
import { policyQuoteDiscard } from './policy.quote.discard.js';
import { policyQuoteUpdate } from './policy.quote.update.js';

const READ_AT_MS = NOON_1_SEP_2024_MS + 5_000;
const policy = policyOf({ currency: 'USD' });

function inputWith(parts: Partial<Quote>, snapshot: { readonly policy?: typeof policy } = { policy }) {
  const quote: Quote = { locator: 'q', name: '2', state: 'draft', characteristics: [], exposures: [], ...parts };
  return inputOf({ snapshot: { ...snapshot, quote } });
}

/** The record of the quote, as an update of it leaves it. */
function updated(...input: Parameters<typeof inputWith>) {
  const { event, ...rest } = inputWith(...input);
  const translation = policyQuoteUpdate.translate({ ...rest, event: { ...event, type: 'policy.quote.update' } });
  return translation.outcome === 'records' ? translation.records.find(({ kind }) => kind === 'quote') : undefined;
}

describe('a quote', () => {
  it('is priced by what was not replaced', () => {
    const segment = { locator: 's', startMs: 0, endMs: 1, fieldValues: {}, fieldGroups: {} };
    const characteristics = [
      { ...segment, grossPremium: '7.00', replacedMs: 5 },
      { ...segment, grossPremium: '5.00' },
      { ...segment, grossPremium: '0.50' },
    ];
    expect(updated({ characteristics })?.fields).toMatchObject({ grossPremium: '5.50' });
  });

  it('is in its own currency, else in that of its policy', () => {
    expect(updated({ currency: 'CAD' })?.fields).toMatchObject({ currency: 'CAD' });
    expect(updated({})?.fields).toMatchObject({ currency: 'USD' });
  });

  it('is named after its policy, also where Core does not have that', () => {
    expect(updated({})?.fields).toMatchObject({ name: '100-2' });
    expect(updated({ policyLocator: '300' }, {})?.fields).toMatchObject({ name: '300-2' });
    expect(updated({}, {})?.fields).toMatchObject({ name: '2' });
  });

  it.each([
    ['accepted', 'accepted', 'upsert'],
    ['discarded', 'discarded', 'void'],
    ['referred', 'unknown', 'upsert'],
  ])('that Core shows as %s is %s: %s', (state, shown, op) => {
    expect(updated({ state })).toMatchObject({ op, fields: { state: shown } });
  });

  it('that is discarded is void for good, also while Core still shows a draft', () => {
    const { event, ...rest } = inputWith({ updatedMs: READ_AT_MS + 70 });
    expect(policyQuoteDiscard.translate({ ...rest, event: { ...event, type: 'policy.quote.discard' } })).toMatchObject({
      records: [
        { kind: 'policy' },
        { kind: 'quote', op: 'void', fields: { state: 'discarded' }, sourceUpdatedAtMs: READ_AT_MS + 71 },
        { kind: 'activity' },
      ],
    });
  });
});
