import type { ConnectorField } from '../connector.js';
import {
  apiTokenField,
  apiUrlField,
  clientIdField,
  clientSecretField,
  required,
  tokenUrlField,
  usernameField,
} from '../kit/shared-fields.js';

const REST_AUTH_WAYS = ['bearer', 'header', 'basic', 'oauth2-client-credentials', 'none'] as const;
export type RestAuthWay = (typeof REST_AUTH_WAYS)[number];

export const REST_FIELDS = [
  required(apiUrlField('https address that receives one POST per record.')),
  {
    name: 'auth',
    title: 'Authentication',
    hint: 'How the app proves itself to the address. Left empty: bearer token.',
    values: [
      { text: 'Bearer token', value: 'bearer' },
      { text: 'Own header', value: 'header' },
      { text: 'User name and password', value: 'basic' },
      { text: 'OAuth 2.0 client credentials', value: 'oauth2-client-credentials' },
      { text: 'None (signature only)', value: 'none' },
    ],
  },
  apiTokenField('Bearer token, or the value of your own header.'),
  usernameField('For a password: the user. For an own header: its name.'),
  clientIdField('For OAuth.'),
  clientSecretField('For OAuth, or the password that belongs to the user name.'),
  tokenUrlField('For OAuth: https address of the token endpoint.'),
  {
    name: 'oauth-scope',
    title: 'OAuth scope',
    hint: 'Only where the token endpoint wants one, for example api://crm/.default.',
  },
  {
    name: 'oauth-audience',
    title: 'OAuth audience',
    hint: 'Only where the token endpoint wants one, for example https://api.example.com.',
  },
  {
    name: 'batch-size',
    title: 'Records in one request',
    hint: 'A number from 1 to 100: at most so many records of one sync go in one request. Left empty: 1.',
  },
  {
    name: 'signing-secret',
    title: 'Signing secret',
    hint: 'whsec_ and base64. When set, each request is signed after the Standard Webhooks convention.',
    secret: true,
  },
] as const satisfies readonly ConnectorField[];

type Settings = Readonly<Record<string, string>>;

export function authWayOf(settings: Settings): RestAuthWay {
  return REST_AUTH_WAYS.find((way) => way === settings.auth) ?? 'bearer';
}

export function isBatchSize(text: string): boolean {
  return /^(?:[1-9]\d?|100)$/.test(text);
}

/** How many records go in one request at most. */
export function batchSizeOf(settings: Settings): number {
  return Number(settings['batch-size'] ?? 1);
}

/** Which settings each way needs. */
export const NEEDED_BY_AUTH: Readonly<Record<RestAuthWay, readonly string[]>> = {
  bearer: ['api-token'],
  header: ['username', 'api-token'],
  basic: ['username', 'client-secret'],
  'oauth2-client-credentials': ['token-url', 'client-id', 'client-secret'],
  none: [],
};

/** The form's label of a setting, for sentences to the customer. */
export function titleOf(name: string): string {
  return REST_FIELDS.find((field) => field.name === name)?.title ?? name;
}
