import { readFileSync } from 'node:fs';
import type { CaseResult } from '../../bench/kit/bench-case.ts';
import { CHARTS } from '../../bench/report/chart-list.ts';
import { number, tablesOf, targetTable, withTables } from '../../bench/report/page.ts';
import { chartLinks, PAGE, readResults, writtenPage } from '../../bench/report/results.ts';

const MACHINE = { cores: 2, model: 'Some CPU', megahertz: 2_000, memoryGb: 24, kernel: 'Linux 6.1', node: '24.0.0' };

function result(
  name: string,
  variants: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>,
): CaseResult {
  return {
    case: name,
    machine: MACHINE,
    conditions: { tenants: 7 },
    variants: Object.entries(variants).map(([variant, metrics]) => ({ name: variant, metrics })),
    skipped: [],
  };
}

const accept = (app: readonly number[], p99: readonly number[]) =>
  result('accept', {
    app: { 'events/s': app, 'p99 ms at half': p99 },
    'bare node:http': { 'events/s': [1_000, 2_000, 1_000] },
  });
const rowOf = (results: ReadonlyMap<string, CaseResult>, words: string) =>
  targetTable(results)
    .split('\n')
    .find((row) => row.includes(words));

describe('docs/performance.md', () => {
  it('is what bench/results says', async () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(await writtenPage(readResults(), chartLinks(CHARTS)));
  });

  it('names every chart that it shows by a file that exists', () => {
    const shown = readFileSync(PAGE, 'utf8').match(/!\[.*?\]\(.*?\)/g) ?? [];
    expect(shown).toHaveLength(chartLinks(CHARTS).length);
  });
});

describe('a table of targets', () => {
  it.each<[string, readonly number[], string]>([
    ['met', [500, 1_000, 450], '| 0.5 (0.45 to 0.5) | met |'],
    ['met, just so,', [450, 900, 450], '| 0.45 | met |'],
    ['not met', [400, 800, 600], '| 0.4 (0.4 to 0.6) | **not met** |'],
  ])('says %s by the median of the ratios of the rounds', (_name, app, expected) => {
    expect(rowOf(new Map([['accept', accept(app, [1])]]), 'bare `node:http`')).toContain(expected);
  });

  it('says what was not measured', () => {
    expect(rowOf(new Map(), 'p99 of accept')).toContain('| not measured | – |');
  });

  it('lets the worst value decide where none may be bad', () => {
    const memory = result('memory', {
      idle: { 'group MB, highest': [50, 51, 50] },
      load: { 'group MB, highest': [90, 111, 95] },
    });
    expect(rowOf(new Map([['memory', memory]]), 'highest of all')).toContain('| 111 MB (50 to 111) | **not met** |');
  });

  it('takes the store on which growth is more', () => {
    const growth = result('growth', {
      'SQLite: 10,000 waiting, 1 tenant': { 'CPU-µs/event': [100, 100, 100] },
      'SQLite: 10,000 waiting, 1,000 tenants': { 'CPU-µs/event': [110, 110, 110] },
      'PostgreSQL: 10,000 waiting, 1 tenant': { 'CPU-µs/event': [100, 100, 100] },
      'PostgreSQL: 10,000 waiting, 1,000 tenants': { 'CPU-µs/event': [130, 130, 130] },
    });
    expect(rowOf(new Map([['growth', growth]]), 'from 1 to 1,000 tenants')).toContain('| 30 % | **not met** |');
  });
});

describe('the page', () => {
  it('changes between its markers only', () => {
    const page = 'before\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nafter\n';
    expect(withTables(page, 'new')).toBe('before\n<!-- bench:begin -->\n\nnew\n\n<!-- bench:end -->\nafter\n');
    expect(() => withTables('no markers', 'new')).toThrow('bench:begin');
  });

  it('describes the machine, the conditions and every metric with its spread', () => {
    const tables = tablesOf(
      new Map([['accept', accept([400, 500, 600], [3])]]),
      new Map([['accept', 'Durable accept']]),
      [],
    );
    expect(tables).toContain('2 cores of Some CPU at 2000 MHz, 24 GB, Linux 6.1, Node 24.0.0');
    expect(tables).toContain('### Durable accept');
    expect(tables).toContain('Median of 3 rounds (lowest to highest); tenants: 7.');
    expect(tables).toContain('| app | 500 (400–600) | 3 |');
  });

  it('says of which case there are no results', () => {
    const titles = new Map([
      ['accept', 'Durable accept'],
      ['plan', 'Inside the plan'],
    ]);
    const tables = tablesOf(new Map([['accept', accept([400, 500, 600], [3])]]), titles, []);
    expect(tables).toContain('Not measured: Inside the plan.');
    expect(tables).not.toContain('Not measured: Durable accept.');
  });

  it.each<[number, string]>([
    [0.12345, '0.12'],
    [12.345, '12.3'],
    [123.45, '123'],
    [12_345, '12,300'],
    [0, '0'],
    [-1.5, '-1.5'],
  ])('writes %d as %s', (value, expected) => {
    expect(number(value)).toBe(expected);
  });
});
