import { answered, fakeTarget } from '../../../test/support/fake-target.ts';
import { loopbackTarget } from '../../../test/support/loopback-target.ts';
import { OdooLife } from '../../../test/support/odoo-life.ts';
import type { OdooOptions } from '../../../sandbox/targets/odoo/odoo.ts';
import type { HttpResponse } from '../../http/exchange.js';
import type { Target } from '../connector.js';
import { odooConnector } from './odoo.connector.js';
import { verifyOdoo } from './odoo.start.js';

/** Whatever is asked, this is answered. */
function targetAnswering(response: HttpResponse): Target {
  const settings = { 'api-url': 'https://example.odoo.com', 'api-token': 'abc123' };
  return fakeTarget({ settings, answers: () => response }).target;
}

it.each<[string, HttpResponse, string]>([
  ['a page of another website', answered(200, '<html>Welcome</html>'), 'not_odoo'],
  ['a page that is not there', answered(404, '<html>Sorry</html>'), 'not_odoo'],
  ['another JSON', answered(200, '{"hello":"world"}'), 'not_odoo'],
  ['a redirect', answered(301, ''), 'redirected'],
])('an address that answers with %s is to be corrected', async (_what, response, code) => {
  expect(await verifyOdoo(targetAnswering(response))).toMatchObject({ ok: false, cause: 'settings', code });
});

it('a server that is down is no mistake of the customer', async () => {
  expect(await verifyOdoo(targetAnswering(answered(503, 'x')))).toMatchObject({ ok: false, cause: 'unreachable' });
});

describe('Start, against the stand-in', () => {
  let life: OdooLife;

  async function open(options?: OdooOptions, settings?: Readonly<Record<string, string>>): Promise<void> {
    life = await OdooLife.open(options, settings);
  }

  afterEach(() => life.close());

  it.each<[string, OdooOptions, Readonly<Record<string, string>>, object]>([
    ['takes a good key', {}, {}, { ok: true }],
    ['takes a good login', { version: 17 }, {}, { ok: true }],
    ['refuses a wrong key', {}, { 'api-token': 'wrong' }, { code: 'target_unauthorized', message: /API key/ }],
    ['refuses a wrong login', { version: 17 }, { 'api-token': 'wrong' }, { code: 'target_unauthorized' }],
    ['refuses a wrong database', {}, { account: 'other' }, { code: 'database_not_found', message: /"Account at/ }],
    ['refuses a wrong old database', { version: 17 }, { account: 'other' }, { code: 'database_not_found' }],
  ])('%s', async (_what, options, settings, expected) => {
    await open(options, settings);
    const { message, ...others } = expected as { message?: RegExp };
    const result = await odooConnector.verify(life.target);
    expect(result).toMatchObject({ ...others, ...(message && { message: expect.stringMatching(message) as string }) });
    expect(JSON.stringify(result)).not.toContain('wrong');
  });

  it('asks for what old versions need', async () => {
    await open({ version: 17 });
    const { username: _left, ...settings } = life.standIn.settings;
    const { target, close } = loopbackTarget({ hosts: life.standIn.hosts, settings }, odooConnector);
    expect(await odooConnector.verify(target)).toMatchObject({
      ok: false,
      cause: 'settings',
      code: 'login_incomplete',
      message: expect.stringContaining('fill in "User name or header name"') as string,
    });
    await close();
  });

  it('makes one model, one project and one access rule, however often it runs', async () => {
    await open();
    await life.start();
    const again = await life.start();
    expect(again).toEqual({
      ok: true,
      warnings: ['Only USD is active in Odoo: invoices in another currency are refused until you activate it.'],
    });
    expect(life.database.rows('project.project')).toHaveLength(1);
    expect(life.database.rows('ir.model.access')).toHaveLength(1);
  });

  it.each([
    ['a line end behind it', 'USD\n'],
    ['a sentence', 'USD. Call 555-0100 at once'],
    ['small letters', 'usd'],
    ['thousands of letters', 'USD'.repeat(5_000)],
  ])('repeats no name of a currency that cannot be one: %s', async (_what, name) => {
    await open();
    life.database.write('res.currency', 1, { name });
    expect(await life.start()).toEqual({
      ok: true,
      warnings: ['Only one currency is active in Odoo: invoices in another one are refused until you activate it.'],
    });
  });

  it('adds the fields that a model of an earlier release lacks', async () => {
    await open();
    await life.start();
    const fields = life.database.rows('ir.model.fields').filter(({ name }) => name === 'x_fees');
    for (const { id } of fields) life.database.unlink('ir.model.fields', id);
    life.database.model('x_insurance_policy').fields.delete('x_fees');
    await life.start();
    expect(life.database.model('x_insurance_policy').fields.has('x_fees')).toBe(true);
  });

  it.each<OdooOptions>([{}, { version: 17 }])(
    'needs the right to create contacts, and creates none: %j',
    async (options) => {
      await open({ ...options, maySetUp: false });
      expect(await life.start()).toMatchObject({ ok: true });
      expect(life.database.rows('res.partner').filter(({ name }) => name === false)).toEqual([]);
      life.standIn.faults.forbid?.('party');
      expect(await life.start()).toMatchObject({
        ok: false,
        cause: 'settings',
        code: 'contacts_forbidden',
        message: expect.stringContaining('"Contact Creation"') as string,
      });
    },
  );
});
