import { fakeQueue } from '../../test/support/fake-queue.ts';
import { fixture } from '../../test/support/fixtures.ts';
import { stateAnswer, stateServiceOver } from '../../test/support/state-of.ts';
import { RequestError } from '../errors/request-error.js';
import type { HttpResponse } from '../http/exchange.js';
import { AcceptLimiter } from './accept-limiter.js';
import { Logger } from '../log/logger.js';
import { type Backlog, type NewEvent, type Queue, QueueUnavailableError } from '../queue/queue.js';
import { StateService } from '../state/state.service.js';
import { type AcceptAnswer, WebhooksService } from './webhooks.service.js';

const ISSUED = JSON.stringify(fixture('events/policy.issue.json'));
const ISSUED_ID = '645e1c3d-d8b7-5b92-94ba-35c68cb69e1a';
/** The hash of the tenant's host name. */
const TENANT: unknown = expect.stringMatching(/^[0-9a-f]{12}$/);

function bodyOf(type: string, id = 'e1', data: object = {}): string {
  return JSON.stringify({ id, type, timestamp: '1716305400450', username: 'alice.lee', data });
}

function scene(
  parts: { readonly state?: HttpResponse; readonly append?: Queue['append']; readonly backlog?: Backlog } = {},
) {
  const appended: NewEvent[] = [];
  const lines: string[] = [];
  const append: Queue['append'] = (event) => {
    appended.push(event);
    return parts.append?.(event) ?? Promise.resolve('appended');
  };
  const backlog = () => Promise.resolve(parts.backlog ?? { waitingEvents: 0, deadLetters: 0 });
  const queue = fakeQueue({ append, backlog });
  const service = new WebhooksService(
    stateServiceOver(() => parts.state ?? stateAnswer()),
    queue,
    new Logger('debug', { write: (line) => lines.push(line) }),
    new AcceptLimiter(queue, { moment: { burst: 3, perSecond: 1 }, days: { burst: 9, perSecond: 1 }, unsettled: 2 }),
  );
  return { service, appended, lines: () => lines.map((line): unknown => JSON.parse(line)) };
}

function ring(service: WebhooksService, body: string, key: string | null = 'key'): Promise<AcceptAnswer> {
  return StateService.runAs(key ?? undefined, () => service.accept(body));
}

async function refusalOf(answer: Promise<AcceptAnswer>) {
  const error: unknown = await answer.then(
    () => 'nothing was refused',
    (reason: unknown) => reason,
  );
  if (!(error instanceof RequestError)) throw error;
  return { status: error.getStatus(), code: error.code, ...error.extra };
}

describe('an event that is accepted', () => {
  it('is stored with its root and its times, and without whatever is personal', async () => {
    const { service, appended } = scene();
    const beforeMs = Date.now();
    expect(await ring(service, ISSUED)).toEqual({ status: 'accepted', id: ISSUED_ID });
    expect(appended).toEqual([
      {
        tenant: TENANT,
        id: ISSUED_ID,
        type: 'policy.issue',
        root: 'policy:100004200',
        occurredAtMs: 1_716_305_400_450,
        receivedAtMs: expect.any(Number),
        payload: expect.any(String),
      },
    ]);
    expect(appended[0]?.receivedAtMs).toBeGreaterThanOrEqual(beforeMs);
    expect(JSON.parse(appended[0]?.payload ?? '')).toEqual({
      id: ISSUED_ID,
      type: 'policy.issue',
      occurredAtMs: 1_716_305_400_450,
      transactionId: 'f4801066-4563-5b25-ade6-1b620d993582',
      locators: { policyLocator: '100004200' },
    });
    expect(JSON.stringify(appended)).not.toContain('alice');
  });

  it.each([
    ['appended', 'accepted', 'webhook.accepted'],
    ['duplicate', 'duplicate', 'webhook.duplicate'],
  ] as const)('that the queue calls %s is %s', async (result, status, event) => {
    const { service, lines } = scene({ append: () => Promise.resolve(result) });
    expect(await ring(service, ISSUED)).toEqual({ status, id: ISSUED_ID });
    expect(lines()).toMatchObject([
      {
        event,
        root: 'policy:100004200',
        eventId: ISSUED_ID,
        eventType: 'policy.issue',
        durationMs: expect.any(Number),
      },
    ]);
  });

  it('is answered only when it is durable', async () => {
    const { promise, resolve } = Promise.withResolvers<'appended'>();
    const { service } = scene({ append: () => promise });
    let answered = false;
    const answer = ring(service, ISSUED).finally(() => (answered = true));
    await new Promise((later) => setTimeout(later, 20));
    expect(answered).toBe(false);
    resolve('appended');
    await answer;
  });

  it('may belong to a tenant whose settings are unusable: they may be mended', async () => {
    const { service } = scene({ state: stateAnswer({ target: 'hubspot' }) });
    expect(await ring(service, bodyOf('login.success'))).toMatchObject({ status: 'accepted' });
  });
});

describe('an event that is ignored', () => {
  it.each([
    ['an unknown name', {}, 'somethingNew.happened', 'unknown_event', 'somethingNew.happened'],
    ['a member of every object', {}, 'constructor', 'unknown_event', 'constructor'],
    ['a name that is no name', {}, 'a"b\nc', 'unknown_event', 'unprintable'],
    ['a login for a CRM', { profile: 'crm' }, 'login.failure', 'outside_profile', 'login.failure'],
    ['a claim for an ERP', { profile: 'erp' }, 'claim.open', 'outside_profile', 'claim.open'],
  ])('%s', async (_what, settings, type, code, eventType) => {
    const { service, appended, lines } = scene({ state: stateAnswer(settings) });
    expect(await ring(service, bodyOf(type))).toEqual({ status: 'ignored', id: 'e1' });
    expect(appended).toEqual([]);
    expect(lines()).toMatchObject([{ event: 'webhook.ignored', level: 'warn', eventId: 'e1', eventType, code }]);
  });
});

it('an id that could be anything does not reach the log', async () => {
  const { service, lines } = scene();
  await ring(service, bodyOf('policy.issue', 'alice@example.com'));
  await ring(service, bodyOf('unknown.name', 'alice@example.com'));
  expect(lines()).toMatchObject([{ eventId: 'unprintable' }, { eventId: 'unprintable' }]);
});

describe('an event that is refused', () => {
  const failing = (error: Error) => ({ append: () => Promise.reject(error) });

  it.each<[string, Parameters<typeof scene>[0], string | null, object]>([
    ['no key', {}, null, { status: 401, code: 'no_key' }],
    [
      'a forged key',
      { state: { ...stateAnswer(), status: 404 } as HttpResponse },
      'key',
      { status: 401, code: 'unknown_key' },
    ],
    [
      'no State API',
      { state: { kind: 'lost', code: 'timeout' } },
      'key',
      { status: 503, code: 'state_unavailable', retryAfterSeconds: 5 },
    ],
    [
      'a queue that cannot store',
      failing(new QueueUnavailableError()),
      'key',
      { status: 503, code: 'queue_unavailable', retryAfterSeconds: 5, tenant: TENANT },
    ],
  ])('%s', async (_what, parts, key, expected) => {
    const { service } = scene(parts);
    expect(await refusalOf(ring(service, ISSUED, key))).toEqual(expected);
  });

  it('with each wrong field named', async () => {
    const { service, appended } = scene();
    const refusal = await refusalOf(ring(service, '{"id":5,"type":"policy.issue","timestamp":"1","data":null}'));
    expect(refusal).toMatchObject({
      status: 400,
      code: 'invalid_envelope',
      fields: [{ field: 'id' }, { field: 'data' }],
    });
    expect(appended).toEqual([]);
  });

  it('by a bug of the queue is no refusal', async () => {
    const { service } = scene(failing(new TypeError('bug')));
    await expect(ring(service, ISSUED)).rejects.toThrow(TypeError);
  });

  it('once the shutdown began', async () => {
    const { service, appended } = scene();
    service.beforeApplicationShutdown();
    expect(await refusalOf(ring(service, ISSUED))).toEqual({
      status: 503,
      code: 'shutting_down',
      retryAfterSeconds: 5,
    });
    expect(appended).toEqual([]);
  });

  it('beyond what one tenant may send', async () => {
    const { service, appended } = scene();
    const answers = await Promise.allSettled(Array.from({ length: 5 }, () => ring(service, ISSUED)));
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect([appended.length, refused.length]).toEqual([3, 2]);
    expect(await refusalOf(Promise.reject(refused[0]?.status === 'rejected' ? refused[0].reason : undefined))).toEqual({
      status: 429,
      code: 'too_many_events',
      retryAfterSeconds: 1,
      tenant: TENANT,
    });
  });

  it('beyond what one tenant may send, whatever it sends', async () => {
    const { service } = scene();
    const answers = await Promise.allSettled(['', '{}', bodyOf('no.event'), ISSUED].map((body) => ring(service, body)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'rejected']);
    expect(await refusalOf(ring(service, ISSUED))).toMatchObject({ status: 429, code: 'too_many_events' });
  });

  it('beyond what may wait or be dead of one tenant', async () => {
    const { service, appended } = scene({ backlog: { waitingEvents: 1, deadLetters: 1 } });
    expect(await refusalOf(ring(service, ISSUED))).toEqual({
      status: 429,
      code: 'tenant_full',
      retryAfterSeconds: 60,
      tenant: TENANT,
    });
    expect(appended).toEqual([]);
  });
});
