import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { LOG_EVENTS } from '../../src/log/log-events.js';
import { FIELD_MEANINGS, LOG_LINES } from '../../src/log/log-lines.js';
import { LINE_REASONS, lineReasonFor, type LineWithCodes } from '../../src/ops/line-reasons.js';
import { reasonFor, REASONS } from '../../src/ops/reasons.js';
import { USAGE } from '../../src/ops/usage.js';
import { parseTenantState } from '../../src/state/tenant-state.js';

const PAGE = new URL('../../docs/operations.md', import.meta.url);
/** As for the golden files. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const SRC = new URL('../../src/', import.meta.url);

/** What the program's own files have at this group of the pattern, once each. */
function inSources(folder: string, pattern: RegExp): readonly string[] {
  const files = readdirSync(new URL(folder, SRC), { recursive: true, encoding: 'utf8' });
  const own = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
  const texts = own.map((name) => readFileSync(new URL(`${folder}${name}`, SRC), 'utf8'));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, found = '']) => found)))];
}

const REFUSAL = /(?:new RequestError\(\s*\d+,|\bunavailable\()\s*'(\w+)'/g;

interface GeneratedTable {
  /** Where the words are changed. */
  readonly source: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const TABLES: readonly GeneratedTable[] = [
  {
    source: 'src/log/log-lines.ts',
    head: ['Line', 'Level', 'Meaning', 'What to do'],
    rows: Object.entries(LOG_LINES).map(([event, { meaning, remedy = '' }]) => [
      `\`${event}\``,
      levelOf(event),
      meaning,
      remedy,
    ]),
  },
  {
    source: 'src/log/log-lines.ts, the fields',
    head: ['Field', 'Meaning'],
    rows: Object.entries(FIELD_MEANINGS).map(([name, words]) => [`\`${name}\``, words]),
  },
  {
    source: 'src/ops/reasons.ts and line-reasons.ts',
    head: ['Where', 'Code', 'Meaning', 'What helps'],
    rows: [...REASONS, ...LINE_REASONS].map(({ where, codes, meaning, remedy = '' }) => [
      where,
      codes.map((code) => `\`${code}\``).join(', '),
      meaning,
      remedy,
    ]),
  },
];

function levelOf(event: string): string {
  const levels: Readonly<Partial<Record<string, string>>> = LOG_EVENTS;
  return levels[event] ?? '';
}

/** The page with this table as the code has it. */
function withTable(page: string, { source, head, rows }: GeneratedTable): string {
  const begin = `<!-- Generated from ${source}: change the words there (UPDATE_GOLDEN=1 writes them here). -->`;
  const end = '<!-- End of the generated table. -->';
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The marks of the table from ${source} are gone.`);
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${page.slice(0, from)}${begin}\n\n${lines.join('\n')}\n\n${page.slice(to)}`;
}

describe('docs/operations.md', () => {
  it('has the tables of lines, fields and codes that the code has', async () => {
    const config = await resolveConfig(PAGE);
    const text = TABLES.reduce(withTable, readFileSync(PAGE, 'utf8'));
    const formatted = await format(text, { ...config, parser: 'markdown' });
    if (IS_UPDATE) writeFileSync(PAGE, formatted);
    expect(readFileSync(PAGE, 'utf8')).toBe(formatted);
  });

  it('knows every answer of `where` about what comes next', () => {
    const command = readFileSync(new URL('../../src/ops/commands/where.ts', import.meta.url), 'utf8');
    const page = readFileSync(PAGE, 'utf8');
    // The beginnings of its sentences, as far as they are always the same.
    const said = [
      ...command.matchAll(
        /[`'](Waits, because the tenant is paused|Nothing waits\.|Next try|Due now|Nothing here is known of)/g,
      ),
    ];
    const answers = new Set(said.map(([, words = '']) => words));
    expect(answers.size).toBe(5);
    for (const words of answers) expect(page).toContain(`| \`${words}\``);
  });

  it('says what to do about every line that somebody must act on, and about every dead letter', () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .map((row) => row.split('|').map((cell) => cell.trim()));
    const helped = (...cells: readonly string[]) =>
      rows.some((row) => cells.every((cell, index) => row[index + 1] === cell) && (row.at(-2) ?? '') !== '');
    for (const [event, level] of Object.entries(LOG_EVENTS)) {
      if (level === 'error') expect([event, helped(`\`${event}\``, level)]).toEqual([event, true]);
    }
    const dead = REASONS.filter(({ where }) => where === 'dead');
    for (const { codes } of dead) {
      const names = codes.map((code) => `\`${code}\``).join(', ');
      expect([names, helped('dead', names)]).toEqual([names, true]);
    }
    expect(dead.length).toBeGreaterThan(5);
  });

  it('names as the place of a code, besides what becomes of events, only lines that there are', () => {
    const lines = LINE_REASONS.map(({ where }) => where);
    expect(lines).toContain('catchup.failed');
    expect(Object.keys(LOG_EVENTS)).toEqual(expect.arrayContaining(lines));
  });

  it.each<[LineWithCodes, readonly string[], number]>([
    ['app.failed', inSources('./', /'app\.failed', \{[^}]*?code: '(\w+)'/g), 10],
    // An address that there is not is no webhook's.
    ['webhook.refused', ['webhooks/', 'errors/'].flatMap((folder) => inSources(folder, REFUSAL)), 12],
    ['tenant.start_refused', inSources('lifecycle/', REFUSAL), 5],
    ['state.unavailable', inSources('state/', REFUSAL), 2],
  ])('has every code of %s that the source writes', (line, codes, least) => {
    expect(codes.length).toBeGreaterThanOrEqual(least);
    const unknown = codes.filter((code) => code !== 'not_found' && lineReasonFor(line, code) === undefined);
    expect(unknown).toEqual([]);
  });

  it('has every code of an address that cannot be used, where something waits and where it is dead', () => {
    const neverSent = inSources('http/', /^ {2}'([A-Z_]+)',$/gm).map((code) => code.toLowerCase());
    expect(neverSent).toContain('cert_has_expired');
    const codes = [...neverSent, 'epipe', 'und_err_socket', 'answer_too_large', 'private_address_refused'];
    const prefixed = ['', 'core_', 'token_endpoint_'].flatMap((prefix) => codes.map((code) => prefix + code));
    for (const where of ['retry', 'dead'] as const) {
      expect(prefixed.filter((code) => reasonFor(where, code) === undefined)).toEqual([]);
    }
    expect(codes.filter((code) => lineReasonFor('tenant.start_refused', code) === undefined)).toEqual([]);
  });

  it('says how the hash of a tenant is made of its host name', () => {
    const command = /^printf %s '<host name>' .*$/m.exec(readFileSync(PAGE, 'utf8'))?.[0] ?? '';
    const tenantHostName = 'Customer-1.example.com';
    const made = execFileSync('sh', ['-c', command.replace('<host name>', tenantHostName)], { encoding: 'utf8' });
    expect(made.trim()).toBe(parseTenantState({ tenantHostName }, 'key')?.tenant);
  });

  it('has the commands as their help shows them', () => {
    expect(readFileSync(PAGE, 'utf8')).toContain(USAGE.trim());
  });
});
