import type { HttpResponse } from '../../src/http/exchange.js';
import { Logger } from '../../src/log/logger.js';
import { StateClient } from '../../src/state/state.client.js';
import { StateService } from '../../src/state/state.service.js';
import { Tenants } from '../../src/state/tenants.js';

/** The state of a tenant with usable settings; `settings` come on top. */
export function stateAnswer(settings: Readonly<Record<string, string>> = {}): HttpResponse {
  const usable = { target: 'rest', 'api-url': 'https://crm.test', auth: 'none', ...settings };
  return {
    kind: 'answer',
    status: 200,
    headers: {},
    body: JSON.stringify({ tenantHostName: 'demo.test', settings: usable }),
  };
}

/** The real service over a State API that gives this answer to every question. */
export function stateServiceOver(answer: () => HttpResponse, tenants = new Tenants()): StateService {
  const logger = new Logger('error', { write: () => undefined });
  const options = { baseUrl: 'http://state.test', ttlMs: 0, now: Date.now, sleep: () => Promise.resolve() };
  return new StateService(new StateClient(() => Promise.resolve(answer()), logger, options), tenants);
}
