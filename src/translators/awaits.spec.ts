import { storyEvent, storyInput } from '../../test/support/story-translation.js';
import { invoiceOf, paymentOf } from '../../test/support/translation-input.js';
import type { Payment } from '../core/entities.js';
import type { Snapshot } from '../core/snapshot.js';
import { EVENT_NAMES, type EventName } from '../events/socotra-events.js';
import { LAPSE } from './policy/policy-status.js';
import { TRANSLATORS } from './translators.js';
import type { Translation, Translator } from './translator.js';

/** What comes of the event, in a snapshot that shows all modifications of the policy or none. */
async function translatedWith(name: EventName, modifications: 'all' | 'none'): Promise<Translation> {
  const translator: Translator = TRANSLATORS[name];
  const input = await storyInput(storyEvent(name));
  const { policy } = input.snapshot;
  if (modifications === 'all' || policy === undefined) return translator.translate(input);
  return translator.translate({ ...input, snapshot: { ...input.snapshot, policy: { ...policy, modifications: [] } } });
}

async function awaiting(modifications: 'all' | 'none'): Promise<readonly EventName[]> {
  const names: EventName[] = [];
  for (const name of EVENT_NAMES) {
    const translation = await translatedWith(name, modifications);
    if (translation.outcome === 'records' && translation.awaits === 'modification') names.push(name);
  }
  return names;
}

describe('an event that says that the policy was modified', () => {
  it('awaits the modification until the snapshot shows it', async () => {
    expect(await awaiting('none')).toEqual([
      'policy.endorse',
      'policy.renew',
      'policy.cancel',
      'policy.lapse',
      'endorsement.issue',
      'renewal.issue',
      'cancellation.issue',
      'reinstatement.issue',
    ]);
  });

  it('awaits nothing that is there', async () => {
    expect(await awaiting('all')).toEqual([]);
  });

  it('is told all the same, as far as is known', async () => {
    const translation = await translatedWith('reinstatement.issue', 'none');
    const records = translation.outcome === 'records' ? translation.records : [];
    const line = records.find(({ kind }) => kind === 'activity');
    expect(line?.fields).toMatchObject({ subject: 'Reinstatement 100004330 issued, effective 25 Oct 2024' });
  });
});

describe('an event that says what Core does not show yet', () => {
  /** What the translation awaits when the story's snapshot is changed so. */
  async function awaitedBy(name: EventName, change: (snapshot: Snapshot) => Partial<Snapshot>): Promise<unknown> {
    const translator: Translator = TRANSLATORS[name];
    const input = await storyInput(storyEvent(name));
    const translation = translator.translate({ ...input, snapshot: { ...input.snapshot, ...change(input.snapshot) } });
    return translation.outcome === 'records' ? translation.awaits : translation.outcome;
  }

  /** The policy with another list of payments on each of its bills. */
  function withPayments(parts: Partial<Payment> | undefined) {
    return ({ policy, payment }: Snapshot): Partial<Snapshot> => {
      if (policy === undefined || payment === undefined) throw new Error('The story has both.');
      const payments = parts === undefined ? [] : [paymentOf({ ...payment, ...parts })];
      return { policy: { ...policy, invoices: policy.invoices.map((one) => invoiceOf({ ...one, payments })) } };
    };
  }

  it('awaits the issue of a policy that is still a quote', async () => {
    const asQuote = ({ policy }: Snapshot) => {
      const { issuedMs: _, ...quote } = policy ?? {};
      return { policy: quote } as Partial<Snapshot>;
    };
    expect(await awaitedBy('policy.issue', asQuote)).toBe('modification');
    expect(await awaitedBy('policy.issue', () => ({}))).toBeUndefined();
  });

  it('awaits that the lapse is over', async () => {
    const lapsed = ({ policy }: Snapshot) => {
      const lapse = { locator: 'l', name: LAPSE, effectiveMs: 1, issuedMs: Date.now() };
      return { policy: policy && { ...policy, modifications: [lapse] } } as Partial<Snapshot>;
    };
    expect(await awaitedBy('policy.reinstatement.issue', lapsed)).toBe('modification');
    expect(await awaitedBy('policy.reinstatement.issue', () => ({}))).toBeUndefined();
  });

  it('awaits the payment on its bill, and its reversal', async () => {
    expect(await awaitedBy('payment.pay', withPayments(undefined))).toBe('payment');
    expect(await awaitedBy('payment.pay', withPayments({}))).toBeUndefined();
    expect(await awaitedBy('payment.reverse', withPayments(undefined))).toBe('payment');
    expect(await awaitedBy('payment.reverse', withPayments({ reversedMs: 1 }))).toBeUndefined();
  });

  it('awaits that the bill of a grace period is paid', async () => {
    const unpaid = ({ gracePeriod }: Snapshot) => {
      const { settledMs: _, ...open } = gracePeriod ?? {};
      return { gracePeriod: open } as Partial<Snapshot>;
    };
    expect(await awaitedBy('policy.gracePeriod.satisfied', unpaid)).toBe('settlement');
    expect(await awaitedBy('policy.gracePeriod.satisfied', () => ({}))).toBeUndefined();
    expect(await awaitedBy('policy.gracePeriod.update', unpaid)).toBeUndefined();
  });
});
