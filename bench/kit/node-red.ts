import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endsWithUs } from './children.ts';
import { freePort } from './free-port.ts';
import { cpuMicros } from './process-usage.ts';

export const NODE_RED_VERSION = '5.0.7';
const FOLDER = fileURLToPath(new URL('../yardsticks/node-red/', import.meta.url));
const PROGRAM = join(FOLDER, 'node_modules/node-red/red.js');
const INSTALLED_WITHIN_MS = 300_000;
const LISTENS_WITHIN_MS = 60_000;

/** Brings Node-RED from the registry into a folder that git ignores. @returns whether it is there */
export async function installNodeRed(): Promise<boolean> {
  if (existsSync(PROGRAM)) return true;
  const flags = ['--no-save', '--no-audit', '--no-fund', '--omit=optional', '--ignore-scripts', '--prefix', FOLDER];
  const wanted = `node-red@${NODE_RED_VERSION}`;
  await promisify(execFile)('npm', ['install', ...flags, wanted], { timeout: INSTALLED_WITHIN_MS }).catch(
    () => undefined,
  );
  return existsSync(PROGRAM);
}

/** Node-RED with one flow (webhook in, HTTP request to the target, answer), without editor, admin interface or diagnostics. */
export class NodeRed {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** @param userFolder for what Node-RED writes */
  static async start(target: string, userFolder: string): Promise<NodeRed> {
    const port = await freePort();
    copyFileSync(join(FOLDER, 'flow.json'), join(userFolder, 'flow.json'));
    const settings = join(FOLDER, 'settings.json');
    const child = spawn(
      process.execPath,
      [PROGRAM, '--userDir', userFolder, '--settings', settings, '--port', String(port)],
      {
        cwd: userFolder,
        env: { NODE_ENV: 'production', TZ: 'UTC', HOME: userFolder, TARGET: target },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const nodeRed = new NodeRed(endsWithUs(child), port);
    await nodeRed.#listening();
    return nodeRed;
  }

  cpuMicros(): number {
    if (this.#child.pid === undefined) throw new Error('The process did not start.');
    return cpuMicros(this.#child.pid);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await ended;
  }

  /** The flow answers only once it was deployed; before that there is a 404, or nobody. */
  async #listening(): Promise<void> {
    const deadlineMs = performance.now() + LISTENS_WITHIN_MS;
    const body = '{"id":"probe"}';
    const headers = { 'content-type': 'application/json' };
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/webhook-notify`, {
        method: 'POST',
        headers,
        body,
      }).catch(() => undefined);
      if (answer?.ok) return;
      if (performance.now() > deadlineMs || this.#child.exitCode !== null) throw new Error('Node-RED did not start.');
      await sleep(200);
    }
  }
}
