import type { Asked, Connector, Failure } from '../connectors/connector.js';
import { restConnector } from '../connectors/rest/rest.connector.js';
import { AddressGuard } from '../http/address-guard.js';
import type { HttpRequest, HttpResponse, SendHttp } from '../http/exchange.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { LockNotGivenError } from '../queue/queue.js';
import { readTenantSettings, type TenantSettings } from '../state/tenant-settings.js';
import type { TenantState } from '../state/tenant-state.js';
import { TargetFactory } from './target-factory.js';

const ANY_REQUEST: HttpRequest = { method: 'POST', url: 'https://crm.test/in' };
const OK: HttpResponse = { kind: 'answer', status: 200, headers: {}, body: '' };
const BUSY: HttpResponse = { kind: 'answer', status: 429, headers: { 'retry-after': '60' }, body: '' };
const TOKEN: HttpResponse = { ...OK, body: '{"access_token":"t1","expires_in":3600}' };
const CLIENT = { tokenUrl: 'https://login.test/token', clientId: 'app', clientSecret: 'hunter2' };

/** What goes out is answered one after the other; a request beyond that fails. */
class ScriptedHttp extends OutboundHttp {
  override readonly toTenantAddress: SendHttp;
  readonly sent: HttpRequest[] = [];

  constructor(...answers: readonly HttpResponse[]) {
    super(new AddressGuard([]), 'socotra-sync/test');
    const waiting = [...answers];
    this.toTenantAddress = (request) => {
      this.sent.push(request);
      const next = waiting.shift();
      return next ? Promise.resolve(next) : Promise.reject(new Error('Nobody expected this request.'));
    };
  }
}

const opened: ScriptedHttp[] = [];
afterEach(() => Promise.all(opened.splice(0).map((http) => http.close())));

function factoryOver(...answers: readonly HttpResponse[]) {
  const http = new ScriptedHttp(...answers);
  opened.push(http);
  return { factory: new TargetFactory(http), sent: http.sent };
}

function settingsWith(parts: Readonly<Record<string, string>> = {}, connector: Connector = restConnector) {
  const reading = readTenantSettings({ target: 'rest', 'api-url': 'https://crm.test/in', auth: 'none', ...parts });
  if (!reading.ok) throw new Error(reading.problems.join(' '));
  return { ...reading.settings, connector };
}

/** Only the tenant's name and time zone are read of it. */
const tenant = (name: string) => ({ tenant: name, timeZone: 'Europe/Berlin' }) as TenantState;

function identifiedBy(answer: () => Asked<string>): TenantSettings {
  return settingsWith({}, { ...restConnector, identify: () => Promise.resolve(answer()) });
}

it('gives the connector what it may know', () => {
  const { factory } = factoryOver();
  const settings = settingsWith({ environment: 'sandbox', 'custom-1-field': 'policy.agentCode' });
  const target = factory.targetFor(tenant('t'), settings);
  expect(target).toMatchObject({ tenant: 't', environment: 'sandbox', timeZone: 'Europe/Berlin' });
  expect(target.settings).toEqual({ 'api-url': 'https://crm.test/in', auth: 'none' });
  expect(Math.abs(target.now() - Date.now())).toBeLessThan(1_000);
});

describe('the limiter', () => {
  it('is shared by all who speak to one connection', async () => {
    const { factory, sent } = factoryOver(BUSY);
    await factory.targetFor(tenant('t'), settingsWith()).request(ANY_REQUEST);
    const held = await factory.targetFor(tenant('t'), settingsWith()).request(ANY_REQUEST);
    expect(held).toMatchObject({ kind: 'held' });
    expect(sent).toHaveLength(1);
  });

  it('also holds who comes with a new secret', async () => {
    const { factory } = factoryOver(BUSY);
    const bearer = (token: string) => settingsWith({ auth: 'bearer', 'api-token': token });
    await factory.targetFor(tenant('t'), bearer('one')).request(ANY_REQUEST);
    expect(await factory.targetFor(tenant('t'), bearer('two')).request(ANY_REQUEST)).toMatchObject({ kind: 'held' });
  });

  it.each([
    ['another tenant', tenant('other'), settingsWith()],
    ['another address', tenant('t'), settingsWith({ 'api-url': 'https://other.test/in' })],
  ])('does not hold %s', async (_what, state, settings) => {
    const { factory } = factoryOver(BUSY, OK);
    await factory.targetFor(tenant('t'), settingsWith()).request(ANY_REQUEST);
    expect(await factory.targetFor(state, settings).request(ANY_REQUEST)).toEqual(OK);
  });

  it('keeps the rest that the target asked for when replicas come and go', async () => {
    const http = new ScriptedHttp(BUSY);
    opened.push(http);
    let replicas = 1;
    const others = {
      replicas: () => replicas,
      runAlone: <T>(_names: readonly string[], task: () => Promise<T>) => task(),
    };
    const factory = new TargetFactory(http, others);
    await factory.targetFor(tenant('t'), settingsWith()).request(ANY_REQUEST);
    for (replicas of [3, 2, 1]) {
      const held = await factory.targetFor(tenant('t'), settingsWith()).request(ANY_REQUEST);
      expect(held).toMatchObject({ kind: 'held' });
    }
    expect(http.sent).toHaveLength(1);
  });

  it('asks the connector what an answer means', async () => {
    const { factory } = factoryOver(OK);
    const strict: Connector = { ...restConnector, classify: () => ({ outcome: 'throttled', code: 'x' }) };
    const settings = settingsWith({}, strict);
    await factory.targetFor(tenant('t'), settings).request(ANY_REQUEST);
    expect(await factory.targetFor(tenant('t'), settings).request(ANY_REQUEST)).toMatchObject({ kind: 'held' });
  });
});

it('holds a request for which the other replicas do not give the account, and passes on that the store fails', async () => {
  const http = new ScriptedHttp();
  opened.push(http);
  const settings = settingsWith({}, { ...restConnector, limits: { concurrent: 2 } });
  const requestAfter = (error: Error) =>
    new TargetFactory(http, { replicas: () => 3, runAlone: () => Promise.reject(error) })
      .targetFor(tenant('t'), settings)
      .request(ANY_REQUEST);
  expect(await requestAfter(new LockNotGivenError('Somebody else has it.'))).toEqual({
    kind: 'held',
    retryAfterMs: 1_000,
  });
  const failing = new Error('The store fails.');
  await expect(requestAfter(failing)).rejects.toBe(failing);
  expect(http.sent).toEqual([]);
});

describe('a request for work that somebody else may have by now', () => {
  it('is not sent', async () => {
    const { factory, sent } = factoryOver();
    const target = factory.targetFor(tenant('t'), settingsWith(), () => false);
    expect(await target.request(ANY_REQUEST)).toEqual({ kind: 'held', retryAfterMs: 0 });
    expect(sent).toEqual([]);
  });

  it('is not sent after it has waited for its turn, and holds nobody else', async () => {
    const { factory, sent } = factoryOver(OK, OK);
    const settings = settingsWith({}, { ...restConnector, limits: { concurrent: 1 } });
    let isHeld = true;
    const target = factory.targetFor(tenant('t'), settings, () => isHeld);
    const answers = [target.request(ANY_REQUEST), target.request(ANY_REQUEST)];
    // The first is on its way, the second in line.
    isHeld = false;
    expect(await Promise.all(answers)).toEqual([OK, { kind: 'held', retryAfterMs: 0 }]);
    expect(await factory.targetFor(tenant('t'), settings).request(ANY_REQUEST)).toEqual(OK);
    expect(sent).toHaveLength(2);
  });
});

describe('the account', () => {
  const accountOf = (factory: TargetFactory, name: string, settings: TenantSettings) =>
    factory.targetFor(tenant(name), settings).account;

  it('is the same object for the same settings of the same tenant', () => {
    const { factory } = factoryOver();
    expect(accountOf(factory, 't', settingsWith())).toBe(accountOf(factory, 't', settingsWith()));
  });

  it.each([
    ['another tenant', 'other', settingsWith()],
    ['another address', 't', settingsWith({ 'api-url': 'https://other.test/in' })],
    ['another secret', 't', settingsWith({ 'signing-secret': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' })],
  ])('is another one for %s', (_what, name, settings) => {
    const { factory } = factoryOver();
    expect(accountOf(factory, name, settings)).not.toBe(accountOf(factory, 't', settingsWith()));
  });
});

describe('the connection', () => {
  it('has the name of its settings where the connector cannot tell accounts apart', async () => {
    const { factory } = factoryOver();
    const settings = settingsWith();
    const target = factory.targetFor(tenant('t'), settings);
    expect(await factory.connectionOf(target, settings)).toEqual({ ok: true, value: settings.connection });
  });

  it('has another name for every account that the connector finds', async () => {
    const { factory } = factoryOver();
    const names = new Set<string>();
    for (const account of ['one', 'two', 'one']) {
      const settings = identifiedBy(() => ({ ok: true, value: account }));
      const named = await factory.connectionOf(factory.targetFor(tenant('t'), settings), settings);
      if (named.ok) names.add(named.value);
    }
    expect(names.size).toBe(2);
    expect([...names].every((name) => /^[0-9a-f]{16}$/.test(name))).toBe(true);
  });

  it('has another name for an account of the same name at another address', async () => {
    const { factory } = factoryOver();
    const names = new Set<string>();
    for (const url of ['https://crm.test/in', 'https://other.test/in']) {
      const identify = (): Promise<Asked<string>> => Promise.resolve({ ok: true, value: 'account 1' });
      const settings = settingsWith({ 'api-url': url }, { ...restConnector, identify });
      const named = await factory.connectionOf(factory.targetFor(tenant('t'), settings), settings);
      if (named.ok) names.add(named.value);
    }
    expect(names.size).toBe(2);
  });

  it('is unknown when the target does not say', async () => {
    const { factory } = factoryOver();
    const silent: Asked<string> = { ok: false, failure: { outcome: 'unreachable', code: 'econnrefused' } };
    const settings = identifiedBy(() => silent);
    expect(await factory.connectionOf(factory.targetFor(tenant('t'), settings), settings)).toEqual(silent);
  });

  it.each<Failure>([
    { outcome: 'rejected', code: 'missing_scopes', advice: 'Add the scope.' },
    { outcome: 'dependency', code: 'object_not_found' },
  ])('pauses, and costs no event, when the account may not be asked: $outcome', async (failure) => {
    const { factory } = factoryOver();
    const settings = identifiedBy(() => ({ ok: false, failure }));
    expect(await factory.connectionOf(factory.targetFor(tenant('t'), settings), settings)).toEqual({
      ok: false,
      failure: { outcome: 'auth', code: 'target_unauthorized' },
    });
  });
});

it('keeps tokens for all who come with the same client, outside of the limits', async () => {
  const { factory, sent } = factoryOver(BUSY, TOKEN);
  await factory.targetFor(tenant('t'), settingsWith()).request(ANY_REQUEST);
  const answers = [
    await factory.targetFor(tenant('t'), settingsWith()).accessToken(CLIENT),
    await factory.targetFor(tenant('other'), settingsWith()).accessToken(CLIENT),
  ];
  expect(answers).toEqual([
    { ok: true, token: 't1' },
    { ok: true, token: 't1' },
  ]);
  expect(sent.map(({ url }) => url)).toEqual(['https://crm.test/in', 'https://login.test/token']);
});
