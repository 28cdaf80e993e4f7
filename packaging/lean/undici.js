/*
 * What the app uses of undici: a pool per origin and the connector. The package's own entry also loads its mocks, caches,
 * proxies, WebSocket, EventSource and fetch.
 */
export { default as Agent } from 'undici/lib/dispatcher/agent.js';
export { default as buildConnector } from 'undici/lib/core/connect.js';
