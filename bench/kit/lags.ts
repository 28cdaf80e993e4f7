import type { BenchApp } from './bench-app.ts';
import { quantile } from './statistics.ts';

const LAG = /"lagMs":(\d+)/;
const TENANT = /"tenant":"(\w+)"/;

/** How long events took from the moment when they happened until the target had them, by the app's own lines. */
export class Lags {
  readonly #byTenant = new Map<string, number[]>();

  /** Listens from now on. */
  constructor(app: BenchApp) {
    app.log.listen((event, line) => {
      if (event !== 'sync.delivered') return;
      const tenant = TENANT.exec(line)?.[1] ?? '';
      const lags = this.#byTenant.get(tenant) ?? [];
      lags.push(Number(LAG.exec(line)?.[1] ?? 0));
      this.#byTenant.set(tenant, lags);
    });
  }

  /** In milliseconds; of one tenant, or of all together. */
  quantile(q: number, tenant?: string): number {
    const lags = tenant === undefined ? [...this.#byTenant.values()].flat() : (this.#byTenant.get(tenant) ?? []);
    return quantile(lags, q);
  }

  count(tenant?: string): number {
    if (tenant !== undefined) return this.#byTenant.get(tenant)?.length ?? 0;
    return [...this.#byTenant.values()].reduce((sum, lags) => sum + lags.length, 0);
  }

  clear(): void {
    this.#byTenant.clear();
  }
}
