import { hurried, PAUSED_BY_OPERATOR, stoppedByOperator, type TenantRest } from '../tenant-rest.js';
import type { CommitBatch } from './commit-batch.js';
import type { Statements } from './statements.js';

/**
 * How tenants rest, in memory, as the leases are: after a restart everything may be tried again. Pauses have a row in the
 * file besides, for operators, who may put rows of their own there and take any away.
 */
export class Rests {
  private readonly byTenant = new Map<string, TenantRest>();
  /** The worker's own pauses, as they stand in the file. */
  private readonly written = new Map<string, string>();
  private readonly stopped = new Set<string>();

  constructor(
    private readonly statements: Statements,
    private readonly batch: CommitBatch,
  ) {
    statements.forgetPauses.run(PAUSED_BY_OPERATOR);
    this.readPauses();
  }

  of(tenant: string): TenantRest | undefined {
    const rest = this.byTenant.get(tenant);
    return this.stopped.has(tenant) ? stoppedByOperator(rest) : rest;
  }

  stoppedTenants(): readonly string[] {
    return [...this.stopped];
  }

  /** @returns the rest before */
  change(tenant: string, change: (rest: TenantRest | undefined) => TenantRest | undefined): TenantRest | undefined {
    const before = this.byTenant.get(tenant);
    const after = change(before);
    if (after) this.byTenant.set(tenant, after);
    else this.byTenant.delete(tenant);
    if (after?.pause?.code !== this.written.get(tenant)) this.write(tenant, after?.pause?.code);
    return before;
  }

  private write(tenant: string, code: string | undefined): void {
    if (code === undefined) this.written.delete(tenant);
    else this.written.set(tenant, code);
    this.batch
      .write(() => {
        this.statements.endPauses.run(tenant, PAUSED_BY_OPERATOR);
        if (code !== undefined) this.statements.putPause.run(tenant, code, Date.now());
      })
      // Only for operators to read: the pause holds all the same.
      .catch(() => undefined);
  }

  /** Somebody else has written to the file: what an operator has paused rests, and what was resumed is tried at once. */
  readPauses(): void {
    const before = new Map(this.written);
    this.written.clear();
    this.stopped.clear();
    for (const { tenant, code } of this.statements.pauses.all()) {
      if (code === PAUSED_BY_OPERATOR) this.stopped.add(String(tenant));
      else this.written.set(String(tenant), String(code));
    }
    for (const tenant of before.keys()) {
      const rest = this.byTenant.get(tenant);
      if (rest !== undefined && !this.written.has(tenant)) this.byTenant.set(tenant, hurried(rest));
    }
  }
}
