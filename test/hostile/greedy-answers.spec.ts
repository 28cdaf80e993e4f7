import { createServer, type Server, type Socket } from 'node:net';
import { listenOnLoopback } from '../../sandbox/http/loopback-server.ts';
import { Canaries } from '../support/canaries.ts';
import { startCanaryApp } from '../support/canary-app.ts';
import { fixture } from '../support/fixtures.ts';

/** Answers that take many times their size when they are kept or parsed, sent to the built app with the heap of the image. */

const JSON_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

/** Bytes, each of them a part of its own. */
const singleBytes = (count: number) => (socket: Socket) => {
  socket.write(`${JSON_HEAD}transfer-encoding: chunked\r\n\r\n`);
  let left = count;
  const pump = () => {
    for (; left > 0; left -= 10_000) if (socket.destroyed || !socket.write('1\r\nx\r\n'.repeat(10_000))) return;
    socket.end('0\r\n\r\n');
  };
  socket.on('drain', pump);
  pump();
};

const whole = (body: string) => (socket: Socket) =>
  void socket.write(`${JSON_HEAD}content-length: ${body.length}\r\n\r\n${body}`);

const names = Array.from({ length: 450_000 }, (_, index) => `"${index.toString(36)}":0`);

/** Where Start takes the answer, what is in it is of no matter to a REST receiver. */
const ANSWERS: readonly (readonly [what: string, answer: (socket: Socket) => void, isTaken: boolean])[] = [
  ['four million parts of one byte', singleBytes(4_000_000), true],
  ['a million empty objects', whole(`{"a":[${'{},'.repeat(1_300_000)}0]}`), false],
  ['lists in lists in lists', whole('['.repeat(2_000_000) + ']'.repeat(2_000_000)), false],
  ['an object of many names', whole(`{${names.join(',')}}`), false],
];

let app: Awaited<ReturnType<typeof startCanaryApp>>;
let target: Server;
let answer: (socket: Socket) => void;

beforeAll(async () => {
  app = await startCanaryApp(new Canaries());
  target = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const address = target.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  const settings = { target: 'rest', 'api-url': `http://127.0.0.1:${address.port}`, auth: 'none' };
  const core = { socotraApiUrl: 'http://127.0.0.1:9', token: 'token' };
  for (const key of [...ANSWERS.map(([what]) => what), 'other'])
    app.states.set(key, { settings, ...core, tenantHostName: `${key.replaceAll(' ', '-')}.example` });
});
afterAll(async () => {
  await app.close();
  await new Promise((resolve) => target.close(resolve));
});

it('tokens without end, another one with each Start: none is kept', async () => {
  answer = whole(JSON.stringify({ access_token: 'x'.repeat(2_000_000), refresh_token: 'x'.repeat(2_000_000) }));
  const { other } = Object.fromEntries(app.states) as Record<string, { settings: Record<string, string> }>;
  const url = other?.settings['api-url'] ?? '';
  for (let secret = 0; secret < 15; secret++) {
    const oauth = {
      auth: 'oauth2-client-credentials',
      'token-url': url,
      'client-id': 'id',
      'client-secret': `${secret}`,
    };
    app.states.set(`tokens-${secret}`, { ...other, settings: { ...other?.settings, ...oauth } });
    const start = await app.ask('/_app/start', { headers: { 'x-smp-key': `tokens-${secret}` } });
    expect(await start.text()).toMatch(/cannot be read/);
  }
  expect((await app.ask('/health')).status).toBe(200);
}, 60_000);

it.each(ANSWERS)(
  '%s, three times at once: the app works on for the others',
  async (what, greedy, isTaken) => {
    answer = greedy;
    const starts = await Promise.all([1, 2, 3].map(() => app.ask('/_app/start', { headers: { 'x-smp-key': what } })));
    expect(starts.map(({ ok }) => ok)).toContain(isTaken);
    if (!isTaken) expect(await starts[0]?.text()).toMatch(/answer is too large/);
    const body = JSON.stringify({ id: what, type: 'policy.update', timestamp: '1', data: { policyLocator: '1' } });
    const headers = { 'x-smp-key': 'other', 'content-type': 'application/json' };
    expect((await app.ask('/webhook-notify', { method: 'POST', headers, body })).status).toBe(200);
  },
  60_000,
);

/** Small for an answer, and many times that as records. */
const CLAIMS: readonly (readonly [what: string, items: number, nameLength: number, code: string])[] = [
  ['of hundreds of items that share a name without end', 500, 1_000_000, 'core_answer_unreadable_policy'],
  ['of tens of thousands of items', 35_000, 10, 'core_answer_unreadable_claim'],
];

it.each(CLAIMS)(
  'a claim %s is a dead letter: the app works on for the others',
  async (what, items, nameLength, code) => {
    // Safe: the fixtures are a policy with an exposure, and a claim.
    const policy = fixture('core/policy.issued.json') as {
      locator: string;
      exposures: { perils: { locator: string }[] }[];
    };
    const claim = fixture('core/claim.json') as { locator: string };
    const exposures = policy.exposures.map((exposure) => ({ ...exposure, name: 'x'.repeat(nameLength) }));
    const perilLocator = policy.exposures[0]?.perils[0]?.locator;
    const item = { currentStatus: 'open', perilLocator };
    const subClaims = Array.from({ length: items }, (_, index) => ({ ...item, locator: `item-${index}` }));
    const answers = new Map<string, object>([
      [`/policy/${policy.locator}`, { ...policy, exposures }],
      [`/claim/${claim.locator}`, { ...claim, policyLocator: policy.locator, subClaims }],
      [`/policy/${policy.locator}/gracePeriods`, []],
    ]);
    const core = await listenOnLoopback((request, response) => {
      const found =
        answers.get(request.url ?? '') ??
        (request.url?.startsWith('/policyholder/') && fixture('core/policyholder.json'));
      response.writeHead(found ? 200 : 404).end(JSON.stringify(found || {}));
    });
    app.states.set(what, { ...app.states.get('other'), socotraApiUrl: core.url, tenantHostName: `${items}.example` });
    const data = { claimLocator: claim.locator, policyLocator: policy.locator };
    const body = JSON.stringify({ id: `claim-${items}`, type: 'claim.open', timestamp: '1', data });
    const headers = { 'x-smp-key': what, 'content-type': 'application/json' };
    expect((await app.ask('/webhook-notify', { method: 'POST', headers, body })).status).toBe(200);
    await app.until((lines) => lines.some((line) => line.eventId === `claim-${items}` && line.code === code));
    expect((await app.ask('/health')).status).toBe(200);
    await core.close();
  },
);
