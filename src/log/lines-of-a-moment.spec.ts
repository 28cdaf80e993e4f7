import { jest } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import fs, { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linesOfAMoment } from './lines-of-a-moment.js';

/** Longer than a line waits. */
const MOMENT_MS = 60;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lines-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = () => readFileSync(join(folder, 'log'), 'utf8');

it('lines of one moment are written together when it is over, in their order', async () => {
  const stream = linesOfAMoment(join(folder, 'log'));
  stream.write('1\n');
  stream.write('2\n');
  expect(written()).toBe('');
  await sleep(MOMENT_MS);
  expect(written()).toBe('1\n2\n');
  stream.write('3\n');
  await sleep(MOMENT_MS);
  expect(written()).toBe('1\n2\n3\n');
});

it('nobody waits for the disk where the log goes to a file', async () => {
  const flushes = [jest.spyOn(fs, 'fsyncSync'), jest.spyOn(fs, 'fdatasyncSync')];
  const stream = linesOfAMoment(join(folder, 'log'));
  stream.write('1\n');
  await sleep(MOMENT_MS);
  expect(written()).toBe('1\n');
  for (const flush of flushes) expect(flush).not.toHaveBeenCalled();
  jest.restoreAllMocks();
});

it('a flood within one moment does not wait for its end', () => {
  const stream = linesOfAMoment(join(folder, 'log'));
  for (let line = 0; line < 1_000; line++) stream.write(`${'x'.repeat(199)}\n`);
  expect(written().length).toBeGreaterThan(150_000);
});

it('nothing stays behind when the process ends in the same moment', () => {
  const program = `
    import { linesOfAMoment } from './lines-of-a-moment.ts';
    linesOfAMoment().write('last words\\n');
    process.exit(1);
  `;
  const inside = { encoding: 'utf8', cwd: import.meta.dirname } as const;
  const run = () => execFileSync(process.execPath, ['--input-type=module', '-e', program], inside);
  expect(run).toThrow(expect.objectContaining({ stdout: 'last words\n', status: 1 }));
});

it('a log whose disk is full ends nobody’s work', () => {
  const program = `
    import { linesOfAMoment } from './lines-of-a-moment.ts';
    const stream = linesOfAMoment('/dev/full');
    const flood = () => { for (let line = 0; line < 10_000; line++) stream.write('x'.repeat(199) + '\\n'); };
    flood();
    setTimeout(flood, 100);
    setTimeout(() => process.stdout.write('still at work'), 200);
  `;
  const inside = { encoding: 'utf8', cwd: import.meta.dirname, timeout: 10_000 } as const;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], inside)).toBe('still at work');
});
