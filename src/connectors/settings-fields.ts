import type { ConnectorField } from './connector.js';

/** The settings every tenant has, whatever its target. A target's own are declared with its connector. */

export const PROFILES = ['crm', 'erp', 'all'] as const;
/** Which record kinds are synced. */
export type Profile = (typeof PROFILES)[number];

export const START_CHECKS = ['strict', 'lenient'] as const;
export type StartCheck = (typeof START_CHECKS)[number];

export const BACKFILLS = ['none', '1d', '7d', '30d'] as const;
export type Backfill = (typeof BACKFILLS)[number];

export const ENVIRONMENTS = ['production', 'sandbox'] as const;

export const COMMON_FIELDS = [
  {
    name: 'profile',
    title: 'What to sync',
    hint: 'CRM: people, quotes, policies, changes, claims. ERP: people, policies, invoices, payments. Left empty: what fits the target.',
    values: [
      { text: 'CRM: sales and service', value: 'crm' },
      { text: 'ERP: billing', value: 'erp' },
      { text: 'Everything', value: 'all' },
    ],
  },
  {
    name: 'environment',
    title: 'Environment',
    hint: 'Goes into every record key, so that a sandbox never touches production records. Left empty: production.',
    values: [
      { text: 'Production', value: 'production' },
      { text: 'Sandbox', value: 'sandbox' },
    ],
  },
  {
    name: 'start-check',
    title: 'When the target cannot be reached at Start',
    hint: 'Strict (default): Start fails and says why. Lenient: Start succeeds and the app keeps trying.',
    values: [
      { text: 'Strict: refuse to start', value: 'strict' },
      { text: 'Lenient: start and keep trying', value: 'lenient' },
    ],
  },
  {
    name: 'backfill',
    title: 'Events to fetch at the first start',
    hint: 'How far back the event stream is read when this tenant starts for the first time. Left empty: none.',
    values: [
      { text: 'None', value: 'none' },
      { text: 'Last day', value: '1d' },
      { text: 'Last 7 days', value: '7d' },
      { text: 'Last 30 days', value: '30d' },
    ],
  },
  {
    name: 'console-token',
    title: 'Token of the console',
    hint: 'Of your own choice, 20 to 128 letters, digits and signs without spaces. Who has it may see, at /console of the address of this app, what was synced, and have dead letters tried again. Left empty: there is no console.',
    secret: true,
  },
] as const satisfies readonly ConnectorField[];
