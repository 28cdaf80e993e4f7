import { readdirSync } from 'node:fs';
import { fixture } from '../../test/support/fixtures.ts';
import {
  EVENT_NAMES,
  familyOf,
  isEventName,
  LOCATOR_PATTERN,
  MANIFEST_EVENT_NAMES,
  SOCOTRA_EVENTS,
} from './socotra-events.js';

/** The names that every Core knows: each has a fixture. */
const SEED_NAMES = readdirSync(new URL('../../test/fixtures/events/', import.meta.url)).map((file) =>
  file.replace(/\.json$/, ''),
);
/** Names that only a newer Core knows: read when they arrive, never subscribed to. */
const NEWER_NAMES = ['cancellation.effective', 'invoice.writtenOff'];

it('there are 75 events to subscribe to, and two more to understand', () => {
  expect(SEED_NAMES).toHaveLength(75);
  expect([...MANIFEST_EVENT_NAMES].sort()).toEqual(SEED_NAMES.toSorted());
  expect([...EVENT_NAMES].sort()).toEqual([...SEED_NAMES, ...NEWER_NAMES].sort());
});

describe.each(MANIFEST_EVENT_NAMES)('%s', (name) => {
  const { type, data } = fixture(`events/${name}.json`) as { type: string; data: Record<string, string> };

  it('is what its fixture is', () => {
    expect(type).toBe(name);
    expect(isEventName(name)).toBe(true);
  });

  it('may carry every locator of its fixture', () => {
    const sent = Object.entries(data).filter(([member]) => member.endsWith('Locator'));
    expect(SOCOTRA_EVENTS[name].locators).toEqual(expect.arrayContaining(sent.map(([member]) => member)));
    expect(sent.filter(([, locator]) => !LOCATOR_PATTERN.test(locator))).toEqual([]);
  });
});

it.each([
  ['policyholder.create', 'policyholder'],
  ['policy.end.reminder', 'policy'],
  ['policy.quote.declined', 'quote'],
  ['policy.gracePeriod', 'gracePeriod'],
  ['policy.gracePeriod.satisfied', 'gracePeriod'],
  ['policy.reinstatement.open', 'legacyReinstatement'],
  ['reinstatement.issue', 'reinstatement'],
  ['cancellation.effective', 'cancellation'],
  ['invoice.writtenOff', 'invoice'],
  ['subClaim.createPayable', 'subClaim'],
  ['premiumReport.issue', 'premiumReport'],
  ['login.failure', 'login'],
] as const)('%s is of the family %s', (name, family) => {
  expect(familyOf(name)).toBe(family);
});

it.each(['Policy.issue', 'policy', '', '__proto__', 'constructor', 'toString'])('%j is no event', (name) => {
  expect(isEventName(name)).toBe(false);
});

it.each([
  ['100004200', true],
  ['5cef871b-2adf-5cd5-8603-a74d63fc5992', true],
  ['A', true],
  ['x'.repeat(64), true],
  ['x'.repeat(65), false],
  ['', false],
  ['a/b', false],
  ['..', false],
  ['a b', false],
  ['a%2f', false],
  ['a?b', false],
  ['a\n', false],
  ['é', false],
])('the locator %j: %s', (text, allowed) => {
  expect(LOCATOR_PATTERN.test(text)).toBe(allowed);
});
