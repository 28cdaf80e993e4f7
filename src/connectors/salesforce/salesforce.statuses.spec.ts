import { chooseStatuses, readStatuses, type Status } from './salesforce.statuses.js';

const stage = (ApiName: string, IsClosed: boolean, IsWon: boolean) => ({ ApiName, IsClosed, IsWon });
const none: readonly Status[] = [];

describe('the values of a picklist', () => {
  const rows = [stage('Neu', false, false), stage('Gewonnen', true, true), stage('Verloren', true, false)];
  it.each<[string, readonly string[], readonly unknown[], readonly Status[]]>([
    [
      'with their meaning, in their order',
      ['Gewonnen', 'Neu', 'Verloren'],
      rows,
      [
        { name: 'Neu', meaning: 'open' },
        { name: 'Gewonnen', meaning: 'won' },
        { name: 'Verloren', meaning: 'closed' },
      ],
    ],
    ['that the user may choose', ['Neu'], rows, [{ name: 'Neu', meaning: 'open' }]],
    ['without a meaning where that may not be read', ['A', 'B'], [], [{ name: 'A' }, { name: 'B' }]],
    ['without one where the rows cannot be read', ['A'], [null, 7, { Name: 'A' }], [{ name: 'A' }]],
  ])('%s', (_what, active, given, expected) => {
    expect(readStatuses(active, given)).toEqual(expected);
  });
});

describe('the stage that is chosen', () => {
  const known = readStatuses(
    ['Qualification', 'Prospecting', 'Closed Won', 'Closed Lost'],
    [
      stage('Qualification', false, false),
      stage('Prospecting', false, false),
      stage('Closed Won', true, true),
      stage('Closed Lost', true, false),
    ],
  );
  const own = readStatuses(
    ['New Inquiry', 'Quote Sent', 'Bound', 'Not Taken'],
    [
      stage('New Inquiry', false, false),
      stage('Quote Sent', false, false),
      stage('Bound', true, true),
      stage('Not Taken', true, false),
    ],
  );
  // Somebody turned a name around: it is open now.
  const turned = readStatuses(['Closed Won', 'Sold'], [stage('Closed Won', false, false), stage('Sold', true, true)]);
  it.each<[string, readonly Status[], object]>([
    ['the usual name', known, { open: 'Prospecting', won: 'Closed Won', lost: 'Closed Lost' }],
    ['else the first with the meaning', own, { open: 'New Inquiry', won: 'Bound', lost: 'Not Taken' }],
    ['never one with another meaning', turned, { open: 'Closed Won', won: 'Sold', lost: undefined }],
    [
      'only the usual name where no meaning is known',
      [{ name: 'Closed Won' }, { name: 'Other' }],
      { open: undefined, won: 'Closed Won', lost: undefined },
    ],
    ['nothing where there is nothing', none, { open: undefined, won: undefined, lost: undefined }],
  ])('%s', (_what, stages, expected) => {
    expect(chooseStatuses({ stages, cases: none, tasks: none }).stages).toEqual(expected);
  });
});
