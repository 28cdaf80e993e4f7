import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CLOCK = new URL('./story-clock.js', import.meta.url);
const START = Date.parse('2024-05-20T16:00:00Z');
const LATER = Date.parse('2024-08-20T18:00:00Z');

/** Says what its clocks show whenever it is asked; lives for ten seconds at the longest. */
const CHILD = `
process.on('message', (message) => {
  if (message !== 'ask') return;
  const epoch = new Date(0);
  process.send({
    now: Date.now(),
    made: new Date().getTime(),
    text: Date.parse(Date()),
    epoch: epoch.toISOString(),
    isDate: epoch instanceof Date,
  });
});
process.send('ready');
setTimeout(() => {}, 10000);
`;

let folder: string;
let child: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'story-clock-'));
  const file = join(folder, 'child.mjs');
  writeFileSync(file, CHILD);
  child = fork(file, { execArgv: ['--import', CLOCK.href], env: { STORY_TIME_MS: String(START) } });
  await once(child, 'message');
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function ask(message: object | string): Promise<Record<string, unknown>> {
  const answered = once(child, 'message');
  child.send(message);
  const [answer] = await answered;
  return answer;
}

function near(value: unknown, expected: number, withinMs = 5000): boolean {
  return typeof value === 'number' && value >= expected && value < expected + withinMs;
}

describe('the story clock in the app', () => {
  it('starts at the time of the environment and runs on', async () => {
    const first = await ask('ask');
    expect(near(first.now, START) && near(first.made, START) && near(first.text, START - 1000)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(Number((await ask('ask')).now)).toBeGreaterThan(Number(first.now));
  });

  it('gives whole milliseconds', async () => {
    await ask({ storyTimeMs: LATER + 0.25 });
    expect(Number.isInteger((await ask('ask')).now)).toBe(true);
  });

  it('moves when it is told to, and says so', async () => {
    expect(await ask({ storyTimeMs: LATER })).toEqual({ storyTimeSetMs: LATER });
    expect(near((await ask('ask')).now, LATER)).toBe(true);
  });

  it('leaves dates with a value alone', async () => {
    expect(await ask('ask')).toMatchObject({ epoch: '1970-01-01T00:00:00.000Z', isDate: true });
  });

  it('ends the app when the parent is gone', async () => {
    const ended = once(child, 'exit');
    child.disconnect();
    expect(await ended).toEqual([null, 'SIGTERM']);
  });
});
