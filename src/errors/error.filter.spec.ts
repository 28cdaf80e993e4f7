import {
  BadGatewayException,
  Controller,
  Get,
  HttpException,
  Post,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Response } from 'express';
import { gzipSync } from 'node:zlib';
import { type NestApp, startNestApp } from '../../test/support/nest-app.ts';
import { QueueUnavailableError } from '../queue/queue.js';
import { RequestError } from './request-error.js';

const SECRET = 'hunter2-very-secret';

@Controller()
class ThrowingController {
  @Get('refusal')
  refusal(): void {
    throw new RequestError(422, 'settings_invalid', 'Set the address.');
  }

  @Get('fields')
  fields(): void {
    throw new RequestError(400, 'invalid_envelope', 'Not as expected.', {
      fields: [{ field: 'id', problem: 'is empty' }],
    });
  }

  @Get('later')
  later(): void {
    throw new RequestError(503, 'queue_unavailable', 'Send it again.', { retryAfterSeconds: 5 });
  }

  @Get('store')
  store(): void {
    throw new QueueUnavailableError(SECRET);
  }

  @Get('down')
  down(): void {
    throw new ServiceUnavailableException({ secret: SECRET });
  }

  @Get('foreign')
  foreign(): void {
    throw new BadGatewayException(SECRET);
  }

  @Get('teapot')
  teapot(): void {
    throw new HttpException(SECRET, 418);
  }

  @Get('bug')
  bug(): void {
    throw new TypeError(SECRET);
  }

  /** Libraries do throw what is no error. */
  @Get('thing')
  thing(): void {
    throw Object.freeze([SECRET]);
  }

  @Get('late')
  late(@Res() response: Response): void {
    response.status(200).end('already');
    throw new Error(SECRET);
  }

  @Post('body')
  body(): string {
    return 'read';
  }
}

let app: NestApp;

beforeAll(async () => {
  app = await startNestApp({ controllers: [ThrowingController] });
});
afterAll(() => app.close());

const failures = () => app.lines().length;

describe('a refusal', () => {
  it.each<[string, number, object]>([
    ['/refusal', 422, { error: { code: 'settings_invalid', message: 'Set the address.' } }],
    [
      '/fields',
      400,
      {
        error: {
          code: 'invalid_envelope',
          message: 'Not as expected.',
          fields: [{ field: 'id', problem: 'is empty' }],
        },
      },
    ],
    ['/later', 503, { error: { code: 'queue_unavailable', message: 'Send it again.' } }],
    [
      '/store',
      503,
      {
        error: {
          code: 'queue_unavailable',
          message: 'The queue does not answer at the moment; try again in a few seconds.',
        },
      },
    ],
    ['/down', 503, { error: { code: 'unavailable', message: 'This instance cannot accept events at the moment.' } }],
    ['/nowhere', 404, { error: { code: 'not_found', message: 'There is nothing at this address.' } }],
  ])('%s is answered %i in our words and is no failure', async (path, status, body) => {
    const before = failures();
    const response = await fetch(app.url + path);
    expect([response.status, await response.json()]).toEqual([status, body]);
    expect(response.headers.get('retry-after')).toBe(['/later', '/store'].includes(path) ? '5' : null);
    expect(failures()).toBe(before);
  });
});

describe('a failure', () => {
  it.each([
    ['/foreign', 'BadGatewayException'],
    ['/teapot', 'HttpException'],
    ['/bug', 'TypeError'],
    ['/thing', 'object'],
  ])('%s is answered 500 without its words, which stay out of the log too', async (path, errorName) => {
    const response = await fetch(app.url + path);
    const text = await response.text();
    expect([response.status, JSON.parse(text)]).toEqual([
      500,
      { error: { code: 'internal_error', message: 'The request failed here; the operator was told.' } },
    ]);
    expect(text).not.toContain(SECRET);
    expect(app.lines().at(-1)).toMatchObject({ event: 'app.failed', code: 'unexpected_error', errorName });
    expect(JSON.stringify(app.lines())).not.toContain(SECRET);
  });

  it('after the answer is a line, and the answer stays', async () => {
    const response = await fetch(`${app.url}/late`);
    expect([response.status, await response.text()]).toEqual([200, 'already']);
    expect(app.lines().at(-1)).toMatchObject({ event: 'app.failed', code: 'answer_already_sent', errorName: 'Error' });
  });
});

describe('a body that cannot be read', () => {
  const json = 'application/json';
  it.each<[string, string | Buffer<ArrayBuffer>, Readonly<Record<string, string>>, number, string]>([
    ['too large', 'x'.repeat(1_025), { 'content-type': json }, 413, 'body_too_large'],
    ['too large once unpacked', gzipSync('x'.repeat(9_000)), { 'content-encoding': 'gzip' }, 413, 'body_too_large'],
    ['packed in an unknown way', 'x', { 'content-encoding': 'pigeon' }, 415, 'not_json'],
    ['packed wrongly', 'no gzip', { 'content-encoding': 'gzip' }, 400, 'bad_request'],
    ['in an unknown character set', '{}', { 'content-type': `${json}; charset=klingon` }, 415, 'not_json'],
  ])('%s', async (_what, body, headers, status, code) => {
    const before = failures();
    const response = await fetch(`${app.url}/body`, {
      method: 'POST',
      body,
      headers: { 'content-type': json, ...headers },
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(failures()).toBe(before);
  });
});
