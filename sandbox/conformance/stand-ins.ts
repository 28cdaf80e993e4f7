import { startHubspot } from '../targets/hubspot/hubspot.ts';
import { startOdoo, type OdooOptions } from '../targets/odoo/odoo.ts';
import { startRest } from '../targets/rest-crm/rest-stand-in.ts';
import { startSalesforce, type SalesforceOptions } from '../targets/salesforce/salesforce.ts';
import type { StandInOptions, TargetStandIn } from '../targets/target-stand-in.ts';

/** A stand-in that the connector of this id must live with. */
export interface StandInUnderTest {
  readonly name: string;
  readonly connectorId: string;
  start(options: StandInOptions): Promise<TargetStandIn>;
  /** Cases that do not apply to this target, by name, each with the reason, which the connector's page names too. */
  readonly exempt?: Readonly<Record<string, string>>;
}

const ANY_2XX = 'By the push contract any 2xx is acceptance, whatever its body.';
const REST_EXEMPT = {
  'an answer with a good status that cannot be read is no success': ANY_2XX,
  'a refused field is left out and named, and the rest is written':
    'By the push contract a receiver refuses records, never single fields.',
  'an answer that nobody knows is tried again, and said': 'By the push contract every other 4xx is final.',
};

function hubspot(what: string, account: { customObjects: boolean; noteKeys: boolean }): StandInUnderTest {
  const start = (options: StandInOptions) => startHubspot({ ...options, ...account });
  return { name: `HubSpot ${what}`, connectorId: 'hubspot', start };
}

function odoo(what: string, server: OdooOptions): StandInUnderTest {
  return { name: `Odoo ${what}`, connectorId: 'odoo', start: (options) => startOdoo({ ...options, ...server }) };
}

function salesforce(what: string, org: SalesforceOptions): StandInUnderTest {
  const start = (options: StandInOptions) => startSalesforce({ ...options, ...org });
  return { name: `Salesforce ${what}`, connectorId: 'salesforce', start };
}

/** Every stand-in that the suite runs over. */
export const STAND_INS: readonly StandInUnderTest[] = [
  { name: 'REST with a token', connectorId: 'rest', start: (options) => startRest(options), exempt: REST_EXEMPT },
  {
    name: 'REST with OAuth',
    connectorId: 'rest',
    start: (options) => startRest({ ...options, auth: 'oauth2-client-credentials' }),
    exempt: REST_EXEMPT,
  },
  {
    name: 'REST with all records of a sync in one request',
    connectorId: 'rest',
    start: (options) => startRest({ ...options, batchSize: 100 }),
    exempt: REST_EXEMPT,
  },
  hubspot('with custom objects and keyed notes', { customObjects: true, noteKeys: true }),
  hubspot('without custom objects, with keyed notes', { customObjects: false, noteKeys: true }),
  hubspot('without custom objects and without keyed notes', { customObjects: false, noteKeys: false }),
  odoo('19 over JSON-2', { version: 19 }),
  odoo('19 over JSON-2, posting', { version: 19, posting: 'post' }),
  odoo('19 over JSON-2, where it may set nothing up', { version: 19, maySetUp: false }),
  odoo('17 over JSON-RPC', { version: 17 }),
  odoo('17 over JSON-RPC, posting, where it may set nothing up', { version: 17, posting: 'post', maySetUp: false }),
  salesforce('plain', {}),
  salesforce('plain with Person Accounts', { personAccounts: true }),
  salesforce('Financial Services Cloud', { flavour: 'fsc', personAccounts: true }),
  salesforce('Financial Services Cloud with several currencies', { flavour: 'fsc', multiCurrency: true }),
];
