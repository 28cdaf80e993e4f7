import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { serve } from '../worker.ts';
import { coreAnswer } from './core-answers.ts';
import type { SurroundingsAnswer, SurroundingsQuestion } from './surroundings.ts';

/** Requests that were answered since the last reset. */
const counts = { state: 0, core: 0, target: 0, targetBytes: 0 };
const paths = new Map<string, number>();
let deadFrom = Infinity;
let batchSize = 1;

const TENANT_OF_KEY = /^\/state\/key-(\d+)$/;
const RECORD_KEY = /"key":"([^"]+)"/;

/** A token whose claims say when it ends, as Core's do; nobody checks its signature. */
const TOKEN = ['{"alg":"HS256"}', '{"tenant.timezone":"UTC","exp":4102444800}', 'bench']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

function answer(response: ServerResponse, body: string | undefined): void {
  const text = body ?? '{"message":"not found"}';
  const length = Buffer.byteLength(text);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json', 'content-length': length });
  response.end(text);
}

const stateApi: RequestListener = (request, response) => {
  counts.state += 1;
  const tenant = TENANT_OF_KEY.exec(request.url ?? '')?.[1];
  answer(response, tenant === undefined ? undefined : stateOf(Number(tenant)));
};

function stateOf(tenant: number): string {
  const target = tenant >= deadFrom ? portOf(servers.dead) : portOf(servers.target);
  return JSON.stringify({
    settings: {
      target: 'rest',
      profile: 'all',
      environment: 'sandbox',
      'start-check': 'lenient',
      backfill: 'none',
      auth: 'none',
      'batch-size': String(batchSize),
      'api-url': `http://127.0.0.1:${target}/records`,
    },
    mappings: [],
    socotraApiUrl: `http://127.0.0.1:${portOf(servers.core)}`,
    tenantHostName: `tenant-${tenant}.bench.test`,
    token: TOKEN,
  });
}

const core: RequestListener = (request, response) => {
  counts.core += 1;
  const path = request.url ?? '';
  const kind = path.replace(/[0-9a-f-]{12,}/, ':locator');
  paths.set(kind, (paths.get(kind) ?? 0) + 1);
  if (request.method !== 'GET') request.resume();
  answer(response, coreAnswer(path));
};

const target: RequestListener = (request, response) => {
  read(request, (body) => {
    counts.target += 1;
    counts.targetBytes += body.length;
    answer(response, `{"results":[{"key":"${RECORD_KEY.exec(body)?.[1] ?? ''}","status":"updated"}]}`);
  });
};

/** A target that takes the connection and the request and never answers: the dearest way to be dead. */
const dead: RequestListener = () => undefined;

function read(request: IncomingMessage, then: (body: string) => void): void {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => then(body));
}

const servers = {
  stateApi: createServer(stateApi),
  core: createServer(core),
  target: createServer(target),
  dead: createServer(dead),
};

function portOf(server: (typeof servers)['core']): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no TCP port.');
  return address.port;
}

const listening = Promise.all(
  Object.values(servers).map((server) => {
    server.keepAliveTimeout = 60_000;
    return new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }),
);

async function answerTo(question: SurroundingsQuestion): Promise<SurroundingsAnswer> {
  await listening;
  const { stateApi: state, core: coreServer, target: targetServer, dead: deadServer } = servers;
  if (question.kind === 'reset') {
    Object.assign(counts, { state: 0, core: 0, target: 0, targetBytes: 0 });
    paths.clear();
  }
  if (question.kind === 'targetIsDead') deadFrom = question.fromTenant;
  if (question.kind === 'batchSize') batchSize = question.records;
  return {
    ports: { state: portOf(state), core: portOf(coreServer), target: portOf(targetServer), dead: portOf(deadServer) },
    counts: { ...counts, corePaths: Object.fromEntries(paths) },
  };
}

serve(answerTo);
