import { CLAIM, coreScene, NOT_FOUND, PAYMENT, POLICY, POLICYHOLDER } from '../../test/support/core-scene.js';
import { json } from '../../test/support/fake-core.js';
import { rootOfPolicyFor } from './policy-root.js';
import type { EventLocators } from './read-snapshot.js';

describe('the policy an event belongs to', () => {
  const found = { kind: 'resolved', policyLocator: POLICY };
  const rows: readonly (readonly [string, EventLocators, readonly string[], unknown])[] = [
    ['stands in the event', { policyLocator: POLICY, claimLocator: CLAIM }, [], found],
    ['is named by the claim', { claimLocator: CLAIM, subClaimLocator: 's' }, [`/claim/${CLAIM}`], found],
    ['is named by the quote', { quoteLocator: '100004210' }, ['/quotes/100004210'], found],
    ['is named by the cancellation', { cancellationLocator: '100004320' }, ['/cancellations/100004320'], found],
    [
      'is named by the reinstatement’s cancellation',
      { reinstatementLocator: '100004330' },
      ['/reinstatements/100004330', '/cancellations/100004320'],
      found,
    ],
    [
      'is named by the premium report',
      { premiumReportLocator: '100005140' },
      ['/premiumReports/100005140'],
      { kind: 'resolved', policyLocator: '100005100' },
    ],
    ['is nowhere to be learnt for a payment', { paymentLocator: PAYMENT }, [], { kind: 'unresolvable' }],
    ['is not there for a policyholder', { policyholderLocator: POLICYHOLDER }, [], { kind: 'unresolvable' }],
  ];

  it.each(rows)('%s', async (_, locators, calls, expected) => {
    const { reads, calls: made } = coreScene();
    await expect(rootOfPolicyFor(reads, locators)).resolves.toEqual(expected);
    expect(made).toEqual(calls);
  });

  it('cannot be told while Core does not answer, or does not know', async () => {
    const failing = coreScene({ [`/claim/${CLAIM}`]: json({}, 500) });
    await expect(rootOfPolicyFor(failing.reads, { claimLocator: CLAIM })).resolves.toEqual({
      kind: 'retry',
      code: 'core_status_500',
    });
    const forgotten = coreScene({ [`/claim/${CLAIM}`]: NOT_FOUND });
    await expect(rootOfPolicyFor(forgotten.reads, { claimLocator: CLAIM })).resolves.toEqual({ kind: 'unresolvable' });
  });
});
