import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageEnvironment } from '../../sandbox/app-process/image-environment.ts';
import type { Canaries } from './canaries.ts';
import { closeServer, listen } from './running-app.js';

const program = (name: string) => fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));

/** Everything that the app has said, by the place where it said it. */
export type Said = readonly (readonly [where: string, text: string])[];

/** The built app in a process of its own, with a State API that serves canaries; all that comes out of it is kept. */
export async function startCanaryApp(canaries: Canaries, environment: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'canaries-'));
  const port = await freePort();
  const states = new Map<string, object>();
  const said: [string, string][] = [];
  const stateApi = await listen((request, response) => {
    const state = states.get(decodeURIComponent(request.url?.replace(/^\/state\//, '') ?? ''));
    const body = JSON.stringify(state ?? { message: canaries.mint('what the State API says of an unknown key') });
    canaries.reach(body);
    response.writeHead(state ? 200 : 404).end(body);
  });
  const own = { DATA_DIR: folder, ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' };
  const env = {
    ...imageEnvironment(),
    ...own,
    SMP_STATE_API: stateApi.url,
    SMP_PORT: String(port),
    LOG_LEVEL: 'debug',
    SETTLE_MS: '0',
    SETTLE_MAX_MS: '0',
    RETRY_SCHEDULE_MS: '20,20,20',
    STATE_TTL_MS: '0',
    CATCH_UP_INTERVAL_MS: '1000',
    ...environment,
  };
  let output = '';
  const child = start();

  function start() {
    const started = spawn(process.execPath, [program('main')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    return started;
  }

  const url = `http://127.0.0.1:${port}`;
  const isReady = () =>
    fetch(`${url}/health`)
      .then(({ ok }) => ok)
      .catch(() => false);

  /** Waits until this is true of the log. */
  async function until(isIt: (lines: readonly Record<string, unknown>[]) => boolean): Promise<void> {
    for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
      if (isIt(lines())) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`It never came: ${output.split('\n').slice(-8).join('\n')}`);
  }

  // Safe: a line that is no JSON object fails the test.
  const lines = () =>
    output
      .split('\n')
      .flatMap((line) =>
        line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line) as Record<string, unknown>] : [],
      );
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 50));

  return {
    states,
    folder,
    lines,
    until,
    /** One request; what is answered is kept, and what was sent has reached the app. */
    async ask(path: string, init: RequestInit = {}): Promise<Response> {
      const response = await fetch(`${url}${path}`, init);
      const text = await response.clone().text();
      said.push([
        `the answer to ${init.method ?? 'GET'} ${path.split('?')[0] ?? ''}`,
        `${JSON.stringify([...response.headers])} ${text}`,
      ]);
      canaries.reach(`${path} ${JSON.stringify(init.headers ?? {})} ${typeof init.body === 'string' ? init.body : ''}`);
      return response;
    },
    /** One of the operators' commands. */
    async ops(...args: readonly string[]): Promise<string> {
      const text = await runProgram('ops', args, own);
      said.push([`ops ${args.join(' ')}`, text]);
      return text;
    },
    said: (): Said => [...said, ['the log', output]],
    /** The bytes of each file that the app keeps, and who may read it. */
    files: () =>
      readdirSync(folder).map((name) => {
        const path = join(folder, name);
        return { name, mode: statSync(path).mode & 0o777, text: readFileSync(path, 'latin1') };
      }),
    stop: () => end(child),
    async close(): Promise<void> {
      await end(child);
      await closeServer(stateApi.server);
      rmSync(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const { server, port } = await listen(() => undefined);
  await closeServer(server);
  return port;
}

async function end(child: ReturnType<typeof spawn>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Runs one of the built programs to its end. @returns all that it wrote */
export function runProgram(
  name: 'main' | 'ops',
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program(name), ...args], { env, timeout: 30_000 }, (error, out, err) => {
      resolve(`${out}${err}${String(error?.code ?? '')}`);
    });
  });
}
