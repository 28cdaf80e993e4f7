import { readdirSync, readFileSync } from 'node:fs';
import { lineReasonFor } from '../../src/ops/line-reasons.js';
import { reasonFor } from '../../src/ops/reasons.js';

const CONNECTORS = new URL('../../src/connectors/', import.meta.url);
const PAGES = new URL('../../docs/connectors/', import.meta.url);

/** The codes that a connector makes itself; those of a vendor's vocabulary are not in its source as such. */
function ownCodesOf(target: string): readonly string[] {
  const folder = new URL(`${target}/`, CONNECTORS);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const own = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const text = own.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
  return [...new Set([...text.matchAll(/(?:code: |settingsProblem\()'(\w+)'/g)].map(([, code = '']) => code))];
}

it.each([
  ['hubspot', 10],
  ['odoo', 20],
  ['salesforce', 5],
])('the page of %s has every code that the connector makes, but for those of docs/operations.md', (target, least) => {
  const page = readFileSync(new URL(`${target}.md`, PAGES), 'utf8');
  const codes = ownCodesOf(target);
  expect(codes.length).toBeGreaterThanOrEqual(least);
  const isOnPage = (code: string) =>
    page.includes(`\`${code}\``) || (code.startsWith('unknown_answer_') && page.includes('`unknown_answer_'));
  const isInOperations = (code: string) =>
    (['retry', 'dead', 'skipped', 'paused'] as const).some((where) => reasonFor(where, code) !== undefined) ||
    lineReasonFor('tenant.start_refused', code) !== undefined;
  expect(codes.filter((code) => !isOnPage(code) && !isInOperations(code))).toEqual([]);
});
