import { createHash } from 'node:crypto';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RawAnswer, rawRequest } from '../support/raw-request.ts';
import { describeOnOneProcess } from '../support/replicas.ts';
import { type RunningApp, startApp } from '../support/running-app.js';
import { HOSTILE_REQUESTS, MAX_BODY_BYTES } from './requests.ts';

/** What anybody on the internet may send to the app: refused in a word, nothing stored, nothing broken, nobody held up. */

const STATE = {
  settings: { target: 'rest', 'api-url': 'https://crm.example', auth: 'none' },
  tenantHostName: 'tenant-a.example',
};

let app: RunningApp;

const send = (bytes: Buffer | string) => rawRequest(app.url, (socket) => void socket.write(bytes));
const stored = async () => (await app.queue.backlog()).waitingEvents;
const health = async () => (await fetch(`${app.url}/health`)).status;

async function start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const waiting = { SETTLE_MS: '600000', SETTLE_MAX_MS: '600000' };
  app = await startApp({ ...waiting, MAX_BODY_BYTES: String(MAX_BODY_BYTES), ...environment });
  app.states.set('key-a', { status: 200, body: STATE });
}

describeOnOneProcess('a router before it has limits of its own', 'a request that is not as it should be', () => {
  beforeAll(() => start());
  afterAll(() => app.close());

  it('the corpus is large, and nothing stands in it twice', () => {
    const digests = HOSTILE_REQUESTS.map(([, bytes]) => createHash('sha256').update(bytes).digest('hex'));
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests.length).toBeGreaterThanOrEqual(120);
  });

  it.each(HOSTILE_REQUESTS)('%s', async (_what, bytes, status, code) => {
    const before = await stored();
    const answer = await send(bytes);
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.head).not.toMatch(/x-powered-by|^server:|^set-cookie|express/im);
    expect(await health()).toBe(200);
    expect(await stored()).toBe(before);
    expect(app.lines.filter(({ event }) => event === 'app.failed')).toEqual([]);
  });

  it('an honest one is accepted all the same', async () => {
    const body = JSON.stringify({ id: 'honest', type: 'policy.issue', timestamp: '1', data: { policyLocator: '1' } });
    const headers = { 'content-type': 'application/json', 'x-smp-key': 'key-a' };
    const response = await fetch(`${app.url}/webhook-notify`, { method: 'POST', body, headers });
    expect(response.status).toBe(200);
    expect(await stored()).toBe(1);
  });
});

function codeOf({ body }: RawAnswer): string {
  if (!body.startsWith('{')) return 'by node';
  // Safe: the app's own answers have this shape, and another one fails the test.
  return (JSON.parse(body) as { error: { code: string } }).error.code;
}

/** Writes a byte of the text twice a second, for as long as it is let. */
function slowly(text: string) {
  return (socket: Socket): void => {
    let next = 0;
    const timer = setInterval(() => socket.write(text[next++ % text.length] ?? ''), 500);
    socket.on('close', () => clearInterval(timer));
  };
}

const first =
  (text: string, then: (socket: Socket) => void = () => undefined) =>
  (socket: Socket): void => {
    socket.write(text);
    then(socket);
  };

/** Writes as fast as it is taken, without end. */
function endlessly(part: string) {
  return (socket: Socket): void => {
    const pump = () => {
      while (!socket.destroyed && socket.write(part));
    };
    socket.on('drain', pump);
    pump();
  };
}

const HEAD = 'POST /webhook-notify HTTP/1.1\r\nhost: app\r\nx-smp-key: key-a\r\ncontent-type: application/json\r\n';
const LARGE = 'x'.repeat(16_000);
/** Ten and fifteen seconds, one more until somebody looks, and what a busy machine adds. */
const HEADERS_CUT_WITHIN_MS = 14_500;
const BODY_CUT_WITHIN_MS = 20_000;
/** A minute, the time until the buffers are full, and what a busy machine adds. */
const STILL_CUT_WITHIN_MS = 75_000;
const CHUNK = `3e80\r\n${LARGE}\r\n`;

describeOnOneProcess('a router before it has connections of its own', 'a client that waits for no answer', () => {
  beforeAll(() => start());
  afterAll(() => app.close());

  it('has one thing done at a time on a connection: what it asks before the answer is there ends it', async () => {
    const webhook = (id: number) => {
      const body = JSON.stringify({
        id: `row-${id}`,
        type: 'policy.issue',
        timestamp: '1',
        data: { policyLocator: '1' },
      });
      return `${HEAD}content-length: ${body.length}\r\n\r\n${body}`;
    };
    const answer = await send(Array.from({ length: 1_000 }, (_, id) => webhook(id)).join(''));
    expect(answer.status).toBe(0);
    expect(await health()).toBe(200);
    expect(await stored()).toBeLessThanOrEqual(1);
  });

  it('is answered in turn where it waits', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const request = get(`${app.url}/health`, { agent }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode));
        });
        request.on('error', reject);
      });
    const statuses = await Promise.all(Array.from({ length: 50 }, ask));
    agent.destroy();
    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describeOnOneProcess('a router before it has limits of its own', 'a client that takes its time', () => {
  beforeAll(() => start());
  afterAll(() => app.close());

  /** All at the same time: each would have the others wait. */
  it('is cut, however it does it, and others are answered meanwhile', async () => {
    const rows: readonly (readonly [
      what: string,
      send: (socket: Socket) => void,
      statuses: readonly number[],
      withinMs: number,
    ])[] = [
      ['says nothing', () => undefined, [408, 0], HEADERS_CUT_WITHIN_MS],
      ['begins and stops', first('POST'), [408, 0], HEADERS_CUT_WITHIN_MS],
      ['sends its headers in drops', first(HEAD, slowly('x: y\r\n')), [408, 0], HEADERS_CUT_WITHIN_MS],
      ['sends one header in drops', first(`${HEAD}x: `, slowly('x')), [408, 0], HEADERS_CUT_WITHIN_MS],
      ['never ends its headers', first(HEAD), [408, 0], HEADERS_CUT_WITHIN_MS],
      [
        'announces a body that is too large and sends none',
        first(`${HEAD}content-length: 9999999999\r\n\r\n`),
        [408, 413],
        BODY_CUT_WITHIN_MS,
      ],
      ['announces a body and sends none', first(`${HEAD}content-length: 100\r\n\r\n`), [408, 0], BODY_CUT_WITHIN_MS],
      [
        'sends its body in drops',
        first(`${HEAD}content-length: 1000\r\n\r\n`, slowly('x')),
        [408, 0],
        BODY_CUT_WITHIN_MS,
      ],
      [
        'sends chunks in drops',
        first(`${HEAD}transfer-encoding: chunked\r\n\r\n`, slowly('1\r\nx\r\n')),
        [408, 0],
        BODY_CUT_WITHIN_MS,
      ],
      [
        'never ends its chunks',
        first(`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\nx\r\n`),
        [408, 0],
        BODY_CUT_WITHIN_MS,
      ],
      [
        'goes on for ever in chunks',
        first(`${HEAD}transfer-encoding: chunked\r\n\r\n`, endlessly(CHUNK)),
        [408, 413],
        BODY_CUT_WITHIN_MS,
      ],
      [
        'goes on for ever in packed chunks',
        first(`${HEAD}content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n`, endlessly(CHUNK)),
        [400, 408],
        BODY_CUT_WITHIN_MS,
      ],
    ];
    const answers = Promise.all(rows.map(([, behave]) => rawRequest(app.url, behave)));
    let isOver = false;
    void answers.finally(() => (isOver = true));
    let slowestMs = 0;
    while (!isOver) {
      const startedMs = performance.now();
      expect(await health()).toBe(200);
      slowestMs = Math.max(slowestMs, performance.now() - startedMs);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    for (const [index, { status, tookMs }] of (await answers).entries()) {
      const [what, , statuses = [], withinMs = 0] = rows[index] ?? [];
      expect([what, status, statuses.includes(status)]).toEqual([what, status, true]);
      expect([what, tookMs < withinMs]).toEqual([what, true]);
    }
    expect(slowestMs).toBeLessThan(2_000);
    expect(await stored()).toBe(0);
  });

  it('a body without end is not only answered but cut', async () => {
    const cut = new Promise<number>((resolve) => {
      const startedMs = performance.now();
      void rawRequest(app.url, (socket) => {
        // Whatever is answered, this client goes on.
        socket.removeAllListeners('data');
        socket.on('close', () => resolve(performance.now() - startedMs));
        first(`${HEAD}transfer-encoding: chunked\r\n\r\n`, endlessly(CHUNK))(socket);
      });
    });
    expect(await cut).toBeLessThan(BODY_CUT_WITHIN_MS);
  });

  it('that never takes its answers is cut, and keeps its place no longer than others', async () => {
    // Answered at once, so that many may be asked for without waiting.
    const question = 'GET /nowhere HTTP/1.1\r\nhost: app\r\n\r\n';
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1').on('error', () => undefined);
    socket.pause();
    socket.write(question.repeat(100_000));
    await sleep(STILL_CUT_WITHIN_MS);
    // Whoever reads nothing sees no end either; before that there are the answers that were on their way.
    const ended = new Promise((resolve) => socket.on('close', () => resolve('cut')));
    socket.resume();
    const end = await Promise.race([ended, sleep(5_000, 'kept')]);
    socket.destroy();
    expect(end).toBe('cut');
  });

  it('more connections than there is memory for are not taken', async () => {
    const sockets: Socket[] = [];
    const open = () =>
      rawRequest(app.url, (socket) => {
        sockets.push(socket);
      });
    const answers = Array.from({ length: 700 }, open);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const dropped = sockets.filter((socket) => socket.destroyed).length;
    for (const socket of sockets) socket.destroy();
    await Promise.all(answers);
    expect(dropped).toBeGreaterThanOrEqual(150);
    expect(await health()).toBe(200);
  });

  it('whoever keeps a connection without using it may, as routers do, unless others need the places', async () => {
    const agent = new Agent({ keepAlive: true, maxFreeSockets: 300 });
    const ask = () =>
      new Promise<Socket>((resolve, reject) => {
        const request = get(`${app.url}/health`, { agent }, (response) => {
          const { socket } = response;
          response.resume().on('end', () => resolve(socket));
        });
        request.on('error', reject);
      });
    const idle = await Promise.all(Array.from({ length: 300 }, ask));
    // Longer than Node's own five seconds, after which it would be closed just when it is used again.
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    const kept = () => idle.filter((socket) => !socket.destroyed).length;
    expect(kept()).toBe(300);
    const sockets: Socket[] = [];
    const others = Array.from({ length: 150 }, () => rawRequest(app.url, (socket) => void sockets.push(socket)));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [keptBeside, refused] = [kept(), sockets.filter((socket) => socket.destroyed)];
    for (const socket of sockets) socket.destroy();
    await Promise.all(others);
    agent.destroy();
    expect(keptBeside).toBe(0);
    expect(refused).toEqual([]);
  });
});
