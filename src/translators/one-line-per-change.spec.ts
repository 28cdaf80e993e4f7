import { inputOf, modificationOf, NOON_1_SEP_2024_MS, policyOf } from '../../test/support/translation-input.js';
import { storyEvent, storyInput, translated } from '../../test/support/story-translation.js';
import type { EventName, SocotraEvent } from '../events/socotra-events.js';
import type { Quote } from '../core/entities.js';
import type { RecordOf } from '../records/canonical-record.js';
import { CANCEL } from './policy/policy-status.js';
import type { Translation, TranslationInput, Translator } from './translator.js';
import { TRANSLATORS } from './translators.js';

/** The two events that tell one change, and the sentence that both leave. */
const PAIRS: readonly (readonly [EventName, EventName, string])[] = [
  ['endorsement.issue', 'policy.endorse', "Endorsement 'generic' issued, effective 1 Sep 2024: premium +89.75 USD"],
  ['renewal.issue', 'policy.renew', 'Renewal 100004390 issued, effective 1 Jun 2025: premium +1281.00 USD'],
  [
    'cancellation.issue',
    'policy.cancel',
    "Cancellation 'non_payment' issued, effective 25 Oct 2024: premium -732.00 USD",
  ],
  ['policy.create', 'policy.quote.create', 'Policy 100004200 drafted as a quote, cover 1 Jun 2024 to 1 Jun 2025'],
  ['policy.quote.accept', 'policy.finalize', 'Policy 100004200 accepted, ready to be issued: premium 1100.00 USD'],
  [
    'invoice.pastDue',
    'policy.gracePeriod',
    'Invoice 100004270 past due: 97.15 USD was due 15 Sep 2024; grace period ends 16 Oct 2024',
  ],
];
const EVENTS = PAIRS.flatMap(([first, second, sentence]) => [[first, sentence] as const, [second, sentence] as const]);
const PARTNERS = PAIRS.flatMap(([first, second]) => [[first, second] as const, [second, first] as const]);
/** When the last snapshot of the story is read: much has changed since the event. */
const LATE_MS = Date.parse('2025-05-16T00:00:00Z');

function lineOf(translation: Translation): RecordOf<'activity'> {
  const activities = translation.outcome === 'records' ? translation.records : [];
  const [line, ...others] = activities.filter((record) => record.kind === 'activity');
  if (line === undefined || others.length > 0) throw new Error('not one line');
  return line;
}

/** What must not depend on which of the two events came; the acceptance happened when either event says. */
function told(line: RecordOf<'activity'>): unknown {
  const { key, fields, relations } = line;
  return { key, subject: fields.subject, type: fields.type, relations };
}

function withoutTransaction({ transactionId: _, ...event }: SocotraEvent): SocotraEvent {
  return event;
}

describe('a change that two events tell', () => {
  it.each(EVENTS)('%s alone says: %s', async (name, sentence) => {
    expect(lineOf(await translated(storyEvent(name))).fields.subject).toBe(sentence);
  });

  it.each(PARTNERS)('%s leaves the line that %s leaves', async (name, partner) => {
    const line = told(lineOf(await translated(storyEvent(name))));
    expect(line).toEqual(told(lineOf(await translated(storyEvent(partner)))));
  });

  it.each(PARTNERS)('%s without a transaction leaves the line that %s leaves with one', async (name, partner) => {
    const line = told(lineOf(await translated(withoutTransaction(storyEvent(name)))));
    expect(line).toEqual(told(lineOf(await translated(storyEvent(partner)))));
  });

  it.each(PARTNERS)(
    '%s resent under a new id, in another transaction, leaves the line of %s',
    async (name, partner) => {
      const resent = { ...storyEvent(name), id: 'resent', transactionId: 'another' };
      expect(told(lineOf(await translated(resent)))).toEqual(told(lineOf(await translated(storyEvent(partner)))));
    },
  );

  it.each(PARTNERS)('%s found late, in a newer state of the policy, leaves the line of %s', async (name, partner) => {
    const { key, fields } = lineOf(await translated(storyEvent(name), LATE_MS));
    const line = lineOf(await translated(storyEvent(partner)));
    expect([key, fields.subject]).toEqual([line.key, line.fields.subject]);
  });

  it.each(PARTNERS.filter(([name]) => name !== 'policy.quote.accept' && name !== 'policy.finalize'))(
    '%s happened when %s did, also where Core sends it a little later',
    async (name, partner) => {
      const event = storyEvent(name);
      const { occurredAt } = lineOf(await translated({ ...event, occurredAtMs: event.occurredAtMs + 7_000 })).fields;
      expect(occurredAt).toBe(lineOf(await translated(storyEvent(partner))).fields.occurredAt);
    },
  );
});

function translate(input: TranslationInput): RecordOf<'activity'> {
  const translator: Translator = TRANSLATORS[input.event.type];
  return lineOf(translator.translate(input));
}

describe('changes that only look alike keep their lines', () => {
  const NOW = NOON_1_SEP_2024_MS;
  const first = modificationOf({ locator: 'm-1', endorsementLocator: 'e-1', issuedMs: NOW, premiumChange: '1.00' });
  const second = modificationOf({
    locator: 'm-2',
    endorsementLocator: 'e-2',
    issuedMs: NOW + 50,
    premiumChange: '2.00',
  });
  const policy = policyOf({ modifications: [first, second] });
  const endorsed = (event: Partial<SocotraEvent>, snapshot = { policy }) => translate(inputOf({ event, snapshot }));

  it.each([
    ['named', { type: 'endorsement.issue', locators: { policyLocator: '100', endorsementLocator: 'e-1' } }, '+1.00'],
    ['named', { type: 'endorsement.issue', locators: { policyLocator: '100', endorsementLocator: 'e-2' } }, '+2.00'],
    ['nearest', { type: 'policy.endorse', occurredAtMs: NOW + 10 }, '+1.00'],
    ['nearest', { type: 'policy.endorse', occurredAtMs: NOW + 60 }, '+2.00'],
  ] as const)('two endorsements issued at once are told apart: %s, %j', (_how, event, premium) => {
    expect(endorsed(event).fields.subject).toBe(`Endorsement 'generic' issued: premium ${premium} USD`);
  });

  it('an endorsement that Core does not show yet does not take over the line of an earlier one', () => {
    const late = { type: 'policy.endorse', occurredAtMs: NOW + 86_400_000 } as const;
    expect(endorsed(late).fields.subject).toBe('Endorsement issued');
    expect(endorsed(late).key).not.toBe(endorsed({ ...late, occurredAtMs: NOW }).key);
  });

  it('until Core shows it, the transaction holds the two events together', () => {
    const snapshot = { policy: policyOf() };
    const own = { type: 'endorsement.issue', locators: { policyLocator: '100', endorsementLocator: 'e-9' } } as const;
    expect(endorsed(own, snapshot)).toEqual(endorsed({ type: 'policy.endorse', id: 'other' }, snapshot));
    expect(endorsed(own, snapshot).key).not.toBe(endorsed({ ...own, transactionId: 'other' }, snapshot).key);
  });

  it('a cancellation is no endorsement', () => {
    const cancelled = { policy: policyOf({ modifications: [modificationOf({ name: CANCEL, issuedMs: NOW })] }) };
    expect(endorsed({ type: 'policy.endorse' }, cancelled).fields.subject).toBe('Endorsement issued');
  });

  it.each([
    ['the first quote', 9_999, 'Policy 100 drafted as a quote'],
    ['a quote opened later', 10_001, 'Quote 100-2 drafted'],
  ])('%s', (_what, afterMs, subject) => {
    const quote: Quote = {
      locator: 'q',
      name: '2',
      state: 'draft',
      createdMs: 1_000 + afterMs,
      characteristics: [],
      exposures: [],
    };
    const snapshot = { policy: policyOf({ createdMs: 1_000 }), quote };
    expect(translate(inputOf({ event: { type: 'policy.quote.create' }, snapshot })).fields.subject).toBe(subject);
  });

  it('two bills that are past due leave two lines', async () => {
    const input = await storyInput(storyEvent('policy.gracePeriod'));
    const { invoiceLocator: _, ...gracePeriod } = input.snapshot.gracePeriod ?? { locator: 'g' };
    const other = {
      ...input,
      event: { ...input.event, locators: { ...input.event.locators, invoiceLocator: 'other' } },
      snapshot: { ...input.snapshot, gracePeriod },
    };
    expect(translate(other).fields.subject).toBe('An invoice is past due');
    expect(translate(other).key).not.toBe(translate(input).key);
  });

  it('a grace period that names no bill has a line of its own', () => {
    const snapshot = { policy: policyOf(), gracePeriod: { locator: 'g', endMs: NOW } };
    expect(translate(inputOf({ event: { type: 'policy.gracePeriod' }, snapshot })).fields).toMatchObject({
      subject: 'Grace period opened, ends 1 Sep 2024',
      type: 'policy.gracePeriod',
    });
  });

  it('the issue of a policy and its first bill say two things', async () => {
    const issue = lineOf(await translated(storyEvent('policy.issue')));
    const bill = lineOf(await translated(storyEvent('invoice.issue')));
    expect(issue.key).not.toBe(bill.key);
  });
});
