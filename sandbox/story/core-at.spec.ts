import { objectOf, objectsOf, type JsonObject } from '../http/json.ts';
import { coreAt, readStorySources, type CoreWorld } from './core-at.ts';
import { readStoryEvents } from './story-events.ts';

const sources = readStorySources();
const events = readStoryEvents();
const at = (instant: string): CoreWorld => coreAt(sources, events, Date.parse(instant));

const policy = (world: CoreWorld): JsonObject => objectOf(world.policies[0]);
const invoice = (world: CoreWorld, number: string): JsonObject =>
  objectOf(objectsOf(policy(world).invoices).find(({ displayId }) => displayId === number));
const livePremium = (world: CoreWorld): string =>
  objectsOf(policy(world).characteristics)
    .filter(({ replacedTimestamp }) => replacedTimestamp === undefined)
    .reduce((sum, { grossPremium }) => sum + Number(grossPremium), 0)
    .toFixed(2);

describe('what Core answers at a moment of the story', () => {
  it.each([
    ['2024-05-20T16:15:00Z', 0, '0.00'],
    ['2024-05-20T16:16:00Z', 1, '1100.00'],
    ['2024-05-22T00:00:00Z', 1, '1100.00'],
    ['2024-08-21T00:00:00Z', 1, '1189.75'],
    ['2024-10-26T00:00:00Z', 1, '457.75'],
    ['2024-11-05T00:00:00Z', 1, '1189.75'],
    ['2025-05-16T00:00:00Z', 1, '2470.75'],
  ])('at %s there are %d policies with a live premium of %s', (instant, count, premium) => {
    const world = at(instant);
    expect(world.policies).toHaveLength(count);
    expect(livePremium(world)).toBe(premium);
  });

  it.each([
    ['2024-05-22T00:00:00Z', '100004230', 'outstanding', undefined, 0],
    ['2024-06-01T00:00:00Z', '100004230', 'settled', 'paid', 1],
    ['2024-08-21T00:00:00Z', '100004270', 'outstanding', undefined, 0],
    ['2024-09-11T00:00:00Z', '100004270', 'settled', 'paid', 1],
    ['2024-09-14T00:00:00Z', '100004270', 'outstanding', undefined, 1],
    ['2024-11-02T01:00:00Z', '100004270', 'settled', 'paid', 2],
    ['2024-11-01T00:00:00Z', '100004334', undefined, undefined, 0],
    ['2024-11-03T00:00:00Z', '100004334', 'outstanding', undefined, 0],
  ])('at %s the invoice %s is %s (%s) with %d payments', (instant, number, status, type, payments) => {
    const found = invoice(at(instant), number);
    expect([found.settlementStatus, found.settlementType]).toEqual([status, type]);
    expect(objectsOf(found.payments)).toHaveLength(payments);
  });

  it('shows a payment as reversed only after it bounced', () => {
    const bounced = (instant: string) => objectsOf(invoice(at(instant), '100004270').payments)[0]?.reversedTimestamp;
    expect(bounced('2024-09-12T00:00:00Z')).toBeUndefined();
    expect(bounced('2024-09-14T00:00:00Z')).toBe('1726235100000');
  });

  it('marks the invoice of a reinstatement that is not issued yet', () => {
    expect(invoice(at('2024-11-03T00:00:00Z'), '100004334').transactionIssued).toBe(false);
    expect(invoice(at('2024-11-05T00:00:00Z'), '100004334').transactionIssued).toBe(true);
  });

  it.each<[keyof CoreWorld, string, readonly (string | undefined)[]]>([
    ['quotes', '2024-05-20T16:16:00Z', ['draft', 'quoted']],
    ['quotes', '2024-05-20T16:42:00Z', ['quoted', 'declined']],
    ['quotes', '2024-05-21T00:00:00Z', ['accepted', 'declined']],
    ['endorsements', '2024-08-19T21:00:00Z', []],
    ['endorsements', '2024-08-19T22:01:00Z', ['application']],
    ['endorsements', '2024-08-19T22:07:00Z', ['quoted']],
    ['endorsements', '2024-08-20T18:01:00Z', ['accepted']],
    ['endorsements', '2024-08-21T00:00:00Z', ['issued']],
    ['cancellations', '2024-10-20T00:00:00Z', ['draft']],
    ['cancellations', '2024-10-26T00:00:00Z', ['issued']],
    ['reinstatements', '2024-11-01T00:00:00Z', ['draft']],
    ['reinstatements', '2024-11-03T00:00:00Z', ['accepted']],
    ['reinstatements', '2024-11-05T00:00:00Z', ['issued']],
    ['renewals', '2025-04-21T00:00:00Z', ['application']],
    ['renewals', '2025-05-16T00:00:00Z', ['issued']],
    ['premiumReports', '2024-10-02T17:00:00Z', ['draft']],
    ['premiumReports', '2024-11-08T00:00:00Z', ['reversed']],
  ])('%s at %s are %p', (collection, instant, states) => {
    expect(at(instant)[collection].map(({ state }) => state)).toEqual(states);
  });

  it.each([
    ['2024-10-03T15:00:00Z', 'pending', []],
    ['2024-10-03T18:00:00Z', 'open', [['open', 0]]],
    ['2024-10-10T00:00:00Z', 'open', [['open', -3200]]],
    ['2024-12-19T18:00:00Z', 'open', [['closed', 0]]],
    ['2025-01-07T00:00:00Z', 'closed', [['open', 0]]],
  ])('at %s the claim is %s with the subclaims %p', (instant, status, subClaims) => {
    const claim = objectOf(at(instant).claims[0]);
    expect(claim.currentStatus).toBe(status);
    expect(objectsOf(claim.subClaims).map((item) => [item.currentStatus, item.lossReserve])).toEqual(subClaims);
  });

  it('knows the payable only until it is reversed', () => {
    const counts = ['2024-10-11T00:00:00Z', '2024-10-12T00:00:00Z', '2024-10-15T00:00:00Z'];
    expect(counts.map((instant) => at(instant).payables.length)).toEqual([0, 1, 0]);
  });

  it('settles the grace period once it is satisfied, and names the cancellation once there is one', () => {
    const [opened, cancelled, satisfied] = ['2024-09-20', '2024-10-20', '2024-11-03'].map((day) =>
      objectOf(at(`${day}T00:00:00Z`).gracePeriods[0]),
    );
    expect([opened?.cancellationLocator, opened?.settledTimestamp]).toEqual([undefined, undefined]);
    expect([cancelled?.cancellationLocator, cancelled?.settledTimestamp]).toEqual(['100004320', undefined]);
    expect(satisfied?.settledTimestamp).toBe('1730507408400');
  });

  it('learns the phone number with the update of the policyholder', () => {
    const phone = (instant: string) => objectOf(objectOf(objectOf(at(instant).policyholders[0]).entity).values).phone;
    expect(phone('2024-05-21T00:00:00Z')).toBeUndefined();
    expect(phone('2024-07-03T00:00:00Z')).toEqual(['+1-415-555-0142']);
  });

  it('never shows an instant of the future as an update', () => {
    for (const event of events) {
      const world = coreAt(sources, events, event.atMs);
      const updates = Object.values(world).flatMap((entities: readonly JsonObject[]) =>
        entities.map(({ updatedTimestamp }) => Number(updatedTimestamp ?? 0)),
      );
      expect(updates.filter((updatedMs) => updatedMs > event.atMs)).toEqual([]);
    }
  });
});
