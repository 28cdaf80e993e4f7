import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { REASONS } from '../../src/ops/reasons.js';
import { USAGE } from '../../src/ops/usage.js';

const PAGE = new URL('../../docs/operations.md', import.meta.url);
const BEGIN = '<!-- Generated from src/ops/reasons.ts: change the words there (UPDATE_GOLDEN=1 writes them here). -->';
const END = '<!-- End of the generated table. -->';
/** As for the golden files. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';

function tableOfCodes(): string {
  const rows = REASONS.map(({ where, codes, meaning, remedy = '' }) => {
    const names = codes.map((code) => `\`${code}\``).join(', ');
    return `| ${where} | ${names} | ${meaning} | ${remedy} |`;
  });
  return ['| Where | Code | Meaning | What helps |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

describe('docs/operations.md', () => {
  it('has the table of codes that the commands speak from', async () => {
    const config = await resolveConfig(PAGE);
    const page = readFileSync(PAGE, 'utf8');
    const [before, rest = ''] = page.split(BEGIN);
    const [, after] = rest.split(END);
    if (after === undefined) throw new Error('The marks of the generated table are gone.');
    const text = `${before ?? ''}${BEGIN}\n\n${tableOfCodes()}\n\n${END}${after}`;
    const formatted = await format(text, { ...config, parser: 'markdown' });
    if (IS_UPDATE) writeFileSync(PAGE, formatted);
    expect(readFileSync(PAGE, 'utf8')).toBe(formatted);
  });

  it('has the commands as their help shows them', () => {
    expect(readFileSync(PAGE, 'utf8')).toContain(USAGE.trim());
  });
});
