import { wentBack, WriteHistory } from './write-history.ts';

const record = (key: string, status: string | undefined) => ({
  kind: 'policy',
  key,
  id: '1',
  fields: status === undefined ? {} : { status },
  tiedTo: [],
});

function historyOf(...statuses: readonly (string | undefined)[]) {
  const history = new WriteHistory();
  for (const status of statuses) history.note([record('p-1', status)]);
  return history;
}

describe('the history of what a target held', () => {
  it('keeps each change of a field once', () => {
    expect([...historyOf('quoted', 'quoted', 'issued', undefined).values]).toEqual([
      ['p-1 status', ['"quoted"', '"issued"', undefined]],
    ]);
  });

  it('remembers what stood twice, also when it is gone at the end', () => {
    const history = historyOf('quoted');
    expect(history.doubled).toEqual([]);
    history.note([record('p-1', 'quoted'), record('p-1', 'issued')]);
    history.note([record('p-1', 'issued')]);
    expect(history.doubled).toEqual(['p-1']);
  });

  it.each<[string, readonly (string | undefined)[], boolean]>([
    ['the same way', ['quoted', 'issued', 'cancelled', 'issued'], false],
    ['steps left out', ['issued', 'cancelled'], false],
    ['newest only', ['issued'], false],
    ['back to what was there first', ['quoted', 'issued', 'quoted'], true],
    ['back and forth again', ['issued', 'quoted', 'issued'], true],
    ['cancelled twice', ['cancelled', 'issued', 'cancelled'], true],
    ['a value between two states', ['quoted', 'half', 'issued'], false],
    ['empty in between', ['quoted', undefined, 'issued'], false],
  ])('%s', (_what, statuses, isBack) => {
    const undisturbed = historyOf('quoted', 'issued', 'cancelled', 'issued').values;
    expect(wentBack(historyOf(...statuses).values, undisturbed)).toEqual(isBack ? ['p-1 status'] : []);
  });
});
