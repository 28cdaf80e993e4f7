import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { STORES } from '../../sandbox/faults/fault-kinds.ts';
import { PAGE, pageWithTables } from '../../sandbox/faults/report.ts';
import { readResults, RESULTS } from '../../sandbox/faults/results.ts';

const folder = fileURLToPath(RESULTS);
const results = { sqlite: readResults(folder, 'sqlite'), postgres: readResults(folder, 'postgres') };

describe('docs/reliability.md', () => {
  it('has the tables that follow from the results', async () => {
    expect(await pageWithTables(results)).toBe(readFileSync(PAGE, 'utf8'));
  });

  it.each(STORES)('tells of enough runs on %s, in none of which anything was lost, doubled or overwritten', (store) => {
    expect(results[store].length).toBeGreaterThanOrEqual(100);
    const worst = ['lost', 'duplicated', 'older write'];
    expect(results[store].flatMap(({ findings }) => findings).filter(({ promise }) => worst.includes(promise))).toEqual(
      [],
    );
  });
});
