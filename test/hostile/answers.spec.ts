import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { AddressGuard } from '../../src/http/address-guard.js';
import { guardedDispatcher } from '../../src/http/dispatchers.js';
import type { HttpResponse } from '../../src/http/exchange.js';
import { httpSender } from '../../src/http/http-sender.js';
import { poolExchange } from '../../src/http/pool-exchange.js';

/** What a target's server may do to whoever asks it, through the app's real way out: each is cut, by size or by time. */

const MOST_HELD_BYTES = 5_000_000;
const MAX_ANSWER_BYTES = 50_000;
const CONNECT_MS = 1_000;
const SILENCE_MS = 1_500;
const TOTAL_MS = 3_000;
/** Timers of undici tick twice a second. */
const SLACK_MS = 1_500;

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const BOMB = gzipSync(Buffer.alloc(20_000_000));

/** Writes the same part again and again, as fast as it is taken or slowly, until nobody listens. */
const endlessly =
  (first: string, part: string, everyMs = 0) =>
  (socket: Socket): void => {
    socket.write(first);
    const pump = () => {
      while (!socket.destroyed && socket.write(part) && everyMs === 0);
      if (!socket.destroyed && everyMs > 0) setTimeout(pump, everyMs);
    };
    if (everyMs === 0) socket.on('drain', pump);
    pump();
  };
const once = (text: string | Buffer) => (socket: Socket) => void socket.write(text);
const large = 'x'.repeat(16_000);

type Behaviour = (socket: Socket) => void;
type Row = readonly [what: string, behave: Behaviour, end: HttpResponse['kind'], code: string, withinMs: number];

const ROWS: readonly Row[] = [
  ['headers without end', endlessly(OK, `a: ${large}\r\n`), 'lost', 'answer_too_large', TOTAL_MS],
  ['many short headers without end', endlessly(OK, 'a:b\r\n'.repeat(1_000)), 'lost', 'answer_too_large', TOTAL_MS],
  ['one header without end', endlessly(`${OK}a: `, large), 'lost', 'answer_too_large', TOTAL_MS],
  ['a header name without end', endlessly(OK, large), 'lost', 'answer_too_large', TOTAL_MS],
  [
    'a set of cookies',
    once(`${OK}${`set-cookie: ${'c'.repeat(500)}\r\n`.repeat(99)}\r\n`),
    'lost',
    'answer_too_large',
    TOTAL_MS,
  ],
  ['a trickle of headers', endlessly(OK, 'a: b\r\n', 50), 'lost', 'timeout', TOTAL_MS],
  ['a reason without end', endlessly('HTTP/1.1 200 ', large), 'lost', 'timeout', TOTAL_MS],
  [
    'announcements without end',
    endlessly('', 'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\n'),
    'lost',
    'answer_too_large',
    TOTAL_MS,
  ],
  [
    'a trickle of announcements',
    endlessly('', 'HTTP/1.1 102 Processing\r\n\r\n', 100),
    'lost',
    'answer_too_large',
    TOTAL_MS,
  ],
  ['a body without end', endlessly(`${OK}\r\n`, large), 'lost', 'answer_too_large', TOTAL_MS],
  ['chunks without end', endlessly(CHUNKED, `3e80\r\n${large}\r\n`), 'lost', 'answer_too_large', TOTAL_MS],
  ['tiny chunks without end', endlessly(CHUNKED, '1\r\nx\r\n'.repeat(1_000)), 'lost', 'answer_too_large', TOTAL_MS],
  [
    'a length larger than allowed',
    endlessly(`${OK}content-length: 9999999999\r\n\r\n`, large),
    'lost',
    'answer_too_large',
    TOTAL_MS,
  ],
  [
    'trailers without end',
    endlessly(`${CHUNKED}1\r\nx\r\n0\r\n`, `a: ${large}\r\n`),
    'lost',
    'answer_too_large',
    TOTAL_MS,
  ],
  ['a chunk extension without end', endlessly(`${CHUNKED}1;`, large), 'lost', 'timeout', TOTAL_MS],
  ['a trickle of chunks', endlessly(CHUNKED, '1\r\nx\r\n', 50), 'lost', 'timeout', TOTAL_MS],
  ['a trickle of bytes', endlessly(`${OK}content-length: 99999\r\n\r\n`, 'x', 50), 'lost', 'timeout', TOTAL_MS],
  ['silence', once(''), 'lost', 'timeout', SILENCE_MS],
  ['silence after the first byte', once('H'), 'lost', 'timeout', SILENCE_MS],
  ['silence after the head', once(`${OK}content-length: 5\r\n\r\n`), 'lost', 'timeout', SILENCE_MS],
  ['silence within the body', once(`${OK}content-length: 5\r\n\r\nx`), 'lost', 'timeout', SILENCE_MS],
  [
    'two lengths',
    once(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nxx`),
    'lost',
    'und_err_res_content_length_mismatch',
    TOTAL_MS,
  ],
  [
    'a length and chunks',
    once(`${OK}content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    'lost',
    'und_err_res_content_length_mismatch',
    TOTAL_MS,
  ],
  ['a length below zero', once(`${OK}content-length: -1\r\n\r\n`), 'lost', 'connection_lost', TOTAL_MS],
  ['another protocol', once('SSH-2.0-OpenSSH_9.6\r\n'), 'lost', 'connection_lost', TOTAL_MS],
  [
    'an upgrade',
    once('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
    'lost',
    'und_err_socket',
    TOTAL_MS,
  ],
  [
    'a packed bomb, which is not unpacked',
    once(Buffer.concat([Buffer.from(`${OK}content-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n`), BOMB])),
    'answer',
    '',
    TOTAL_MS,
  ],
];

let server: Server;
const sockets = new Set<Socket>();
let behave: Behaviour;
let host: string;

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.once('data', () => behave(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  host = `127.0.0.1:${address.port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function send(url: string): Promise<{ answer: HttpResponse; tookMs: number }> {
  const guard = new AddressGuard([host]);
  const dispatcher = guardedDispatcher(guard, {
    connectMs: CONNECT_MS,
    silenceMs: SILENCE_MS,
    connectionsPerOrigin: 2,
  });
  const limits = { totalMs: TOTAL_MS, maxAnswerBytes: MAX_ANSWER_BYTES, userAgent: 'socotra-sync/test' };
  const startedMs = performance.now();
  const answer = await httpSender(poolExchange(dispatcher), limits, guard)({ method: 'GET', url });
  const tookMs = performance.now() - startedMs;
  await dispatcher.destroy();
  return { answer, tookMs };
}

setFlagsFromString('--expose-gc');
// Safe: with the flag, V8 gives every new context this function.
const collectGarbage = runInNewContext('gc') as () => void;

/** What is really held, not what was read and has not been collected yet. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

/** How much more is held than before, once the closed sockets, the server's own among them, have let go of theirs. */
async function stillHeldAfter(heldBefore: number): Promise<number> {
  for (let turn = 0; turn < 50 && heldBytes() - heldBefore >= MOST_HELD_BYTES; turn++) await sleep(100);
  return heldBytes() - heldBefore;
}

it.each(ROWS)('%s', async (_what, behaviour, kind, code, withinMs) => {
  behave = behaviour;
  const heldBefore = heldBytes();
  const { answer, tookMs } = await send(`http://${host}/`);
  expect(answer).toMatchObject(kind === 'answer' ? { kind, status: 200 } : { kind, code });
  expect(tookMs).toBeLessThan(withinMs + SLACK_MS);
  for (const socket of sockets) socket.destroy();
  expect(await stillHeldAfter(heldBefore)).toBeLessThan(MOST_HELD_BYTES);
});

it('a server that takes the connection and then no TLS is given up, and nothing was sent', async () => {
  behave = () => undefined;
  const { answer, tookMs } = await send(`https://${host}/`);
  expect(answer).toEqual({ kind: 'unreachable', code: 'und_err_connect_timeout', permanent: false });
  expect(tookMs).toBeLessThan(CONNECT_MS + SLACK_MS);
  for (const socket of sockets) socket.destroy();
});

it('nothing but HTTP/1.1 is offered: the limits are those of one exchange per connection', async () => {
  const hello = new Promise<Buffer>((resolve) => {
    server.once('connection', (socket: Socket) => socket.once('data', resolve));
  });
  behave = (socket) => socket.destroy();
  await send(`https://${host}/`);
  // The list of protocols in a ClientHello: each name behind its length (RFC 7301, 3.1).
  expect((await hello).includes('\x08http/1.1')).toBe(true);
  expect((await hello).includes('\x02h2')).toBe(false);
});
