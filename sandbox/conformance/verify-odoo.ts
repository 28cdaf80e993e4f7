import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import colors from 'picocolors';
import { loadBuiltEngine } from './built-engine.ts';
import { CASES } from './cases.ts';
import { realClock } from './clock.ts';
import { openRealOdoo } from './real-odoo.ts';
import { appliesTo, runCase } from './run-case.ts';

const USAGE = `Runs the conformance cases against a real Odoo and prints what became of each.
It writes made-up records and leaves them there: use a database for tests.

  npm run verify:odoo -- --url https://… --db <database> --key <API key> [--user <login>, before Odoo 19] [--posting draft|post]
`;

interface Outcome {
  readonly name: string;
  readonly result: 'ok' | 'failed' | 'not applicable';
  readonly reason: string;
}

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    db: { type: 'string' },
    key: { type: 'string' },
    user: { type: 'string' },
    posting: { type: 'string' },
  },
});
const { url, db, key, user, posting } = values;
if (url === undefined || db === undefined || key === undefined || !URL.canParse(url)) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const login = { url: new URL(url).origin, database: db, key, ...(user !== undefined && { user }) };
  try {
    const outcomes = await verify(login, posting);
    console.log(tableOf(outcomes));
    process.exitCode = outcomes.some(({ result }) => result === 'failed') ? 1 : 0;
  } catch (error) {
    console.error(`Nothing was checked: ${error instanceof Error ? error.message : 'unknown'}`);
    process.exitCode = 2;
  }
}

async function verify(
  login: Parameters<typeof openRealOdoo>[0],
  postingChoice: string | undefined,
): Promise<readonly Outcome[]> {
  const engine = await loadBuiltEngine();
  const target = await openRealOdoo(login, postingChoice);
  const clock = realClock();
  const outcomes: Outcome[] = [];
  for (const testCase of CASES) {
    const { name, needs } = testCase;
    if (!appliesTo(testCase, target)) {
      outcomes.push({ name, result: 'not applicable', reason: `a real server does not play ${needs.join(', ')}` });
      continue;
    }
    try {
      await runCase(testCase, { engine, connectorId: 'odoo', target, clock });
      outcomes.push({ name, result: 'ok', reason: '' });
    } catch (error) {
      // The cases say what is wrong in sentences of their own; nothing of the server is quoted.
      outcomes.push({ name, result: 'failed', reason: error instanceof Error ? error.message : 'unknown' });
    }
  }
  return outcomes;
}

function tableOf(outcomes: readonly Outcome[]): string {
  const chars = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
  const style = { head: [], border: [] };
  const head = ['Case', 'Result', 'Reason'];
  const table = new Table({ head, colWidths: [64, 16, 60], wordWrap: true, chars, style });
  const paint = { ok: colors.green, failed: colors.red, 'not applicable': colors.dim };
  for (const { name, result, reason } of outcomes) table.push([name, paint[result](result), reason]);
  return table.toString();
}
