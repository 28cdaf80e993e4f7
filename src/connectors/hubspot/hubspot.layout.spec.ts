import { HubspotLife, type HubspotPlan } from '../../../test/support/hubspot-life.js';
import { hubspotConnector } from './hubspot.connector.js';

let life: HubspotLife;

afterEach(() => life.close());

describe('Start', () => {
  it('creates what is missing, and nothing the second time', async () => {
    life = await HubspotLife.open();
    expect(await life.start()).toEqual({ ok: true });
    expect(life.propertiesOf('contacts')).toEqual(expect.arrayContaining(['socotra_key', 'socotra_birth_date']));
    expect(life.pipelines('deals').map(({ label }) => label)).toEqual(['Sales Pipeline', 'Quotes']);
    expect(life.pipelines('tickets').map(({ label }) => label)).toEqual(['Support Pipeline', 'Claims']);
    expect(life.standIn.account.schemas.map(({ name }) => name)).toEqual(['socotra_policy']);
    const made = life.posts().length;
    life.forget();
    expect(await life.start()).toEqual({ ok: true });
    expect(life.posts()).toHaveLength(made);
  });

  it('makes policies deals where there are no custom objects, and says so', async () => {
    life = await HubspotLife.open({ customObjects: false });
    expect(await life.start()).toEqual({
      ok: true,
      warnings: [expect.stringContaining('deals in the pipeline "Policies"')],
    });
    expect(life.propertiesOf('deals')).toEqual(
      expect.arrayContaining(['socotra_gross_premium', 'socotra_balance_due']),
    );
  });

  it('leaves policies where they are when the account is upgraded', async () => {
    const plan: HubspotPlan = { customObjects: false };
    life = await HubspotLife.open(plan);
    await life.start();
    plan.customObjects = true;
    life.forget();
    expect(await life.start()).toMatchObject({ warnings: [expect.any(String)] });
    expect(life.standIn.account.schemas).toEqual([]);
  });

  it('refuses to double policies when the token can no longer read custom objects', async () => {
    const plan: HubspotPlan = {};
    life = await HubspotLife.open(plan);
    await life.start();
    plan.customObjects = false;
    life.forget();
    expect(await life.start()).toMatchObject({ ok: false, cause: 'settings', code: 'custom_objects_hidden' });
    expect(life.pipelines('deals')).toHaveLength(2);
  });

  it('says that the key is not unique', async () => {
    life = await HubspotLife.open();
    life.standIn.account.properties.get('tickets')?.set('socotra_key', { name: 'socotra_key', hasUniqueValue: false });
    expect(await life.start()).toEqual({
      ok: false,
      cause: 'settings',
      code: 'key_not_unique',
      message: expect.stringMatching(/socotra_key of tickets .* delete it/),
    });
  });

  it('says that the plan has too few pipelines', async () => {
    life = await HubspotLife.open({ customObjects: false, dealPipelines: 2 });
    expect(await life.start()).toMatchObject({ ok: false, cause: 'settings', code: 'pipeline_refused' });
  });

  it('says that ten other properties are unique', async () => {
    life = await HubspotLife.open();
    for (let number = 0; number < 10; number++) {
      const name = `own_${number}`;
      life.standIn.account.properties.get('companies')?.set(name, { name, hasUniqueValue: true });
    }
    expect(await life.start()).toMatchObject({
      code: 'properties_refused',
      message: expect.stringContaining('companies'),
    });
  });

  it('finds pipelines by their labels and adds the stages they lack', async () => {
    life = await HubspotLife.open();
    life.pipelines('tickets').push({ id: '77', label: 'CLAIMS', stages: [] });
    await life.start();
    const pipeline = life.pipelines('tickets').find(({ id }) => id === '77');
    expect(pipeline?.stages.map(({ label }) => label)).toEqual(['New', 'Open', 'Closed', 'Discarded']);
    expect(life.pipelines('tickets')).toHaveLength(2);
  });

  it('knows the account by the token', async () => {
    life = await HubspotLife.open();
    expect(await hubspotConnector.verify(life.target)).toEqual({ ok: true });
    const value = String(life.standIn.account.portalId);
    expect(await hubspotConnector.identify?.(life.target)).toEqual({ ok: true, value });
  });

  it('says in words that the token is refused', async () => {
    life = await HubspotLife.open();
    life.standIn.faults.revokeCredentials();
    const said = await hubspotConnector.verify(life.target);
    expect(said).toMatchObject({ ok: false, cause: 'settings', message: expect.stringContaining('refuses the token') });
  });

  it.each<[string, number, string, string]>([
    ['a page of another website', 200, '<html>Log in</html>', 'not_hubspot'],
    ['a page that is not there', 404, '<html>Sorry</html>', 'not_hubspot'],
    ['another JSON', 200, '{"hello":"world"}', 'not_hubspot'],
    ['a redirect', 302, '', 'not_hubspot'],
    ['a server that is down', 503, '', 'status_503'],
  ])('says of %s whether the address is to be corrected', async (_what, status, body, code) => {
    life = await HubspotLife.open();
    const request = () => Promise.resolve({ kind: 'answer', status, headers: {}, body } as const);
    const said = await hubspotConnector.verify({ ...life.target, account: {}, request });
    expect(said).toMatchObject({ ok: false, cause: status === 503 ? 'unreachable' : 'settings', code });
  });
});
