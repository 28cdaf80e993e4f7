import { inputOf, policyholderOf, policyOf } from '../../test/support/translation-input.js';
import type { SocotraEvent } from '../events/socotra-events.js';
import { activityRecord, ownLine } from './activity.js';
import { voidRecord } from './record.js';

const LOCATORS = { policyLocator: '100', claimLocator: '200' };
const BASE: Partial<SocotraEvent> = { id: 'a', type: 'claim.open', transactionId: 't', locators: LOCATORS };

function keyFor(event: Partial<SocotraEvent>): string {
  const input = inputOf({ event: { ...BASE, ...event } });
  return activityRecord(input, ownLine(input, voidRecord(input, 'claim', '200', {}), 'line')).key;
}

function withoutTransaction(id: string): string {
  const { event, ...input } = inputOf({ event: { ...BASE, id } });
  const { transactionId: _, ...rest } = event;
  const sparse = { ...input, event: rest };
  return activityRecord(sparse, ownLine(sparse, voidRecord(sparse, 'claim', '200', {}), 'line')).key;
}

describe('the key of a timeline line', () => {
  it('is a short hash', () => {
    expect(keyFor({})).toMatch(/^p-act-[0-9a-f]{24}$/);
  });

  it.each<[string, Partial<SocotraEvent>]>([
    ['another event id', { id: 'b' }],
    ['another order of the locators', { locators: { claimLocator: '200', policyLocator: '100' } }],
    ['another time of sending', { occurredAtMs: 1 }],
  ])('stays for %s', (_what, event) => {
    expect(keyFor(event)).toBe(keyFor({}));
  });

  it.each<[string, Partial<SocotraEvent>]>([
    ['another type', { type: 'claim.update' }],
    ['another transaction', { transactionId: 'u' }],
    ['another locator', { locators: { ...LOCATORS, claimLocator: '201' } }],
  ])('changes for %s', (_what, event) => {
    expect(keyFor(event)).not.toBe(keyFor({}));
  });

  it('comes from the event id where there is no transaction', () => {
    expect(withoutTransaction('a')).toBe(withoutTransaction('a'));
    expect(withoutTransaction('a')).not.toBe(withoutTransaction('b'));
  });
});

describe('what a timeline line relates to', () => {
  const policy = policyOf();
  const policyholder = policyholderOf({});

  it.each([
    ['the policy and the own record, also one that has ended', { policy, policyholder }, ['p-pol-100', 'p-clm-200']],
    ['the policyholder where there is no policy', { policyholder }, ['p-pty-holder-1', 'p-clm-200']],
    ['the own record alone', {}, ['p-clm-200']],
  ] as const)('%s', (_what, snapshot, keys) => {
    const input = inputOf({ event: BASE, snapshot });
    const about = voidRecord(input, 'claim', '200', {});
    const { relations } = activityRecord(input, ownLine(input, about, 'line'));
    expect(relations.map((relation) => relation.key)).toEqual(keys);
    expect(relations.every((relation) => !relation.required)).toBe(true);
  });
});
