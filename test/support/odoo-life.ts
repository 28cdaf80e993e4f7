import { type OdooOptions, type OdooStandIn, startOdoo } from '../../sandbox/targets/odoo/odoo.ts';
import type { Delivery, DeliveryResult } from '../../src/connectors/connector.js';
import { odooConnector } from '../../src/connectors/odoo/odoo.connector.js';
import type { CanonicalRecord } from '../../src/records/canonical-record.js';
import { deliveryOf } from './deliveries.js';
import { loopbackTarget } from './loopback-target.js';

type Key = CanonicalRecord['key'];

/** The connector with a database of its own, over real HTTP. */
export class OdooLife {
  readonly standIn: OdooStandIn;
  /** What the engine remembers: Odoo's ids of what was delivered. */
  readonly ids = new Map<Key, string>();
  readonly #way: ReturnType<typeof loopbackTarget>;

  private constructor(standIn: OdooStandIn, settings: Readonly<Record<string, string>>) {
    this.standIn = standIn;
    this.#way = loopbackTarget({ hosts: standIn.hosts, settings: { ...standIn.settings, ...settings } }, odooConnector);
  }

  /** @param settings in place of those that fit */
  static async open(options: OdooOptions = {}, settings: Readonly<Record<string, string>> = {}): Promise<OdooLife> {
    return new OdooLife(await startOdoo(options), settings);
  }

  get target() {
    return this.#way.target;
  }

  get exchanges() {
    return this.#way.exchanges;
  }

  get database() {
    return this.standIn.database;
  }

  start() {
    return odooConnector.ensureSchema?.(this.target);
  }

  /** Delivers all of them in one call, with what the engine would know. */
  async deliver(...records: readonly CanonicalRecord[]): Promise<readonly DeliveryResult[]> {
    const deliveries = records.map((record): Delivery => {
      const targetId = this.ids.get(record.key);
      return { ...deliveryOf(record), relatedIds: this.ids, ...(targetId !== undefined && { targetId }) };
    });
    const results = await odooConnector.deliver(deliveries, this.target);
    results.forEach((result, index) => {
      const key = records[index]?.key;
      if (result.outcome === 'delivered' && result.targetId !== undefined && key) this.ids.set(key, result.targetId);
    });
    return results;
  }

  /** Delivers one record after the other. */
  async deliverEach(...records: readonly CanonicalRecord[]): Promise<readonly DeliveryResult[]> {
    const results: DeliveryResult[] = [];
    for (const record of records) results.push(...(await this.deliver(record)));
    return results;
  }

  held(key: string) {
    return this.standIn.records().find((record) => record.key === key)?.fields;
  }

  async close(): Promise<void> {
    await this.#way.close();
    await this.standIn.close();
  }
}

/** What became of each record, in a word. */
export function outcomesOf(results: readonly DeliveryResult[]) {
  return results.map((result) => (result.outcome === 'delivered' ? result.change : 'code' in result && result.code));
}
