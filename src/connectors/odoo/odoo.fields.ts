import type { ConnectorField } from '../connector.js';
import { accountField, apiTokenField, apiUrlField, required, usernameField } from '../kit/shared-fields.js';

export const POSTINGS = ['draft', 'post'] as const;
export type Posting = (typeof POSTINGS)[number];

/** Odoo's own documentation: the external API exists on Odoo's SaaS only with the Custom plan. */
export const ODOO_FIELDS = [
  required(apiUrlField('address of your Odoo, for example https://example.odoo.com (Odoo Online: Custom plan only).')),
  required(
    apiTokenField('API key of the user that the app works as (My Preferences, Security); renew it before it ends.'),
  ),
  accountField('name of the database; needed for Odoo 17 and 18, and where one address serves several databases.'),
  usernameField('login of the user that the key belongs to; needed for Odoo 17 and 18 only.'),
  {
    name: 'posting',
    title: 'Invoices and payments in the ERP',
    hint: 'Drafts are left to your accountants. Left empty: drafts.',
    values: [
      { text: 'Leave them as drafts', value: 'draft' },
      { text: 'Post invoices and register payments', value: 'post' },
    ],
  },
] as const satisfies readonly ConnectorField[];
