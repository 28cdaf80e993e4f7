import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { linesOfATurn } from './lines-of-a-turn.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = () => readFileSync(join(folder, 'log'), 'utf8');

it('lines of one turn are written together when it is over, in their order', async () => {
  const stream = linesOfATurn(join(folder, 'log'));
  stream.write('1\n');
  stream.write('2\n');
  expect(written()).toBe('');
  await turn();
  expect(written()).toBe('1\n2\n');
  stream.write('3\n');
  await turn();
  expect(written()).toBe('1\n2\n3\n');
});

it('a flood within one turn does not wait for its end', () => {
  const stream = linesOfATurn(join(folder, 'log'));
  for (let line = 0; line < 1_000; line++) stream.write(`${'x'.repeat(199)}\n`);
  expect(written().length).toBeGreaterThan(150_000);
});

it('nothing stays behind when the process ends in the same turn', () => {
  const program = `
    import { linesOfATurn } from './lines-of-a-turn.ts';
    linesOfATurn().write('last words\\n');
    process.exit(1);
  `;
  const inside = { encoding: 'utf8', cwd: import.meta.dirname } as const;
  const run = () => execFileSync(process.execPath, ['--input-type=module', '-e', program], inside);
  expect(run).toThrow(expect.objectContaining({ stdout: 'last words\n', status: 1 }));
});
