import { createServer } from 'node:http';
import { join } from 'node:path';

/**
 * The ceiling: reads the body, parses the JSON, answers. Nothing is checked and nothing is kept; with `FOLDER` the event is
 * kept before the answer, and nothing else is done with it.
 */
const { PORT, FOLDER } = process.env;
// Loaded when used: how fast the bare server starts is a yardstick too.
const events = FOLDER && new (await import('./kept-events.ts')).KeptEvents(join(FOLDER, 'events.sqlite'));

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { id } = JSON.parse(body);
    const answer = () => {
      const text = JSON.stringify({ status: 'accepted', id });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    };
    if (events) void events.keep(id, body).then(answer);
    else answer();
  });
});

server.listen(Number(PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
