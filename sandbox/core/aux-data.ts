import { objectOf, objectsOf, textOf, tryParseJson, type JsonObject } from '../http/json.ts';
import type { Reply } from '../http/loopback-server.ts';

/** Core's key/value store on any locator, made-up ones included. */
export class AuxData {
  readonly #byLocator = new Map<string, Map<string, JsonObject>>();

  handle(method: string, locator: string, key: string | undefined, body: string): Reply {
    const values = this.#byLocator.get(locator) ?? new Map<string, JsonObject>();
    if (method === 'PUT' && key === undefined) return this.#put(locator, values, body);
    if (method === 'GET' && key === undefined) return { status: 200, body: { keys: keysOf(values), page: 0 } };
    const found = key === undefined ? undefined : values.get(key);
    if (found === undefined || key === undefined) return { status: 404, body: { message: 'no such key' } };
    if (method === 'GET') return { status: 200, body: { locator, ...found } };
    if (method === 'DELETE') {
      values.delete(key);
      return { status: 200 };
    }
    return { status: 405 };
  }

  #put(locator: string, values: Map<string, JsonObject>, body: string): Reply {
    const entries = objectsOf(objectOf(tryParseJson(body)).auxData);
    if (entries.length === 0) return { status: 400, body: { message: 'auxData is missing' } };
    for (const entry of entries) {
      const key = textOf(entry.key);
      values.set(key, { key, value: entry.value ?? null, uiType: textOf(entry.uiType) || 'normal' });
    }
    this.#byLocator.set(locator, values);
    return { status: 200 };
  }
}

function keysOf(values: ReadonlyMap<string, JsonObject>): readonly JsonObject[] {
  return [...values.values()].map((entry) => ({ key: textOf(entry.key), uiType: textOf(entry.uiType) }));
}
