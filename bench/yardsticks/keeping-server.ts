import { createServer } from 'node:http';
import { join } from 'node:path';
import { KeptEvents } from './kept-events.ts';

/** The bare server, that keeps the event before it answers, and does nothing else with it. */
const events = new KeptEvents(join(process.env.FOLDER ?? '.', 'events.sqlite'));

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    const { id } = JSON.parse(body) as { id: string };
    void events.keep(id, body).then(() => {
      const text = JSON.stringify({ status: 'accepted', id });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
