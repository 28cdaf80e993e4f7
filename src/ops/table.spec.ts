import { ago, amount, bytes, plain, type Screen, wrapped } from './screen.js';
import { type Column, table } from './table.js';

const screenOf = (width: number): Screen => ({ width, isColored: false });
const ROWS = [
  { name: 'first', count: '7', words: 'a few words that need some room' },
  { name: 'the second', count: '1,234', words: '' },
];
const COLUMNS: readonly Column<(typeof ROWS)[number]>[] = [
  { title: 'name', of: ({ name }) => name },
  { title: 'count', of: ({ count }) => count, right: true },
  { title: 'in words', of: ({ words }) => words, flexible: true },
];

describe('a table', () => {
  it.each<[number, readonly string[]]>([
    [
      Infinity,
      ['name        count  in words', 'first           7  a few words that need some room', 'the second  1,234'],
    ],
    [
      40,
      [
        'name        count  in words',
        'first           7  a few words that need',
        '                   some room',
        'the second  1,234',
      ],
    ],
    [
      30,
      [
        'name      first',
        'count     7',
        'in words  a few words that',
        '          need some room',
        '',
        'name      the second',
        'count     1,234',
      ],
    ],
  ])('fits a terminal of %d columns', (width, lines) => {
    expect(table(ROWS, COLUMNS, screenOf(width))).toEqual(lines);
  });

  it('leaves out what can be had otherwise before it becomes lists', () => {
    const columns = [...COLUMNS, { title: 'id', of: () => 'x'.repeat(60), dispensable: true as const }];
    expect(table(ROWS, columns, screenOf(110))[1]).toContain('xxx');
    expect(table(ROWS, columns, screenOf(80))).toEqual(table(ROWS, COLUMNS, screenOf(80)));
    expect(table(ROWS, columns, screenOf(60)).join()).toContain('xxx');
  });

  it('becomes lists where no column can give way', () => {
    const fixed = COLUMNS.slice(0, 2);
    expect(table(ROWS, fixed, screenOf(12))[0]).toBe('name   first');
  });

  it('has its titles dimmed on a terminal that shows it', () => {
    const [titles] = table(ROWS, COLUMNS, { width: 80, isColored: true });
    expect(titles).toContain('\u001b[2m');
  });
});

describe('what is shown', () => {
  it.each<[number, string]>([
    [999, '0 s ago'],
    [61_000, '1 min ago'],
    [7_200_000, '2 h ago'],
    [200_000_000, '2 d ago'],
    [-90_000, 'in 1 min'],
  ])('%d ms ago is %s', (ms, words) => {
    expect(ago(1_000_000_000 - ms, 1_000_000_000)).toBe(words);
  });

  it.each<[string, string]>([
    ['policy:100004200', 'policy:100004200'],
    ['e-1_b.c', 'e-1_b.c'],
    ['alice@example.com', 'unprintable'],
    ['Alice Lee', 'unprintable'],
    ['\u001b[2J', 'unprintable'],
    ['', 'unprintable'],
    ['x'.repeat(97), 'unprintable'],
  ])('%j is shown as %s', (text, shown) => {
    expect(plain(text)).toBe(shown);
  });

  it.each<[number, string]>([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [1_234_567, '1.2 MB'],
    [5e15, '5000.0 TB'],
  ])('%d bytes are %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it('has thousands apart', () => {
    expect(amount(1_234_567)).toBe('1,234,567');
  });

  it('cuts a word that is longer than a line', () => {
    expect(wrapped('a verylongword b', 6)).toEqual(['a', 'verylo', 'ngword', 'b']);
  });
});
