import type { CoreAnswer, CoreClient } from './core-client.js';

/**
 * Core's key/value store: durable storage for an app that has none. The locator need not belong to an entity, so the
 * app has one of its own.
 */
const OWN_LOCATOR = 'socotra-sync';

const MISSING_KEY_CODES = new Set(['core_answer_not_json', 'core_status_400']);

/** @returns `not_found` when nothing is stored under this key. */
export async function readAuxData(client: Pick<CoreClient, 'get'>, key: string): Promise<CoreAnswer<string>> {
  const answer = await client.get(`/auxData/${OWN_LOCATOR}/${encodeURIComponent(key)}`);
  // What a missing key is answered with is not documented: 404, 400 or an empty body all count as missing.
  if (answer.kind === 'retry' && MISSING_KEY_CODES.has(answer.code)) return { kind: 'not_found' };
  if (answer.kind !== 'found') return answer;
  const { value } = answer;
  const isEntry = typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'string';
  return isEntry && value.value !== '' ? { kind: 'found', value: String(value.value) } : { kind: 'not_found' };
}

/** Never store a secret here: the tenant's users can see it. */
export function writeAuxData(client: Pick<CoreClient, 'put'>, key: string, value: string): Promise<CoreAnswer<void>> {
  return client.put(`/auxData/${OWN_LOCATOR}`, { auxData: [{ key, value, uiType: 'hidden' }] });
}
