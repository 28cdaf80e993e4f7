import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback, type LoopbackServer } from '../http/loopback-server.ts';

/** Where the app listens, while it runs. */
export type Upstream = () => { readonly host: string; readonly port: number } | undefined;

/**
 * The public address of the instance: passes every request on to the app with the instance's `x-smp-key`, streaming the
 * body. A key that the caller sent is replaced: the header proves nothing, but it is always this instance's own.
 *
 * @param key undefined: stands for the routers of several instances, and the caller's own key is passed on
 */
export function startRouter(key: string | undefined, upstream: Upstream): Promise<LoopbackServer> {
  return listenOnLoopback((incoming, outgoing) => {
    const target = upstream();
    if (target === undefined) refuse(outgoing);
    else forward(incoming, outgoing, target, key);
  });
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: { readonly host: string; readonly port: number },
  key: string | undefined,
): void {
  const { connection: _hopByHop, ...headers } = incoming.headers;
  const onward = httpRequest(
    {
      ...target,
      method: incoming.method,
      path: incoming.url,
      headers: { ...headers, host: `${target.host}:${target.port}`, ...(key !== undefined && { 'x-smp-key': key }) },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on('error', () => refuse(outgoing));
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function refuse(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy();
  else outgoing.writeHead(502, { 'content-type': 'text/plain' }).end('The instance does not answer.');
}
