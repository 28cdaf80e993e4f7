import type { ConnectorField } from '../connector.js';

/**
 * The settings that several targets share: one form serves all of them, so each has one title, and every target adds in
 * its hint what it expects there. Titles and names are fixed, because customers have filled them in.
 */

export function apiUrlField(hint: string): ConnectorField {
  return { name: 'api-url', title: 'Address', hint };
}

export function accountField(hint: string): ConnectorField {
  return { name: 'account', title: 'Account at the target', hint };
}

export function apiTokenField(hint: string): ConnectorField {
  return { name: 'api-token', title: 'Token', hint, secret: true };
}

export function usernameField(hint: string): ConnectorField {
  return { name: 'username', title: 'User name or header name', hint };
}

export function clientIdField(hint: string): ConnectorField {
  return { name: 'client-id', title: 'OAuth client id', hint };
}

export function clientSecretField(hint: string): ConnectorField {
  return { name: 'client-secret', title: 'OAuth client secret or password', hint, secret: true };
}

export const TOKEN_ADDRESS_TITLE = 'OAuth token address';

export function tokenUrlField(hint: string): ConnectorField {
  return { name: 'token-url', title: TOKEN_ADDRESS_TITLE, hint };
}

/** A target that cannot do without the setting. */
export function required(field: ConnectorField): ConnectorField {
  return { ...field, required: true };
}
