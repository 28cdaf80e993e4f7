import { Test } from '@nestjs/testing';
import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { OutboundHttp } from '../http/outbound-http.js';
import { type StateAnswer, StateClient } from '../state/state.client.js';
import { parseTenantState } from '../state/tenant-state.js';
import { Tenants } from '../state/tenants.js';
import { TenantReader } from './tenant-reader.js';

/** Who a key belongs to, and whether its work is done with the tokens of that tenant alone. */

const SETTINGS = { target: 'rest', 'api-url': 'https://crm.test', auth: 'none' };

function stateOf(host: string): Extract<StateAnswer, { kind: 'known' }> {
  const core = { socotraApiUrl: 'https://core.test', token: `token of ${host}` };
  const state = parseTenantState({ tenantHostName: host, settings: SETTINGS, ...core }, 'key');
  if (state === undefined) throw new Error('this is a state');
  return { kind: 'known', state, stale: false };
}

const ALPHA = stateOf('alpha.test');
const BETA = stateOf('beta.test');
const { tenant } = ALPHA.state;

async function readerOver(answers: {
  readonly getFresh: (key: string) => Promise<StateAnswer>;
  readonly refresh?: (key: string) => Promise<StateAnswer>;
}) {
  const tenants = new Tenants();
  const authorizations: (string | undefined)[] = [];
  const toTenantAddress = ({ headers }: HttpRequest): Promise<HttpResponse> => {
    authorizations.push(headers?.['authorization']);
    return Promise.resolve({ kind: 'answer', status: 401, headers: {}, body: '' });
  };
  const module = await Test.createTestingModule({
    providers: [
      TenantReader,
      { provide: Tenants, useValue: tenants },
      { provide: StateClient, useValue: answers },
      { provide: OutboundHttp, useValue: { toTenantAddress } },
    ],
  }).compile();
  return { reader: module.get(TenantReader), tenants, authorizations };
}

it('does not work with a key that means another tenant by now', async () => {
  const { reader, tenants } = await readerOver({ getFresh: () => Promise.resolve(BETA) });
  tenants.remember(tenant, 'k1', ALPHA.state.fingerprint);
  expect(await reader.read(tenant)).toEqual({ kind: 'blocked', code: 'unknown_key' });
});

it('does not ask Core with the token of another tenant, whom the key has come to mean since', async () => {
  const { reader, tenants, authorizations } = await readerOver({
    getFresh: () => Promise.resolve(ALPHA),
    refresh: () => Promise.resolve(BETA),
  });
  tenants.remember(tenant, 'k1', ALPHA.state.fingerprint);
  const readiness = await reader.read(tenant);
  if (readiness.kind !== 'ready') throw new Error('alpha can be worked for');
  expect(await readiness.tenant.core.read('policy', '1')).toEqual({ kind: 'unauthorized' });
  expect(authorizations).toEqual(['Bearer token of alpha.test']);
});

it('a key that came while the old one was asked about counts instead of it', async () => {
  const { reader, tenants } = await readerOver({
    getFresh: (key) => {
      if (key === 'k2') return Promise.resolve(ALPHA);
      tenants.remember(tenant, 'k2', ALPHA.state.fingerprint);
      return Promise.resolve({ kind: 'unknown_key' });
    },
  });
  tenants.remember(tenant, 'k1', ALPHA.state.fingerprint);
  expect(await reader.read(tenant)).toMatchObject({ kind: 'ready' });
});

it('nothing is done for a tenant that was stopped meanwhile', async () => {
  const { reader, tenants } = await readerOver({
    getFresh: () => {
      tenants.forget(tenant);
      return Promise.resolve(ALPHA);
    },
  });
  tenants.remember(tenant, 'k1', ALPHA.state.fingerprint);
  expect(await reader.read(tenant)).toEqual({ kind: 'unavailable' });
});
