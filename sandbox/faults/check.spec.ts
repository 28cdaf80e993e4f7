import { type Evidence, findingsOf } from './check.ts';

const RIGHT: Evidence = {
  accepted: new Set(['e-1', 'e-2', 'e-3']),
  told: ['e-1', 'e-2', 'e-3', 'e-4'],
  answers: new Map([
    [200, 3],
    [503, 2],
    [502, 1],
    [0, 1],
  ]),
  stored: [
    { id: 'e-1', state: 'delivered', code: '' },
    { id: 'e-2', state: 'skipped', code: 'no_locator' },
    { id: 'e-3', state: 'dead', code: 'status_503' },
    { id: 'e-4', state: 'delivered', code: '' },
  ],
  storedAfterReplay: [
    { id: 'e-1', state: 'delivered', code: '' },
    { id: 'e-2', state: 'skipped', code: 'no_locator' },
    { id: 'e-3', state: 'delivered', code: '' },
    { id: 'e-4', state: 'delivered', code: '' },
  ],
  differences: [],
  doubled: [],
  happened: new Map([['p-1 status', ['"quoted"', '"issued"']]]),
  undisturbed: new Map([['p-1 status', ['"quoted"', '"issued"']]]),
  olderRefused: [],
  crashes: [],
};

const without = (id: string): Partial<Evidence> => ({
  stored: RIGHT.stored.filter((event) => event.id !== id),
  storedAfterReplay: RIGHT.storedAfterReplay.filter((event) => event.id !== id),
});

const ending = (state: string): Partial<Evidence> => ({
  storedAfterReplay: RIGHT.storedAfterReplay.map((event) => (event.id === 'e-1' ? { ...event, state } : event)),
});

describe('the verdict on a run', () => {
  it('finds nothing where every promise was kept', () => {
    expect(findingsOf(RIGHT)).toEqual([]);
  });

  it.each<[string, Partial<Evidence>, string, string]>([
    ['an accepted event that is nowhere', without('e-1'), 'lost', 'e-1 was answered 200 and is nowhere'],
    ['an event that only the stream told of', without('e-4'), 'missed', 'e-4 was never accepted'],
    ['an end that is none', ending('gone'), 'lost', '"gone"'],
    ['an event that waits for ever', ending('waiting'), 'stuck', 'e-1 still waits'],
    ['a dead letter that no replay helps', ending('dead'), 'stuck', 'e-1 is dead'],
    [
      'an event stored twice',
      { storedAfterReplay: [...RIGHT.storedAfterReplay, { id: 'e-1', state: 'delivered', code: '' }] },
      'duplicated',
      'e-1 is stored twice',
    ],
    ['a record that stood twice', { doubled: ['p-1'] }, 'duplicated', 'p-1 stood twice'],
    [
      'an old state over a new one',
      { happened: new Map([['p-1 status', ['"quoted"', '"issued"', '"quoted"']]]) },
      'older write',
      'p-1 status',
    ],
    ['an old state that the target refused', { olderRefused: ['p-1 (status)'] }, 'older write', 'p-1 (status)'],
    ['an old state in the end', { differences: ['Wrong: status of p-1.'] }, 'wrong record', 'status of p-1'],
    ['an answer that makes Core give up', { answers: new Map([[500, 1]]) }, 'wrong answer', 'answered 500 (1 times)'],
    ['a bug of the app', { crashes: ['uncaught'] }, 'crash', 'uncaught'],
  ])('finds %s', (_what, change, promise, words) => {
    const findings = findingsOf({ ...RIGHT, ...change });
    expect(findings.map((finding) => finding.promise)).toEqual([promise]);
    expect(findings[0]?.sentence).toContain(words);
  });
});
