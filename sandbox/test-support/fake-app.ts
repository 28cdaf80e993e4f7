/**
 * The smallest app that the local Marketplace can launch: it reads its state, reads the policyholder from Core and pushes
 * one record to the CRM. It stands for the real app where the stand-ins themselves are tested.
 */
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { objectOf, parseJson, textOf, type JsonObject } from '../http/json.ts';

const seen = new Set<string>();

async function readJson(url: string, token?: string): Promise<JsonObject> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`answered ${response.status}`);
  return objectOf(parseJson(await response.text()));
}

const stateOf = (key: string) => readJson(`${process.env.SMP_STATE_API}/state/${key}`);

async function sync(key: string, event: JsonObject): Promise<void> {
  const state = await stateOf(key);
  const settings = objectOf(state.settings);
  const locator = textOf(objectOf(event.data).policyholderLocator);
  const party = await readJson(`${textOf(state.socotraApiUrl)}/policyholder/${locator}`, textOf(state.token));
  const record = {
    kind: 'party',
    op: 'upsert',
    key: `s-pty-${locator}`,
    locator,
    revision: new Date(Number(party.updatedTimestamp)).toISOString(),
    fields: { version: party.version ?? 0 },
    relations: [],
    event: { id: textOf(event.id), type: textOf(event.type) },
  };
  const body = JSON.stringify({ specVersion: '1', records: [record] });
  const deliveryId = textOf(event.id);
  const sentAt = new Date();
  const response = await fetch(textOf(settings['api-url']), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${textOf(settings['api-token'])}`,
      'idempotency-key': deliveryId,
      'webhook-id': deliveryId,
      'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
      'webhook-signature': new Webhook(textOf(settings['signing-secret'])).sign(deliveryId, sentAt, body),
    },
    body,
  });
  log({
    event: response.ok ? 'sync.delivered' : 'sync.dead_lettered',
    eventId: deliveryId,
    lagMs: Date.now() - Number(event.timestamp),
  });
}

function log(fields: JsonObject): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level: 'info', ...fields })}\n`);
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  const key = String(request.headers['x-smp-key']);
  const answer = (status: number, body: JsonObject) => response.writeHead(status).end(JSON.stringify(body));
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.url === '/health') return answer(200, {});
    if (request.url?.startsWith('/_app/stop')) return answer(200, {});
    if (request.url?.startsWith('/_app/start')) {
      return void stateOf(key).then((state) =>
        objectOf(state.settings).target === 'rest'
          ? answer(200, {})
          : answer(422, { error: { code: 'no_target', message: 'Choose another target.' } }),
      );
    }
    const event = objectOf(parseJson(Buffer.concat(chunks).toString('utf8')));
    const id = textOf(event.id);
    answer(200, { status: seen.has(id) ? 'duplicate' : 'accepted', id });
    if (!seen.has(id)) void sync(key, event);
    seen.add(id);
    return undefined;
  });
}).listen(Number(process.env.SMP_PORT), '127.0.0.1', () => log({ event: 'app.started' }));
