import type { HttpRequest, HttpResponse } from '../http/exchange.js';
import { Logger } from '../log/logger.js';
import { StateClient } from './state.client.js';
import { StateService } from './state.service.js';
import { Tenants } from './tenants.js';

const WAIT_MS = 1_000;

/** Every key belongs to a tenant of its own, except `forged`; answers take turns so that requests interleave. */
function stateOfThisProgram() {
  const asked: string[] = [];
  const send = async ({ url }: HttpRequest): Promise<HttpResponse> => {
    const key = url.slice('http://state.test/state/'.length);
    asked.push(key);
    await new Promise((resolve) => setTimeout(resolve, key === 'slow' ? 20 : 1));
    const status = key === 'forged' ? 404 : 200;
    return { kind: 'answer', status, headers: {}, body: JSON.stringify({ tenantHostName: `${key}.test` }) };
  };
  const logger = new Logger('error', { write: () => undefined });
  const options = { baseUrl: 'http://state.test', ttlMs: 30_000, now: Date.now, sleep: () => Promise.resolve() };
  const tenants = new Tenants();
  return { service: new StateService(new StateClient(send, logger, options), tenants), tenants, asked };
}

/** A request of this key, as far as the handler sees it: its key before and after waiting, and its tenant. */
async function handle(service: StateService) {
  const before = service.key;
  const state = await service.current(WAIT_MS);
  const tenant = state.kind === 'known' ? state.state.tenant : state.kind;
  return { before, after: service.key, tenant };
}

it('two requests at the same time never see each other', async () => {
  const { service } = stateOfThisProgram();
  const [slow, quick, none] = await Promise.all([
    StateService.runAs('slow', () => handle(service)),
    StateService.runAs('quick', () => handle(service)),
    StateService.runAs(undefined, () => handle(service)),
  ]);
  expect(slow).toMatchObject({ before: 'slow', after: 'slow' });
  expect(quick).toMatchObject({ before: 'quick', after: 'quick' });
  expect(none).toEqual({ before: undefined, after: undefined, tenant: 'no_key' });
  expect(slow.tenant).not.toBe(quick.tenant);
  expect(await StateService.runAs('slow', () => handle(service))).toEqual(slow);
});

it('a request within another one sees its own key only, and the outer one is not changed', async () => {
  const { service } = stateOfThisProgram();
  await StateService.runAs('outer', async () => {
    expect(await StateService.runAs('inner', () => handle(service))).toMatchObject({ before: 'inner', after: 'inner' });
    expect(service.key).toBe('outer');
  });
});

it('outside of a request there is no key', async () => {
  const { service, asked } = stateOfThisProgram();
  StateService.runAs('k', () => service.key);
  expect(service.key).toBeUndefined();
  expect(await service.current(WAIT_MS)).toEqual({ kind: 'no_key' });
  expect(await service.currentAnew(WAIT_MS)).toEqual({ kind: 'no_key' });
  expect(asked).toEqual([]);
});

it('remembers the key of a known tenant for background work, and only of a known one', async () => {
  const { service, tenants } = stateOfThisProgram();
  const { tenant } = await StateService.runAs('a', () => handle(service));
  await StateService.runAs('forged', () => handle(service));
  expect(tenants.names()).toEqual([tenant]);
  expect(tenants.keyOf(tenant)).toBe('a');
});

it('asks anew for Start, and answers from memory otherwise', async () => {
  const { service, asked } = stateOfThisProgram();
  await StateService.runAs('a', async () => {
    await service.current(WAIT_MS);
    await service.current(WAIT_MS);
    expect(asked).toEqual(['a']);
    await service.currentAnew(WAIT_MS);
    expect(asked).toEqual(['a', 'a']);
  });
});

it('works for a tenant that asks to be started once it has started, not before', async () => {
  const { service, tenants } = stateOfThisProgram();
  await StateService.runAs('a', async () => {
    const answer = await service.currentAnew(WAIT_MS);
    expect(tenants.names()).toEqual([]);
    if (answer.kind !== 'known') throw new Error('the key is known');
    service.remember(answer.state);
    expect(tenants.names()).toEqual([answer.state.tenant]);
  });
});

it.each([
  ['a probe', (service: StateService) => service.recall()],
  ['a look', (service: StateService) => service.look(WAIT_MS)],
])('%s makes a tenant known, but brings none back that was stopped', async (_what, look) => {
  const { service, tenants } = stateOfThisProgram();
  const lookAs = (key: string) => StateService.runAs(key, () => look(service));
  await lookAs('a');
  const [tenant = ''] = tenants.names();
  expect(tenants.keyOf(tenant)).toBe('a');
  tenants.forget(tenant);
  await lookAs('a');
  expect(tenants.names()).toEqual([]);
});
