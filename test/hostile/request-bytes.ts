import { gzipSync } from 'node:zlib';

/** A request as its bytes, and what is answered: the status and the code; `by node`: the server itself refuses it. */
export type HostileRequest = readonly [what: string, bytes: Buffer, status: number, code: string];

const ENVELOPE = { id: 'hostile-1', type: 'policy.issue', timestamp: '1716305400450', data: { policyLocator: '100' } };
export const envelope = (parts: object = {}) => JSON.stringify({ ...ENVELOPE, ...parts });
export const withData = (data: string) => `{"id":"hostile-1","type":"policy.issue","timestamp":"1","data":${data}}`;

export const BASIC = ['host: app', 'x-smp-key: key-a'];
export const JSON_TYPE = 'content-type: application/json';

export function request(line: string, headers: readonly string[], body: string | Buffer = ''): Buffer {
  return Buffer.concat([Buffer.from(`${line}\r\n${headers.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

/** A webhook with this body; headers of its own may stand in the place of the usual ones. */
export function ring(
  body: string | Buffer,
  headers: readonly string[] = [JSON_TYPE],
  key: readonly string[] = BASIC,
): Buffer {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  return request('POST /webhook-notify HTTP/1.1', [...key, ...headers, length], body);
}

export function chunked(body: string, headers: readonly string[] = [JSON_TYPE]): Buffer {
  const chunks = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return request('POST /webhook-notify HTTP/1.1', [...BASIC, ...headers, 'transfer-encoding: chunked'], chunks);
}

export const packed = (body: string) => ring(gzipSync(body), [JSON_TYPE, 'content-encoding: gzip']);
export const get = (path: string, headers: readonly string[] = BASIC) => request(`GET ${path} HTTP/1.1`, headers);
export const deep = (levels: number, open = '[', close = ']') => open.repeat(levels) + close.repeat(levels);
