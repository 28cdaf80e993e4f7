import type { HttpResponse } from '../../http/exchange.js';
import type { Target } from '../connector.js';
import { verifyOdoo } from './odoo.start.js';

/** Whatever is asked, this is answered. */
function targetAnswering(response: HttpResponse): Target {
  return {
    settings: { 'api-url': 'https://example.odoo.com', 'api-token': 'abc123' },
    tenant: 'abc',
    environment: 'production',
    account: {},
    now: Date.now,
    request: () => Promise.resolve(response),
    accessToken: () => Promise.reject(new Error('Odoo needs no token server.')),
  };
}

const answer = (status: number, body: string): HttpResponse => ({ kind: 'answer', status, headers: {}, body });

it.each<[string, HttpResponse, string]>([
  ['a page of another website', answer(200, '<html>Welcome</html>'), 'not_odoo'],
  ['a page that is not there', answer(404, '<html>Sorry</html>'), 'not_odoo'],
  ['another JSON', answer(200, '{"hello":"world"}'), 'not_odoo'],
  ['a redirect', answer(301, ''), 'redirected'],
])('an address that answers with %s is to be corrected', async (_what, response, code) => {
  expect(await verifyOdoo(targetAnswering(response))).toMatchObject({ ok: false, cause: 'settings', code });
});

it('a server that is down is no mistake of the customer', async () => {
  expect(await verifyOdoo(targetAnswering(answer(503, 'x')))).toMatchObject({ ok: false, cause: 'unreachable' });
});
