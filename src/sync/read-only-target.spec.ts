import { CONNECTORS } from '../connectors/connectors.js';
import type { HttpRequest } from '../http/exchange.js';
import { fakeTarget } from '../../test/support/fake-target.js';
import { readOnly } from './read-only-target.js';

const api = 'https://target.test';
const rpc = (service: string, ...args: unknown[]) => JSON.stringify({ params: { service, method: 'x', args } });
const model = (method: string) => rpc('object', 'db', 2, 'key', 'res.partner', method, [], {});

it.each<[string, HttpRequest['method'], string, string | undefined, boolean]>([
  ['hubspot', 'GET', '/crm/properties/2026-09/deals', undefined, true],
  ['hubspot', 'POST', '/crm/objects/2026-09/deals/batch/read', '{}', true],
  ['hubspot', 'POST', '/crm/objects/2026-09/deals/batch/upsert', '{}', false],
  ['hubspot', 'POST', '/crm/pipelines/2026-09/deals', '{}', false],
  ['hubspot', 'POST', '/crm/objects/2026-09/deals/batch/archive?x=/batch/read', '{}', false],
  ['hubspot', 'PATCH', '/crm/objects/2026-09/deals/batch/read', '{}', false],
  ['salesforce', 'GET', '/services/data/v67.0/query?q=SELECT', undefined, true],
  ['salesforce', 'PATCH', '/services/data/v67.0/composite/sobjects/Account/Socotra_Key__c', '{}', false],
  ['salesforce', 'POST', '/services/data/v67.0/query', '{}', false],
  ['odoo', 'GET', '/web/version', undefined, true],
  ['odoo', 'POST', '/json/2/res.partner/search_read', '{}', true],
  ['odoo', 'POST', '/json/2/res.partner/get_external_id', '{}', true],
  ['odoo', 'POST', '/json/2/res.partner/load', '{}', false],
  ['odoo', 'POST', '/json/2/res.partner/unlink', '{}', false],
  ['odoo', 'POST', '/json/2/account.move/action_post/search_read', '{}', false],
  ['odoo', 'POST', '/jsonrpc', rpc('common', 'db', 'user', 'key', {}), true],
  ['odoo', 'POST', '/jsonrpc', model('search_read'), true],
  ['odoo', 'POST', '/jsonrpc', model('load'), false],
  ['odoo', 'POST', '/jsonrpc', rpc('db', 'drop', 'db'), false],
  ['odoo', 'POST', '/jsonrpc', 'search_read', false],
])('%s %s %s is a read: %#', async (id, method, path, body, isRead) => {
  const look = CONNECTORS.find((connector) => connector.id === id)?.look;
  if (look === undefined) throw new Error(`${id} cannot be asked`);
  const sent: HttpRequest[] = [];
  const { target } = fakeTarget();
  const request = (asked: HttpRequest) => {
    sent.push(asked);
    return Promise.resolve({ kind: 'answer', status: 200, headers: {}, body: '{}' } as const);
  };
  const guarded = readOnly({ ...target, request }, look);
  const response = await guarded.target.request({ method, url: `${api}${path}`, ...(body !== undefined && { body }) });
  expect(response).toMatchObject({ kind: 'answer', status: isRead ? 200 : 403 });
  expect([sent.length, guarded.heldBack()]).toEqual(isRead ? [1, 0] : [0, 1]);
});
