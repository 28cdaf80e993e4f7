import { inputOf, policyOf } from '../../test/support/translation-input.js';
import type { SnapshotMember } from '../core/snapshot.js';
import { EVENT_NAMES, type EventFamily, type EventName, familyOf, type LocatorName } from '../events/socotra-events.js';
import type { Translation, TranslationInput, Translator } from './translator.js';
import { TRANSLATORS } from './translators.js';

/** What an event of a family is about besides its policy, how its data names it, and its key in the target. */
const OWN: { readonly [F in EventFamily]?: readonly [SnapshotMember, LocatorName, string] } = {
  quote: ['quote', 'quoteLocator', 'p-quo-900'],
  gracePeriod: ['gracePeriod', 'gracePeriodLocator', 'no record of its own'],
  endorsement: ['endorsement', 'endorsementLocator', 'p-chg-900'],
  renewal: ['renewal', 'renewalLocator', 'p-chg-900'],
  cancellation: ['cancellation', 'cancellationLocator', 'p-chg-900'],
  reinstatement: ['reinstatement', 'reinstatementLocator', 'p-chg-900'],
  invoice: ['invoice', 'invoiceLocator', 'p-inv-900'],
  payment: ['payment', 'paymentLocator', 'p-pay-900'],
  claim: ['claim', 'claimLocator', 'p-clm-900'],
  subClaim: ['claim', 'claimLocator', 'p-clm-900'],
  premiumReport: ['premiumReport', 'premiumReportLocator', 'p-prm-900'],
};

const ROWS = EVENT_NAMES.flatMap((name) => {
  const own = OWN[familyOf(name)];
  return own === undefined ? [] : [[name, ...own] as const];
});

/** The event names a policy that Core has, and something of it that Core does not have. */
function inputFor(type: EventName, member: SnapshotMember, locatorName: LocatorName): TranslationInput {
  const locators = { policyLocator: '100', [locatorName]: '900' };
  return inputOf({ event: { type, locators }, snapshot: { policy: policyOf(), notFound: new Set([member]) } });
}

function translate(input: TranslationInput): Translation {
  const translator: Translator = TRANSLATORS[input.event.type];
  return translator.translate(input);
}

const isEnd = (name: EventName) => TRANSLATORS[name].mayBeGone;

describe('an event about something that Core does not have, on a policy that it has', () => {
  it.each(ROWS.filter(([name]) => !isEnd(name)))('%s says nothing', (name, member, locatorName) => {
    expect(translate(inputFor(name, member, locatorName))).toEqual({ outcome: 'skip', reason: 'not_found_in_core' });
  });

  it.each(ROWS.filter(([name]) => isEnd(name)))(
    '%s ends it where the target holds it, and says so there only',
    (name, member, locatorName, key) => {
      const translation = translate(inputFor(name, member, locatorName));
      const records = translation.outcome === 'records' ? translation.records : [];
      const of = (kind: string) => records.filter((record) => record.kind === kind);
      expect(records.filter((record) => record.key === key)).toMatchObject([{ op: 'void', onlyIfHeld: key }]);
      expect(of('activity')).toMatchObject([{ relations: [{ key: 'p-pol-100' }, { key }], onlyIfHeld: key }]);
      expect(of('policy').map(({ onlyIfHeld }) => onlyIfHeld)).toEqual([undefined]);
      expect([translation, records.length]).toMatchObject([{ about: key }, 3]);
    },
  );

  it.each(ROWS)('%s is told where the data does not name it', (name, _member, locatorName) => {
    const input = inputFor(name, 'policyholder', locatorName);
    const sparse = { ...input, event: { ...input.event, locators: { policyLocator: '100' } } };
    expect(translate(sparse)).toMatchObject({
      about: 'p-pol-100',
      records: [{ kind: 'policy' }, { kind: 'activity' }],
    });
  });
});

it('policy.discard ends a policy that Core does not have where the target holds it, and says so there only', () => {
  const event = { type: 'policy.discard', locators: { policyLocator: '900' } } as const;
  const key = 'p-pol-900';
  expect(translate(inputOf({ event, snapshot: { notFound: new Set(['policy']) } }))).toMatchObject({
    about: key,
    records: [
      { key, op: 'void', onlyIfHeld: key },
      { kind: 'activity', relations: [{ key }], onlyIfHeld: key },
    ],
  });
});
