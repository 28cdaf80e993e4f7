import type { ConnectorField } from '../connector.js';
import { apiUrlField, clientIdField, clientSecretField, required, tokenUrlField } from '../kit/shared-fields.js';

export const SALESFORCE_FIELDS = [
  required(apiUrlField('My Domain of the org, for example https://acme.my.salesforce.com.')),
  required(clientIdField('Consumer key of the External Client App.')),
  required(clientSecretField('Consumer secret of the External Client App.')),
  tokenUrlField('Left empty: /services/oauth2/token below the address.'),
] as const satisfies readonly ConnectorField[];
