import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { forward, type Webhook } from './forward.ts';
import { KeptEvents } from './kept-events.ts';

/**
 * Makes the app's HTTP calls and answers the webhook then. What fails is lost. With `FOLDER` the event is kept before that
 * and forgotten afterwards: what it costs to lose nothing, and nothing but that.
 */
const { PORT, FOLDER } = process.env;
const events = FOLDER === undefined ? undefined : new KeptEvents(join(FOLDER, 'events.sqlite'));

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) body += chunk;
  return body;
}

const server = createServer((request, response) => {
  void bodyOf(request).then(async (body) => {
    const event = JSON.parse(body) as Webhook;
    await events?.keep(event.id, body);
    await forward(event);
    await events?.forget(event.id);
    const text = JSON.stringify({ status: 'done', id: event.id });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});

server.listen(Number(PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
