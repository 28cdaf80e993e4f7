import { setTimeout as sleep } from 'node:timers/promises';
import { objectOf, textOf, tryParseJson } from '../http/json.ts';
import type { Manifest } from './manifest.ts';

const PROBE_EVERY_MS = 1000;
const PROBE_EVERY_WHILE_PENDING_MS = 100;
const HEALTHY_WITHIN_MS = 180_000;
/** Start and Stop have a minute each, everything included. */
const LIFECYCLE_BUDGET_MS = 60_000;

export type InstanceState = 'Pending' | 'Starting' | 'Registering' | 'Running' | 'Stopping' | 'Stopped' | 'Error';

/** What the platform's sequences need from the outside. */
export interface InstanceSurroundings {
  readonly manifest: Manifest;
  /** Public address of the instance. */
  readonly route: string;
  /** Base address of Core and the token of the account that may manage webhooks. */
  readonly core: { readonly url: string; readonly adminToken: string };
  /** Starts the container when it is not running; its own base address. */
  readonly startContainer: () => Promise<string>;
  /** False once the container has ended by itself. */
  readonly containerRuns: () => boolean;
}

/** One launched instance of the app and the platform's sequences around it. */
export class Instance {
  readonly #around: InstanceSurroundings;
  readonly #onChange: () => void;
  readonly #probes = new AbortController();
  #state: InstanceState = 'Stopped';
  #message = '';
  #healthy = false;
  #probing = false;
  #last: Promise<void> = Promise.resolve();
  #appUrl = '';

  constructor(around: InstanceSurroundings, onChange: () => void) {
    this.#around = around;
    this.#onChange = onChange;
  }

  get state(): InstanceState {
    return this.#state;
  }

  /** Why the state is Error, in the words of the app or the platform. */
  get message(): string {
    return this.#message;
  }

  get healthy(): boolean {
    return this.#healthy;
  }

  /** Pending, Starting, Registering, Running; or Error with a message. */
  launch(): Promise<void> {
    return this.#afterwards(() => this.#launch());
  }

  /** Deregisters, calls Stop and waits for its reply. What Stop answers is only noted: the platform goes on in any case. */
  stop(): Promise<void> {
    return this.#afterwards(() => this.#stop());
  }

  /** Saving the settings on the platform: Stop, then Start. */
  reconfigure(): Promise<void> {
    return this.#afterwards(async () => {
      await this.#stop();
      await this.#launch();
    });
  }

  /** Ends the health probes. */
  close(): void {
    this.#probes.abort();
  }

  /** One sequence at a time: a second one waits for the first. */
  #afterwards(sequence: () => Promise<void>): Promise<void> {
    const done = this.#last.then(sequence);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #launch(): Promise<void> {
    this.#enter('Pending');
    this.#appUrl = await this.#around.startContainer();
    if (!(await this.#becomesHealthy()))
      return this.#enter('Error', 'The container ended or did not become healthy in time; its log says why.');
    void this.#probe();
    this.#enter('Starting');
    const refusal = await this.#lifecycleCall('start');
    if (refusal !== undefined) return this.#enter('Error', refusal);
    this.#enter('Registering');
    for (const [index, webhook] of this.#around.manifest.webhooks.entries()) {
      const registered = await this.#callCore('PUT', '/webhooks', {
        name: webhookName(this.#around.manifest, index),
        url: this.#around.route + webhook.path,
        events: webhook.events,
        failureHandlingMode: 'none',
      });
      if (!registered) return this.#enter('Error', `Core refused the webhook "${webhook.path}".`);
    }
    this.#enter('Running');
  }

  async #stop(): Promise<void> {
    if (this.#state === 'Stopped') return;
    this.#enter('Stopping');
    for (const index of this.#around.manifest.webhooks.keys()) {
      await this.#callCore('DELETE', `/webhooks/${encodeURIComponent(webhookName(this.#around.manifest, index))}`);
    }
    await this.#lifecycleCall('stop');
    this.#enter('Stopped');
  }

  #enter(state: InstanceState, message = ''): void {
    this.#state = state;
    this.#message = message;
    this.#onChange();
  }

  /** The refusal in words, or nothing when the app answered 200 or 201. */
  async #lifecycleCall(name: 'start' | 'stop'): Promise<string | undefined> {
    const { lifecycle } = this.#around.manifest;
    if (!lifecycle.includes(name)) return undefined;
    const { route } = this.#around;
    try {
      const response = await fetch(`${route}/_app/${name}?route=${encodeURIComponent(route)}`, {
        signal: AbortSignal.timeout(LIFECYCLE_BUDGET_MS),
      });
      const body = objectOf(tryParseJson(await response.text()));
      if (response.status === 200 || response.status === 201) return undefined;
      return textOf(objectOf(body.error).message) || `The app answered ${response.status} to ${name}.`;
    } catch {
      return `The app did not answer ${name} within a minute.`;
    }
  }

  async #callCore(method: string, path: string, body?: object): Promise<boolean> {
    const { url, adminToken } = this.#around.core;
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.ok;
  }

  async #becomesHealthy(): Promise<boolean> {
    const deadlineMs = performance.now() + HEALTHY_WITHIN_MS;
    while (performance.now() < deadlineMs && this.#around.containerRuns()) {
      this.#healthy = await isHealthy(this.#appUrl);
      if (this.#healthy) return true;
      await sleep(PROBE_EVERY_WHILE_PENDING_MS);
    }
    return false;
  }

  async #probe(): Promise<void> {
    if (this.#probing) return;
    this.#probing = true;
    const { signal } = this.#probes;
    while (!signal.aborted) {
      const healthy = await isHealthy(this.#appUrl);
      if (healthy !== this.#healthy) {
        this.#healthy = healthy;
        this.#onChange();
      }
      await sleep(PROBE_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

function webhookName(manifest: Manifest, index: number): string {
  return `${manifest.name}-${index}`;
}

async function isHealthy(appUrl: string): Promise<boolean> {
  try {
    const response = await fetch(`${appUrl}/health`, { signal: AbortSignal.timeout(PROBE_EVERY_MS) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
