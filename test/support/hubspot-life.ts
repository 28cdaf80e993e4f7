import type { HubspotOptions } from '../../sandbox/targets/hubspot/hubspot-account.ts';
import { type HubspotStandIn, startHubspot } from '../../sandbox/targets/hubspot/hubspot.ts';
import type { Delivery, Target } from '../../src/connectors/connector.js';
import { hubspotConnector } from '../../src/connectors/hubspot/hubspot.connector.js';
import type { CanonicalRecord } from '../../src/records/canonical-record.js';
import { deliveryOf, FULL_RECORDS } from './deliveries.js';
import { loopbackTarget } from './loopback-target.js';

/** What the account has; may be changed while it is in use. */
export type HubspotPlan = { -readonly [O in keyof HubspotOptions]: HubspotOptions[O] };

const { custom: _custom, ...PARTY_FIELDS } = FULL_RECORDS.party.fields;
/** The full records without own fields of the tenant, which no account has from the start. */
export const HUBSPOT_RECORDS = {
  ...FULL_RECORDS,
  party: { ...FULL_RECORDS.party, fields: PARTY_FIELDS, relations: [] },
};

/** The connector with an account of its own, over real HTTP. */
export class HubspotLife {
  readonly standIn: HubspotStandIn;
  target: Target;
  readonly #close: () => Promise<void>;

  private constructor(standIn: HubspotStandIn) {
    const way = loopbackTarget(standIn, hubspotConnector);
    this.standIn = standIn;
    this.target = way.target;
    this.#close = way.close;
  }

  static async open(plan: HubspotPlan = {}): Promise<HubspotLife> {
    return new HubspotLife(await startHubspot(plan));
  }

  start() {
    return hubspotConnector.ensureSchema?.(this.target);
  }

  deliver(deliveries: readonly Delivery[]) {
    return hubspotConnector.deliver(deliveries, this.target);
  }

  bring(...records: readonly CanonicalRecord[]) {
    return this.deliver(records.map((record) => deliveryOf(record)));
  }

  /** Another process, which remembers nothing of the account. */
  forget(): void {
    this.target = { ...this.target, account: {} };
  }

  held(key: string) {
    return this.standIn.records().filter((record) => record.key === key);
  }

  posts(): readonly string[] {
    const posted = this.standIn.requests().filter(({ method }) => method === 'POST');
    return posted.map(({ path }) => path);
  }

  propertiesOf(type: string): readonly string[] {
    return [...(this.standIn.account.properties.get(type)?.keys() ?? [])];
  }

  pipelines(type: 'deals' | 'tickets') {
    return this.standIn.account.pipelines.get(type) ?? [];
  }

  async close(): Promise<void> {
    await this.#close();
    await this.standIn.close();
  }
}
