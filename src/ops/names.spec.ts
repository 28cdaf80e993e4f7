import { SOCOTRA_EVENTS } from '../events/socotra-events.js';
import { rootOf } from '../intake/root-of.js';
import { meaningsOf, namesIn } from './names.js';

describe('what an operator may mean', () => {
  it.each<[string, object]>([
    ['#17', { sequences: [17], eventIds: [], keys: [], roots: [] }],
    ['policy:1', { eventIds: ['policy:1'], roots: ['policy:1'], keys: expect.arrayContaining(['p-pol-1', 's-pol-1']) }],
    ['p-pay-9', { keys: ['p-pay-9'], roots: expect.arrayContaining(['payment:9']), mention: '9' }],
    [
      '100004200',
      {
        eventIds: ['100004200'],
        keys: expect.arrayContaining(['p-pol-100004200', 's-inv-100004200']),
        roots: expect.arrayContaining(['policy:100004200', 'policyholder:100004200', 'subClaim:100004200']),
        mention: '100004200',
      },
    ],
  ])('by %s', (name, expected) => {
    expect(meaningsOf(name)).toMatchObject(expected);
  });

  it('by whatever an event may name a root after', () => {
    const locators = Object.values(SOCOTRA_EVENTS).flatMap((event): readonly string[] => event.locators);
    const roots = [{}, ...locators.map((name) => ({ [name]: '9' }))].map((only) => rootOf({ id: '9', locators: only }));
    expect(meaningsOf('9').roots).toEqual(expect.arrayContaining(roots));
  });

  it('searches payloads only for what can be a locator', () => {
    expect(meaningsOf('100%')).not.toHaveProperty('mention');
  });

  it('tells numbers from ids', () => {
    expect(namesIn(['#1', 'e1', '#x'])).toEqual({ sequences: [1], eventIds: ['e1', '#x'] });
  });
});
