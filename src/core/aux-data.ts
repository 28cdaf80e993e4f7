import type { CoreAnswer, CoreClient } from './core-client.js';

/**
 * Core's key/value store: durable storage for an app that has none. The locator need not belong to an entity, so the
 * app has one of its own.
 */
const OWN_LOCATOR = 'socotra-sync';

/** @returns `not_found` when nothing is stored under this key. */
export async function readAuxData(client: Pick<CoreClient, 'get'>, key: string): Promise<CoreAnswer<string>> {
  const answer = await client.get(`/auxData/${OWN_LOCATOR}/${encodeURIComponent(key)}`);
  if (answer.kind !== 'found') return answer;
  const { value } = answer;
  const isEntry = typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string';
  // What a missing key is answered with is not documented: an empty body counts as missing.
  return isEntry && value.value !== '' ? { kind: 'found', value: String(value.value) } : { kind: 'not_found' };
}

/** Never store a secret here: the tenant's users can see it. */
export function writeAuxData(client: Pick<CoreClient, 'put'>, key: string, value: string): Promise<CoreAnswer<void>> {
  return client.put(`/auxData/${OWN_LOCATOR}`, { auxData: [{ key, value, uiType: 'hidden' }] });
}
