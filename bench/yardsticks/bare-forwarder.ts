import { createServer } from 'node:http';
import { Agent, request as call } from 'undici';

/** One call for each webhook: what came in goes out to the target. Nothing is read from Core, nothing is kept. */
const { PORT, TARGET = '' } = process.env;
const dispatcher = new Agent({ connections: 16 });

async function forward(body: string): Promise<string> {
  const { id } = JSON.parse(body) as { readonly id: string };
  const headers = { 'content-type': 'application/json' };
  const answer = await call(TARGET, { dispatcher, method: 'POST', headers, body });
  await answer.body.dump();
  return JSON.stringify({ status: 'done', id });
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    void forward(body).then((text) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
      response.end(text);
    });
  });
});

server.listen(Number(PORT), '127.0.0.1', () => process.send?.('listening'));
process.on('disconnect', () => process.exit());
