import type { HttpRequest } from '../../http/exchange.js';
import { listOf, objectOf, parseObject } from '../kit/json.js';

/** The methods of models that change nothing, of those that the connector calls. */
const READS: ReadonlySet<string> = new Set(['search_read', 'search', 'get_external_id', 'context_get']);

/** Whether an exchange changes nothing in Odoo: everything is a POST there, and the method is in its address or body. */
export function isOdooRead({ method, url, body = '' }: HttpRequest): boolean {
  if (method === 'GET') return true;
  const { pathname } = new URL(url);
  if (!pathname.endsWith('/jsonrpc')) return READS.has(/\/json\/2\/[^/]+\/([^/]+)$/.exec(pathname)?.[1] ?? '');
  const { service, args } = objectOf(parseObject(body)?.params);
  // Versions and log-ins.
  if (service === 'common') return true;
  const [, , , , called] = listOf(args);
  return service === 'object' && typeof called === 'string' && READS.has(called);
}
