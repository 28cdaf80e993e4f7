import { createServer, type Server, type Socket } from 'node:net';
import { AddressGuard } from '../../src/http/address-guard.js';
import { guardedDispatcher } from '../../src/http/dispatchers.js';
import type { HttpResponse, SendHttp } from '../../src/http/exchange.js';
import { httpSender } from '../../src/http/http-sender.js';
import type { Resolve } from '../../src/http/lookup-gate.js';
import { poolExchange } from '../../src/http/pool-exchange.js';
import { listenOnLoopback } from '../../sandbox/http/loopback-server.ts';
import { watchConnections } from '../support/watch-connections.ts';
import { HOSTILE_ADDRESSES } from './addresses.ts';
import { HOSTILE_NAMES } from './names.ts';

/** What tenants and targets may name, sent through the app's real way out: nothing may be connected to, wherever it leads. */

const EXCHANGE = { totalMs: 5_000, maxAnswerBytes: 1_000, userAgent: 'socotra-sync/test' };
const CONNECTIONS = { connectMs: 1_000, silenceMs: 5_000, connectionsPerOrigin: 2 };
const ADDRESSES = HOSTILE_ADDRESSES.map(([address]) => address);

const closing: (() => Promise<void>)[] = [];
let watch: ReturnType<typeof watchConnections>;

beforeEach(() => {
  watch = watchConnections();
});
afterEach(async () => {
  watch.stop();
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A name server that gives these answers, one after the other, then the last one again and again. */
function nameServer(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: Resolve = (hostname, _options, callback) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    const found = answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    setImmediate(() => callback(null, found));
  };
  return { asked, resolve };
}

/** The app's way out to tenants' addresses, with that name server. */
function wayOut(opened: readonly string[], resolve?: Resolve): SendHttp {
  const guard = new AddressGuard(opened);
  const dispatcher = guardedDispatcher(guard, CONNECTIONS, resolve);
  closing.push(() => dispatcher.destroy());
  return httpSender(poolExchange(dispatcher), EXCHANGE, guard);
}

function refusedAs(code: string): HttpResponse {
  return { kind: 'unreachable', code, permanent: true };
}

/** A TCP server at one of the machine's loopback addresses that counts who comes and says nothing. */
async function countingServer(host: string, port: number): Promise<{ readonly port: number; count: number }> {
  const held: Socket[] = [];
  const counted = { port, count: 0 };
  const server = createServer((socket) => {
    counted.count += 1;
    held.push(socket.on('error', () => undefined));
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  closing.push(() => closeServer(server, held));
  const address = server.address();
  return Object.assign(counted, { port: typeof address === 'object' && address ? address.port : port });
}

function closeServer(server: Server, held: readonly Socket[]): Promise<void> {
  for (const socket of held) socket.destroy();
  return new Promise((resolve) => server.close(() => resolve()));
}

it('the corpus is large, and nothing stands in it twice', () => {
  const cases = [...ADDRESSES, ...HOSTILE_NAMES.map((row) => row.join(' '))];
  expect(new Set(cases).size).toBe(cases.length);
  expect(cases.length).toBeGreaterThanOrEqual(250);
});

describe('an address that leads inside', () => {
  it.each(HOSTILE_ADDRESSES)('%j: %s', async (url, refusal) => {
    const { resolve, asked } = nameServer(['127.0.0.1']);
    expect(await wayOut([], resolve)({ method: 'POST', url, body: '{}' })).toEqual(refusedAs(refusal));
    expect(asked).toEqual([]);
    expect(watch.attempts).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308, 300, 200, 201])('is not followed from an answer of %i', async (status) => {
    let location = '';
    const server = await listenOnLoopback((_request, response) => {
      const url = encodeURI(location.replaceAll(/[^\x20-\x7e]/g, ''));
      const headers = { location: url, 'content-location': url, refresh: `0;url=${url}`, link: `<${url}>; rel=next` };
      response.writeHead(status, { ...headers, 'alt-svc': 'h3="127.0.0.1:443"' }).end('{}');
    });
    closing.push(() => server.close());
    const send = wayOut([server.host]);
    for (location of ADDRESSES) {
      expect(await send({ method: 'GET', url: server.url })).toMatchObject({ kind: 'answer', status });
    }
    expect(new Set(watch.attempts)).toEqual(new Set([server.host.replace(':', ' ')]));
  });
});

describe('a name that leads inside', () => {
  it.each(HOSTILE_NAMES)('%s: %s', async (_what, name, answers) => {
    const { resolve, asked } = nameServer(answers);
    const url = `https://${name}:8443/`;
    expect(await wayOut([], resolve)({ method: 'POST', url, body: '{}' })).toEqual(
      refusedAs('private_address_refused'),
    );
    expect(asked).toHaveLength(1);
    expect(watch.attempts).toEqual([]);
  });

  /** 127.0.0.2 stands for the public network: it is opened, and what the name server says later is not. */
  it.each([
    ['inside at the second question', [['127.0.0.2'], ['127.0.0.1']], 1],
    ['inside at the third question', [['127.0.0.2'], ['127.0.0.2'], ['127.0.0.1']], 2],
    ['both at the second question', [['127.0.0.2'], ['127.0.0.2', '127.0.0.1']], 1],
    ['inside at once', [['127.0.0.1'], ['127.0.0.2']], 0],
  ])('%s: what was checked is what is connected to', async (_what, answers, allowed) => {
    const outside = await countingServer('127.0.0.2', 0);
    const inside = await countingServer('127.0.0.1', outside.port);
    const { resolve, asked } = nameServer(...answers);
    const send = wayOut(['127.0.0.2/32'], resolve);
    const ends: HttpResponse[] = [];
    for (let call = 0; call <= allowed; call++) {
      ends.push(await send({ method: 'GET', url: `https://rebinding.example:${outside.port}/` }));
    }
    expect(ends.pop()).toEqual(refusedAs('private_address_refused'));
    expect(ends.filter(({ kind }) => kind === 'answer')).toEqual([]);
    // Once per connection: there is no second look between the check and the connection.
    expect(asked).toHaveLength(allowed + 1);
    expect(watch.attempts).toEqual(ends.map(() => `127.0.0.2 ${outside.port}`));
    expect([outside.count, inside.count]).toEqual([allowed, 0]);
  });
});

it('names whose server is silent take one thread of the resolver and no more: the platform needs the other', async () => {
  const asked: string[] = [];
  const send = wayOut([], (hostname) => void asked.push(hostname));
  const urls = Array.from({ length: 20 }, (_, index) => `https://silent-${index % 10}.example/`);
  const ends = await Promise.all(urls.map((url) => send({ method: 'GET', url })));
  expect(asked).toEqual(['silent-0.example']);
  expect(ends.filter(({ kind }) => kind !== 'unreachable')).toEqual([]);
  expect(ends.filter((end) => end.kind === 'unreachable' && end.permanent)).toEqual([]);
});

describe('ALLOW_PRIVATE_TARGETS opens what it names and nothing beside it', () => {
  it.each<[opened: string, url: string, answer: string, code: string]>([
    ['crm.internal:8443', 'https://crm.internal:8444/', '127.0.0.1', 'private_address_refused'],
    ['crm.internal:8443', 'https://other.internal:8443/', '127.0.0.1', 'private_address_refused'],
    ['crm.internal:8443', 'https://sub.crm.internal:8443/', '127.0.0.1', 'private_address_refused'],
    ['crm.internal:8443', 'https://127.0.0.1:8443/', '127.0.0.1', 'private_address_refused'],
    ['crm.internal:8443', 'http://crm.internal/', '127.0.0.1', 'scheme_refused'],
    ['127.0.0.1:8443', 'https://localhost:8443/', '127.0.0.1', 'private_address_refused'],
    ['127.0.0.1:8443', 'https://127.0.0.2:8443/', '127.0.0.2', 'private_address_refused'],
    ['127.0.0.2/32', 'https://name.example:8443/', '127.0.0.3', 'private_address_refused'],
    ['127.0.0.2/32', 'http://name.example:8443/', '127.0.0.2', 'scheme_refused'],
    ['127.0.0.2/32', 'https://name.example:22/', '127.0.0.2', 'port_refused'],
    ['10.0.0.0/8', 'https://name.example:8443/', '172.16.0.1', 'private_address_refused'],
    ['10.0.0.0/8', 'https://169.254.169.254/', '10.0.0.1', 'private_address_refused'],
    ['fd00::/16', 'https://[fd01::1]/', 'fd00::1', 'private_address_refused'],
  ])('%s does not open %s', async (opened, url, answer, code) => {
    const { resolve } = nameServer([answer]);
    expect(await wayOut([opened], resolve)({ method: 'GET', url })).toEqual(refusedAs(code));
    expect(watch.attempts).toEqual([]);
  });
});
