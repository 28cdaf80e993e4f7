import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback, type LoopbackServer } from '../../sandbox/http/loopback-server.ts';
import { AddressGuard } from './address-guard.js';
import type { HttpRequest, HttpResponse, SendHttp } from './exchange.js';
import { type ExchangeOptions, httpSender } from './http-sender.js';
import { guardedDispatcher, trustedDispatcher } from './dispatchers.js';
import { exchangeOver, platformHttpService } from './platform-http-service.js';
import { poolExchange } from './pool-exchange.js';

const SECRET = 'hunter2-very-secret';
const EXCHANGE: ExchangeOptions = { totalMs: 5_000, maxAnswerBytes: 1_000, userAgent: 'socotra-sync/1.2.3' };
const CONNECTIONS = { connectMs: 2_000, silenceMs: 5_000, connectionsPerOrigin: 2 };

/** Each test says what the server does; a request that nobody expected is answered 599. */
let handle: (request: IncomingMessage, response: ServerResponse) => void;
let server: LoopbackServer;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  handle = (_request, response) => void response.writeHead(599).end();
  server = await listenOnLoopback((request, response) => handle(request, response));
  closing.push(() => server.close());
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A way out for tenants' addresses. */
function guarded(opened: readonly string[], limits = EXCHANGE): SendHttp {
  const guard = new AddressGuard(opened);
  const dispatcher = guardedDispatcher(guard, CONNECTIONS);
  closing.push(() => dispatcher.destroy());
  return httpSender(poolExchange(dispatcher), limits, guard);
}

function send(request: Partial<HttpRequest> = {}, limits = EXCHANGE): Promise<HttpResponse> {
  return guarded([server.host], limits)({ method: 'GET', url: `${server.url}/x`, ...request });
}

function portOf(host: string): string {
  return host.split(':')[1] ?? '';
}

async function closedPort(): Promise<string> {
  const other = await listenOnLoopback(() => undefined);
  await other.close();
  return other.host;
}

describe('an answer', () => {
  it.each([200, 201, 204, 301, 302, 307, 400, 401, 404, 409, 410, 429, 500, 503])(
    '%i comes through as it is, and no redirect is followed',
    async (status) => {
      let requests = 0;
      handle = (_request, response) => {
        requests++;
        response.writeHead(status, { location: `${server.url}/elsewhere` }).end(status === 204 ? undefined : 'text');
      };
      expect(await send()).toMatchObject({ kind: 'answer', status, body: status === 204 ? '' : 'text' });
      expect(requests).toBe(1);
    },
  );

  it('has its header names in lower case and repeated ones joined', async () => {
    handle = (_request, response) => {
      response.setHeader('Retry-After', '7');
      response.setHeader('X-Mixed-CASE', ['a', 'b']);
      response.end();
    };
    const answer = await send();
    expect(answer).toMatchObject({ kind: 'answer', headers: { 'retry-after': '7', 'x-mixed-case': 'a, b' } });
  });

  it.each([
    ['text that is not JSON', 'no { json'],
    ['JSON, not parsed', '{"a":1}'],
    ['more than ASCII, in pieces', 'Zoë '.repeat(50)],
  ])('keeps its body: %s', async (_what, body) => {
    handle = (_request, response) => {
      const bytes = Buffer.from(body);
      response.write(bytes.subarray(0, 3));
      setTimeout(() => response.end(bytes.subarray(3)), 10);
    };
    expect(await send()).toMatchObject({ kind: 'answer', body });
  });

  it('is held up to the limit and not a byte further', async () => {
    handle = (_request, response) => response.end('x'.repeat(1_000));
    expect(await send()).toMatchObject({ kind: 'answer', body: 'x'.repeat(1_000) });
    handle = (_request, response) => response.end('x'.repeat(1_001));
    expect(await send()).toEqual({ kind: 'lost', code: 'answer_too_large' });
  });

  it('without end is cut at the limit', async () => {
    const cut = new Promise<void>((resolve) => {
      handle = (_request, response) => {
        const pump = setInterval(() => response.write('x'.repeat(10_000)), 1);
        response.once('close', () => {
          clearInterval(pump);
          resolve();
        });
      };
    });
    expect(await send()).toEqual({ kind: 'lost', code: 'answer_too_large' });
    await cut;
  });
});

it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s arrives as it was meant', async (method) => {
  const body = method === 'GET' || method === 'DELETE' ? undefined : '{"name":"Zoë"}';
  handle = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, url } = request;
      const text = Buffer.concat(chunks).toString('utf8');
      response.end(JSON.stringify({ method: request.method, url, headers, text }));
    });
  };
  const answer = await send({
    method,
    url: `${server.url}/a%20b?c=d`,
    headers: { 'content-type': 'application/json', 'X-Own': 'value' },
    ...(body !== undefined && { body }),
  });
  const received: unknown = answer.kind === 'answer' ? JSON.parse(answer.body) : answer;
  expect(received).toMatchObject({
    method,
    url: '/a%20b?c=d',
    text: body ?? '',
    headers: {
      'content-type': 'application/json',
      'x-own': 'value',
      'user-agent': 'socotra-sync/1.2.3',
      host: server.host,
    },
  });
});

describe('no answer', () => {
  it.each<[string, typeof handle, Partial<ExchangeOptions>, string]>([
    ['silence', () => undefined, { totalMs: 100 }, 'timeout'],
    ['silence after the head', (_, response) => response.writeHead(200).write('x'), { totalMs: 100 }, 'timeout'],
    ['a cut before the head', (request) => request.socket.destroy(), {}, 'und_err_socket'],
    [
      'a cut within the body',
      (_, response) => {
        response.writeHead(200, { 'content-length': '10' }).write('x');
        setTimeout(() => response.destroy(), 10);
      },
      {},
      'und_err_socket',
    ],
  ])('%s: lost, because the other side may have committed', async (_what, behaviour, limits, code) => {
    handle = behaviour;
    expect(await send({ method: 'POST', body: '{}' }, { ...EXCHANGE, ...limits })).toEqual({ kind: 'lost', code });
  });

  it('something that is not HTTP: lost', async () => {
    handle = (request) => request.socket.end('220 mail.test ESMTP\r\n');
    expect(await send()).toEqual({ kind: 'lost', code: 'connection_lost' });
  });

  it.each(['before', 'after'])('our own end, %s the request has arrived: lost, by us', async (when) => {
    const guard = new AddressGuard([server.host]);
    const dispatcher = guardedDispatcher(guard, CONNECTIONS);
    const arrived = new Promise((resolve) => (handle = resolve));
    if (when === 'before') await dispatcher.destroy();
    const answer = httpSender(poolExchange(dispatcher), EXCHANGE, guard)({ method: 'GET', url: server.url });
    if (when === 'after') await arrived.then(() => dispatcher.destroy());
    expect(await answer).toEqual({ kind: 'lost', code: 'shutting_down' });
  });

  it.each([
    ['EAI_AGAIN', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'unreachable'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable'],
    ['ECONNRESET', 'lost'],
    ['EPIPE', 'lost'],
  ])('%s: %s, by whether the request can have left', async (code, kind) => {
    const failing = httpSender(() => Promise.reject(Object.assign(new Error(SECRET), { code })), EXCHANGE);
    expect(await failing({ method: 'POST', url: 'https://crm.example.com/' })).toMatchObject({
      kind,
      code: code.toLowerCase(),
    });
  });

  it('nobody listens: unreachable for now', async () => {
    const host = await closedPort();
    expect(await guarded([host])({ method: 'GET', url: `http://${host}/` })).toEqual({
      kind: 'unreachable',
      code: 'econnrefused',
      permanent: false,
    });
  });

  it('a name that does not exist: unreachable for now', async () => {
    const answer = await guarded([])({ method: 'GET', url: 'https://no-such-name.invalid/' });
    expect(answer).toMatchObject({ kind: 'unreachable', permanent: false });
    expect(answer).toMatchObject({ code: expect.stringMatching(/^(enotfound|eai_again)$/) });
  });

  it('no TLS behind an https address: unreachable, because nothing was sent', async () => {
    const url = server.url.replace('http:', 'https:');
    expect(await send({ url, method: 'POST', body: SECRET })).toEqual({
      kind: 'unreachable',
      code: 'err_ssl_wrong_version_number',
      permanent: false,
    });
  });
});

it('a header cannot carry another one behind a line break', async () => {
  let seen: IncomingMessage['headers'] = {};
  handle = (request, response) => {
    seen = request.headers;
    response.end();
  };
  expect(await send({ headers: { 'x-own': 'a\r\nx-evil: b' } })).toMatchObject({ kind: 'answer' });
  expect(seen).not.toHaveProperty('x-evil');
});

describe('an address that is not open', () => {
  it.each([
    ['a private address', 'https://10.0.0.1/', 'private_address_refused'],
    ['plain http', 'http://crm.example.com/', 'scheme_refused'],
    ['a low port', 'https://crm.example.com:22/', 'port_refused'],
    ['no address', 'crm', 'not_a_url'],
    ['credentials', `https://u:${SECRET}@crm.example.com/`, 'credentials_in_url'],
  ])('%s is refused before anything is sent', async (_what, url, code) => {
    expect(await guarded([])({ method: 'GET', url })).toEqual({ kind: 'unreachable', code, permanent: true });
  });

  it('a name that resolves to loopback is refused, and the server never asked', async () => {
    let connections = 0;
    handle = (_request, response) => {
      connections++;
      response.end();
    };
    const url = `https://localhost:${portOf(server.host)}/`;
    expect(await guarded([])({ method: 'POST', url, body: '{}' })).toEqual({
      kind: 'unreachable',
      code: 'private_address_refused',
      permanent: true,
    });
    expect(connections).toBe(0);
  });

  it.each(['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]'])(
    'the connection itself refuses %s, should the text ever have passed',
    async (host) => {
      const dispatcher = guardedDispatcher(new AddressGuard([]), CONNECTIONS);
      closing.push(() => dispatcher.destroy());
      const unchecked = httpSender(poolExchange(dispatcher), EXCHANGE);
      expect(await unchecked({ method: 'GET', url: `http://${host}:${portOf(server.host)}/` })).toEqual({
        kind: 'unreachable',
        code: 'private_address_refused',
        permanent: true,
      });
    },
  );

  it('is reached once the operator opens its name, its address or its range', async () => {
    handle = (_request, response) => response.end('here');
    const port = portOf(server.host);
    for (const [opened, url] of [
      [`localhost:${port}`, `http://localhost:${port}/`],
      [server.host, `${server.url}/`],
      ['127.0.0.0/8', `${server.url}/`],
    ] as const) {
      expect(await guarded([opened])({ method: 'GET', url })).toMatchObject({ kind: 'answer', body: 'here' });
    }
  });
});

it('reaches the platform, whose address the operator sets, without a guard', async () => {
  handle = (_request, response) => response.end('state');
  const dispatcher = trustedDispatcher(CONNECTIONS);
  closing.push(() => dispatcher.destroy());
  const toPlatform = httpSender(exchangeOver(platformHttpService(poolExchange(dispatcher))), EXCHANGE);
  expect(await toPlatform({ method: 'GET', url: `${server.url}/state/k` })).toMatchObject({ body: 'state' });
});

it('carries nothing of a request into what it returns about a failure', async () => {
  handle = (request) => request.socket.destroy();
  const refused = await closedPort();
  const request = { method: 'POST', body: SECRET, headers: { authorization: `Bearer ${SECRET}` } } as const;
  const answers = [
    await send(request),
    await guarded([refused])({ ...request, url: `http://${refused}/${SECRET}` }),
    await guarded([])({ ...request, url: `https://10.0.0.1/?token=${SECRET}` }),
  ];
  expect(answers.map((answer) => answer.kind)).toEqual(['lost', 'unreachable', 'unreachable']);
  expect(JSON.stringify(answers)).not.toContain(SECRET);
});
