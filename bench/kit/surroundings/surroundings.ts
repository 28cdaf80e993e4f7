import { Worker } from '../worker.ts';

export type SurroundingsQuestion =
  | { readonly kind: 'ask' }
  /** Counts from nothing again. */
  | { readonly kind: 'reset' }
  /** The targets of this tenant and all later ones take requests and never answer. */
  | { readonly kind: 'targetIsDead'; readonly fromTenant: number }
  /** What tenants have set from now on: how many records go in one request. */
  | { readonly kind: 'batchSize'; readonly records: number };

export interface SurroundingsAnswer {
  readonly ports: { readonly state: number; readonly core: number; readonly target: number; readonly dead: number };
  /** Requests since the last reset. */
  readonly counts: {
    readonly state: number;
    readonly core: number;
    readonly target: number;
    readonly targetBytes: number;
    /** Requests of Core by path, `:locator` for the locator. */
    readonly corePaths: Readonly<Record<string, number>>;
  };
}

/**
 * State API, Core and target in one process of their own, answering from prepared text: everything around the app that
 * is not to be measured. Any key `key-<number>` is a tenant of its own.
 */
export class Surroundings {
  readonly #worker: Worker<SurroundingsQuestion, SurroundingsAnswer>;
  readonly ports: SurroundingsAnswer['ports'];

  private constructor(worker: Worker<SurroundingsQuestion, SurroundingsAnswer>, ports: SurroundingsAnswer['ports']) {
    this.#worker = worker;
    this.ports = ports;
  }

  static async start(): Promise<Surroundings> {
    const worker = new Worker<SurroundingsQuestion, SurroundingsAnswer>(
      new URL('./surroundings-process.ts', import.meta.url),
    );
    return new Surroundings(worker, (await worker.ask({ kind: 'ask' })).ports);
  }

  async reset(): Promise<void> {
    await this.#worker.ask({ kind: 'reset' });
  }

  async counts(): Promise<SurroundingsAnswer['counts']> {
    return (await this.#worker.ask({ kind: 'ask' })).counts;
  }

  async letTargetsDie(fromTenant: number): Promise<void> {
    await this.#worker.ask({ kind: 'targetIsDead', fromTenant });
  }

  async setBatchSize(records: number): Promise<void> {
    await this.#worker.ask({ kind: 'batchSize', records });
  }

  end(): Promise<void> {
    return this.#worker.end();
  }
}
