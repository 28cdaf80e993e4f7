import { RecentlyUsed } from '../recently-used.js';

const TENANTS_REMEMBERED = 10_000;
/** So that whoever looks at the last hours sees what still goes on, and an outage of hours is no flood of lines. */
const SAID_AGAIN_MS = 3_600_000;

/** Why a tenant's event stream cannot be read, and when that was said last: at once, then hourly while it lasts. */
export class Troubles {
  private readonly saidAtMs = new RecentlyUsed<ReadonlyMap<string, number>>(TENANTS_REMEMBERED);

  /** The tenant's stream could not be read because of `code`. @returns whether it is to be said */
  isNews(tenant: string, code: string, nowMs: number): boolean {
    const said = [...(this.saidAtMs.get(tenant) ?? [])].filter(([, atMs]) => nowMs - atMs < SAID_AGAIN_MS);
    const isNews = said.every(([known]) => known !== code);
    this.saidAtMs.set(tenant, new Map(isNews ? [...said, [code, nowMs]] : said));
    return isNews;
  }

  /** The stream was read: what comes from now on is another trouble. */
  over(tenant: string): void {
    this.saidAtMs.delete(tenant);
  }
}
