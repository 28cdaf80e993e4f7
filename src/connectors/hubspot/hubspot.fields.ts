import type { ConnectorField } from '../connector.js';
import { apiTokenField, apiUrlField, required } from '../kit/shared-fields.js';

/** One address for all data centres: the token leads to the account. */
export const DEFAULT_API_URL = 'https://api.hubapi.com';

export const HUBSPOT_FIELDS = [
  required(apiTokenField('Access token of a service key or a private app (pat-…).')),
  apiUrlField(`Left empty: ${DEFAULT_API_URL}.`),
] as const satisfies readonly ConnectorField[];
