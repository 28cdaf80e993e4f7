import PQueue from 'p-queue';
import { listenOnLoopback, type LoopbackServer } from '../../sandbox/http/loopback-server.ts';
import { CONNECTORS } from '../../src/connectors/connectors.js';
import { OAuthTokens } from '../../src/connectors/kit/oauth-tokens.js';
import { CoreClient } from '../../src/core/core-client.js';
import { AddressGuard } from '../../src/http/address-guard.js';
import { OutboundHttp } from '../../src/http/outbound-http.js';
import { parseTenantState, type TenantState } from '../../src/state/tenant-state.js';
import { TargetFactory } from '../../src/sync/target-factory.js';
import { watchConnections } from '../support/watch-connections.ts';
import { HOSTILE_ADDRESSES } from './addresses.ts';

/**
 * Every place where a tenant, its Core or its target names an address for the app to call: none of them may lead to
 * anything but the loopback server that stands for the honest one.
 */

const ADDRESSES = HOSTILE_ADDRESSES.map(([address]) => address);
const CREDENTIALS = {
  'client-id': 'id',
  'client-secret': 'secret',
  'api-token': 'token',
  username: 'user',
  account: 'db',
};

let grant: Readonly<Record<string, unknown>> = {};
let honest: LoopbackServer;
let outbound: OutboundHttp;
let watch: ReturnType<typeof watchConnections>;

beforeEach(async () => {
  honest = await listenOnLoopback((_request, response) => response.end(JSON.stringify(grant)));
  outbound = new OutboundHttp(new AddressGuard([honest.host]), 'socotra-sync/test');
  watch = watchConnections();
});
afterEach(async () => {
  watch.stop();
  await outbound.close();
  await honest.close();
});

/** Whoever was connected to besides the honest server. */
const strangers = () => [...new Set(watch.attempts)].filter((attempt) => attempt !== honest.host.replace(':', ' '));

function stateWith(settings: Readonly<Record<string, string>>, socotraApiUrl = 'https://core.example'): TenantState {
  const state = parseTenantState({ settings, socotraApiUrl, token: 'core-token', tenantHostName: 'demo.test' }, 'key');
  if (state === undefined) throw new Error('a state is an object');
  return state;
}

/** How Start would end with these settings: refused by the form's own rules, or by what the connector met. */
async function startWith(settings: Readonly<Record<string, string>>): Promise<'refused' | 'started'> {
  const state = stateWith(settings);
  if (!state.settings.ok) return 'refused';
  const { connector } = state.settings.settings;
  const result = await connector.verify(new TargetFactory(outbound).targetFor(state, state.settings.settings));
  return result.ok ? 'started' : 'refused';
}

describe.each(CONNECTORS.map(({ id }) => id))('the target %s', (target) => {
  it('is never sought at a hostile `api-url`', async () => {
    for (const url of ADDRESSES.filter((text) => text.trim() !== '')) {
      const answer = await startWith({ ...CREDENTIALS, target, 'api-url': url, 'token-url': `${honest.url}/token` });
      expect([url, answer]).toEqual([url, 'refused']);
    }
    expect(strangers()).toEqual([]);
  });
});

it.each(['rest', 'salesforce'])('no token of %s is asked for at a hostile `token-url`', async (target) => {
  for (const url of ADDRESSES.filter((text) => text.trim() !== '')) {
    const settings = { ...CREDENTIALS, target, auth: 'oauth2-client-credentials', 'token-url': url };
    expect([url, await startWith({ ...settings, 'api-url': honest.url })]).toEqual([url, 'refused']);
  }
  expect(watch.attempts).toEqual([]);
});

it('a token is not taken to the hostile `instance_url` that its server names', async () => {
  for (const [index, url] of ADDRESSES.entries()) {
    grant = { access_token: 'granted', instance_url: url };
    const settings = { ...CREDENTIALS, 'client-id': `id-${index}`, target: 'salesforce', 'api-url': honest.url };
    expect([url, await startWith(settings)]).toEqual([url, 'refused']);
  }
  // Each got its token: the server that named the address was the honest one.
  expect(watch.attempts.length).toBeGreaterThan(0);
  expect(strangers()).toEqual([]);
});

it('a refresh of a token does not leave the guard either', async () => {
  const tokens = new OAuthTokens(outbound.toTenantAddress, Date.now);
  for (const tokenUrl of ADDRESSES) {
    const client = { tokenUrl, clientId: 'id', clientSecret: 'secret', refreshToken: 'refresh' };
    expect(await tokens.get(client)).toMatchObject({ ok: false });
  }
  expect(watch.attempts).toEqual([]);
});

it("Core's address, as the State API gives it, is guarded like any other", async () => {
  for (const socotraApiUrl of ADDRESSES) {
    const { core } = stateWith({}, socotraApiUrl);
    if (core === undefined) continue;
    const client = new CoreClient({
      baseUrl: core.apiUrl,
      token: core.token,
      request: outbound.toTenantAddress,
      refreshToken: () => Promise.resolve('unavailable'),
      gate: new PQueue({ concurrency: 5 }),
      mayCall: () => true,
      now: Date.now,
    });
    expect(await client.read('policy', '100004200')).toMatchObject({ kind: 'unavailable' });
  }
  expect(watch.attempts).toEqual([]);
});
