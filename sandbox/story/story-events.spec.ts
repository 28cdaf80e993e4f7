import { inSteps, readStoryEvents } from './story-events.ts';

const events = readStoryEvents();

describe('the events of the story', () => {
  it('are 75, in the order in which they happen', () => {
    expect(events).toHaveLength(75);
    expect(events.map(({ atMs }) => atMs)).toEqual(events.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
  });

  it.each([
    ['policy.issue', 'invoice.issue'],
    ['policy.create', 'policy.quote.create'],
    ['payment.reverse', 'invoice.pastDue'],
    ['subClaim.close', 'claim.close'],
    ['claim.close', 'subClaim.reopen'],
  ])('%s comes before %s', (first, second) => {
    const types = events.map(({ type }) => type);
    expect(types).toContain(first);
    expect(types.indexOf(first)).toBeLessThan(types.indexOf(second));
  });

  it.each([
    ['policy.create', 'policy.quote.create'],
    ['policy.quote.accept', 'policy.finalize'],
    ['policy.issue', 'invoice.issue'],
    ['endorsement.issue', 'policy.endorse'],
    ['invoice.pastDue', 'policy.gracePeriod'],
    ['cancellation.issue', 'policy.cancel'],
  ])('%s and %s are one step, because they share a transaction', (first, second) => {
    const step = inSteps(events).find((candidate) => candidate.some(({ type }) => type === first));
    expect(step?.map(({ type }) => type)).toEqual([first, second]);
  });

  it('loses no event when it is cut into steps', () => {
    expect(inSteps(events).flat()).toEqual(events);
  });
});
