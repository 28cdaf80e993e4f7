import { gzipSync } from 'node:zlib';
import { HOSTILE_ENVELOPES } from './envelopes.ts';
import {
  BASIC,
  chunked,
  envelope,
  get,
  type HostileRequest,
  JSON_TYPE,
  packed,
  request,
  ring,
} from './request-bytes.ts';

/** Largest body of the app in these tests. */
export const MAX_BODY_BYTES = 4_096;

const TOO_LARGE = envelope({ padding: 'x'.repeat(MAX_BODY_BYTES) });

const BODIES: readonly HostileRequest[] = [
  ['a body larger than allowed', ring(TOO_LARGE), 413, 'body_too_large'],
  ['the same in chunks, without a length', chunked(TOO_LARGE), 413, 'body_too_large'],
  ['the same packed, small on its way', packed(envelope({ padding: 'x'.repeat(1_000_000) })), 413, 'body_too_large'],
  ['a length that is announced too large', ring('{}', [JSON_TYPE, 'content-length: 99999999']), 400, 'by node'],
  ['two lengths', ring('{}', [JSON_TYPE, 'content-length: 1']), 400, 'by node'],
  ['a length and chunks', ring('{}', [JSON_TYPE, 'transfer-encoding: chunked']), 400, 'by node'],
  [
    'a length in words',
    request('POST /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'content-length: two'], '{}'),
    400,
    'by node',
  ],
  [
    'a length below zero',
    request('POST /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'content-length: -2'], '{}'),
    400,
    'by node',
  ],
  [
    'a length with a sign',
    request('POST /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'content-length: +2'], '{}'),
    400,
    'by node',
  ],
  [
    'a length in hexadecimal',
    request('POST /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'content-length: 0x2'], '{}'),
    400,
    'by node',
  ],
  [
    'chunks of a size that is no number',
    request(
      'POST /webhook-notify HTTP/1.1',
      [...BASIC, JSON_TYPE, 'transfer-encoding: chunked'],
      'zz\r\n{}\r\n0\r\n\r\n',
    ),
    400,
    'by node',
  ],
  [
    'chunks of a size beyond all numbers',
    request(
      'POST /webhook-notify HTTP/1.1',
      [...BASIC, JSON_TYPE, 'transfer-encoding: chunked'],
      'fffffffffffffffff\r\n',
    ),
    400,
    'by node',
  ],
  [
    'chunks with endless extensions',
    request(
      'POST /webhook-notify HTTP/1.1',
      [...BASIC, JSON_TYPE, 'transfer-encoding: chunked'],
      `1;${'x'.repeat(20_000)}`,
    ),
    413,
    'by node',
  ],
  [
    'a transfer encoding that nobody knows',
    request('POST /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'transfer-encoding: xchunked'], '{}'),
    400,
    'by node',
  ],
  ['packed nonsense', ring('this is not gzip', [JSON_TYPE, 'content-encoding: gzip']), 400, 'bad_request'],
  [
    'half of something packed',
    ring(gzipSync(envelope()).subarray(0, 40), [JSON_TYPE, 'content-encoding: gzip']),
    400,
    'bad_request',
  ],
  [
    'packed twice over',
    ring(gzipSync(gzipSync(envelope())), [JSON_TYPE, 'content-encoding: gzip, gzip']),
    415,
    'not_json',
  ],
  ['packed in a way that nobody knows', ring(envelope(), [JSON_TYPE, 'content-encoding: zip']), 415, 'not_json'],
  ['text', ring(envelope(), ['content-type: text/plain']), 415, 'not_json'],
  ['a form', ring('id=1', ['content-type: application/x-www-form-urlencoded']), 415, 'not_json'],
  ['a form with files', ring('--x--', ['content-type: multipart/form-data; boundary=x']), 415, 'not_json'],
  [
    'XML',
    ring('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', ['content-type: application/xml']),
    415,
    'not_json',
  ],
  ['no type', ring(envelope(), []), 415, 'not_json'],
  ['two types', ring(envelope(), [`${JSON_TYPE}, text/plain`]), 415, 'not_json'],
  ['an encoding that does not exist', ring(envelope(), [`${JSON_TYPE}; charset=ebcdic`]), 415, 'not_json'],
];

const KEYS: readonly HostileRequest[] = [
  ['no key', ring(envelope(), [JSON_TYPE], ['host: app']), 401, 'no_key'],
  ['an empty key', ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: ']), 401, 'no_key'],
  ['an unknown key', ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: nobody']), 401, 'unknown_key'],
  ['a key that climbs', ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: ../key-a']), 401, 'unknown_key'],
  ['a key with a query', ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: key-a?x=']), 401, 'unknown_key'],
  ['a key that is encoded', ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: %6bey-a']), 401, 'unknown_key'],
  ['a key without end', ring(envelope(), [JSON_TYPE], ['host: app', `x-smp-key: ${'k'.repeat(2_000)}`]), 401, 'no_key'],
  [
    'a key behind an unknown one',
    ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: nobody', 'x-smp-key: key-a']),
    401,
    'unknown_key',
  ],
  ['another name of the header', ring(envelope(), [JSON_TYPE], ['host: app', 'x_smp_key: key-a']), 401, 'no_key'],
  [
    'the key in the query',
    request('POST /webhook-notify?x-smp-key=key-a HTTP/1.1', ['host: app', JSON_TYPE, 'content-length: 2'], '{}'),
    401,
    'no_key',
  ],
  [
    'an own State API',
    ring(envelope(), [JSON_TYPE], ['host: app', 'x-smp-key: nobody', 'x-smp-state-api: http://127.0.0.1:1']),
    401,
    'unknown_key',
  ],
];

const HEADERS: readonly HostileRequest[] = [
  ['headers larger than allowed', get('/health', [...BASIC, `x: ${'x'.repeat(17_000)}`]), 431, 'by node'],
  [
    'many headers, together too large',
    get('/health', [...BASIC, ...Array.from({ length: 2_000 }, (_, n) => `x-${n}: 1234`)]),
    431,
    'by node',
  ],
  ['a name of a header without end', get('/health', [...BASIC, `${'x'.repeat(17_000)}: 1`]), 431, 'by node'],
  ['an address without end', get(`/${'x'.repeat(17_000)}`), 431, 'by node'],
  ['no host', get('/health', ['x-smp-key: key-a']), 400, 'by node'],
  ['a header over two lines', get('/health', [...BASIC, 'x: a', ' b']), 400, 'by node'],
  ['a header without a name', get('/health', [...BASIC, ': a']), 400, 'by node'],
  ['a space before the colon', get('/health', [...BASIC, 'x : a']), 400, 'by node'],
  ['a zero byte in a header', get('/health', [...BASIC, 'x: a\0b']), 400, 'by node'],
  ['a lone line feed', Buffer.from('GET /health HTTP/1.1\nhost: app\n\n'), 400, 'by node'],
  ['another protocol', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n\r\n'), 400, 'by node'],
  ['TLS where plain HTTP is spoken', Buffer.from('16030100a5010000a10303', 'hex'), 400, 'by node'],
  ['HTTP/2 without asking', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 400, 'by node'],
  ['a method that does not exist', request('FROB /health HTTP/1.1', BASIC), 400, 'by node'],
  ['a version that does not exist', request('GET /health HTTP/9.9', BASIC), 400, 'by node'],
];

const PLACES: readonly HostileRequest[] = [
  ...[
    '/',
    '/webhook-notify',
    '/webhook-notify/',
    '/webhook-notify/1',
    '/_app',
    '/_app/',
    '/_app/debug',
    '/_app/start/x',
    '/_app/%73tart/../stop',
    '/_APP/../etc/passwd',
    '/../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/.env',
    '/.git/config',
    '/package.json',
    '/queue.sqlite',
    '/state/key-a',
    '/metrics',
    '/admin',
    '/show-settings',
    '/debug/pprof',
    '/server-status',
    '/__proto__',
    '/constructor',
    '//evil.example/health',
    '/health/../webhook-notify',
  ].map((path): HostileRequest => [`GET ${path}`, get(path), 404, 'not_found']),
  ['a path that cannot be decoded', get('/%ff'), 404, 'not_found'],
  ['a foreign address', request('GET http://evil.example/webhook-notify HTTP/1.1', BASIC), 404, 'not_found'],
  [
    'PUT where POST belongs',
    request('PUT /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'content-length: 2'], '{}'),
    404,
    'not_found',
  ],
  ['DELETE', request('DELETE /webhook-notify HTTP/1.1', BASIC), 404, 'not_found'],
  [
    'PATCH',
    request('PATCH /webhook-notify HTTP/1.1', [...BASIC, JSON_TYPE, 'content-length: 2'], '{}'),
    404,
    'not_found',
  ],
  ['TRACE', request('TRACE /webhook-notify HTTP/1.1', BASIC), 404, 'not_found'],
  ['POST to Start', request('POST /_app/start HTTP/1.1', [...BASIC, 'content-length: 0']), 404, 'not_found'],
  [
    'another method by a header',
    request('GET /webhook-notify HTTP/1.1', [...BASIC, 'x-http-method-override: POST']),
    404,
    'not_found',
  ],
  ['Start without a key', get('/_app/start?route=https://evil.example', ['host: app']), 401, 'no_key'],
  ['Stop without a key', get('/_app/stop', ['host: app']), 401, 'no_key'],
  ['Start with an unknown key', get('/_app/start', ['host: app', 'x-smp-key: nobody']), 401, 'unknown_key'],
];

export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  ...BODIES,
  ...HOSTILE_ENVELOPES,
  ...KEYS,
  ...HEADERS,
  ...PLACES,
];
