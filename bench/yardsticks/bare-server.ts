import { createServer } from 'node:http';

/** The ceiling: reads the body, parses the JSON, answers. Nothing is checked and nothing is kept. */
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    const { id } = JSON.parse(body) as { id: string };
    const text = JSON.stringify({ status: 'accepted', id });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
});

server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
