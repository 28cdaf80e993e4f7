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

const OPTIONS = {
  url: { type: 'string' },
  db: { type: 'string' },
  key: { type: 'string' },
  user: { type: 'string' },
  posting: { type: 'string' },
  help: { type: 'boolean' },
} as const;

process.exitCode = await run(process.argv.slice(2));

/** @returns the exit code: 0 when every case that applies is right, 1 when one is not, 2 when nothing was checked */
async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    console.error(options);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  try {
    const outcomes = await verify(options.login, options.posting);
    console.log(tableOf(outcomes));
    return outcomes.some(({ result }) => result === 'failed') ? 1 : 0;
  } catch (error) {
    console.error(`Nothing was checked: ${reasonOf(error)}`);
    return 2;
  }
}

interface Options {
  readonly login: Parameters<typeof openRealOdoo>[0];
  readonly posting: string | undefined;
}

/** @returns undefined when help was asked for; a text for whoever misused the command */
function readOptions(args: readonly string[]): Options | string | undefined {
  try {
    const { url, db, key, user, posting, help } = parseArgs({ args: [...args], options: OPTIONS }).values;
    if (help === true) return undefined;
    if (url === undefined || db === undefined || key === undefined)
      return `--url, --db and --key are needed.\n\n${USAGE}`;
    if (!URL.canParse(url)) return `--url must be a full address, for example https://odoo.example.\n\n${USAGE}`;
    return { login: { url: new URL(url).origin, database: db, key, ...(user !== undefined && { user }) }, posting };
  } catch (error) {
    // An option that is not known, or one without its value: the library's sentence names it.
    return `${error instanceof Error ? error.message : 'The options cannot be read.'}\n\n${USAGE}`;
  }
}

function reasonOf(error: unknown): string {
  const isUnreachable = error instanceof TypeError && error.message === 'fetch failed';
  if (isUnreachable) return 'the address does not answer; check --url.';
  return error instanceof Error ? error.message : 'unknown';
}

async function verify(
  login: Parameters<typeof openRealOdoo>[0],
  postingChoice: string | undefined,
): Promise<readonly Outcome[]> {
  const engine = await loadBuiltEngine();
  const target = await openRealOdoo(login, postingChoice);
  const clock = realClock();
  const outcomes: Outcome[] = [];
  for (const [index, testCase] of CASES.entries()) {
    const { name, needs } = testCase;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${index + 1} of ${CASES.length}: ${name}`.slice(0, 100));
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
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
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
