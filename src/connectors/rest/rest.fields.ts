import type { ConnectorField } from '../connector.js';

export const REST_AUTH_WAYS = ['bearer', 'header', 'basic', 'oauth2-client-credentials', 'none'] as const;
export type RestAuthWay = (typeof REST_AUTH_WAYS)[number];

export const REST_FIELDS = [
  {
    name: 'api-url',
    title: 'Address',
    hint: 'https address that receives one POST per record.',
    required: true,
  },
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
  { name: 'api-token', title: 'Token', hint: 'Bearer token, or the value of your own header.', secret: true },
  {
    name: 'username',
    title: 'User name or header name',
    hint: 'For a password: the user. For an own header: its name.',
  },
  { name: 'client-id', title: 'OAuth client id' },
  { name: 'client-secret', title: 'OAuth client secret or password', secret: true },
  { name: 'token-url', title: 'OAuth token address', hint: 'https address of the token endpoint.' },
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

/** Which settings each way needs. */
export const NEEDED_BY_AUTH: Readonly<Record<RestAuthWay, readonly (typeof REST_FIELDS)[number]['name'][]>> = {
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
