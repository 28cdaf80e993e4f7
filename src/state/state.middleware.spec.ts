import { Controller, Get, Inject, type MiddlewareConsumer, Module } from '@nestjs/common';
import { request } from 'node:http';
import { type NestApp, startNestApp } from '../../test/support/nest-app.ts';
import { stateServiceOver } from '../../test/support/state-of.ts';
import { StateMiddleware } from './state.middleware.js';
import { StateService } from './state.service.js';

@Controller('key')
class KeyController {
  constructor(@Inject(StateService) private readonly stateService: StateService) {}

  /** The key that the handler sees after waiting, as a real one does. */
  @Get()
  async key(): Promise<object> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { key: this.stateService.key ?? null };
  }
}

@Module({ controllers: [KeyController] })
class KeyModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(StateMiddleware).forRoutes('key');
  }
}

let app: NestApp;

beforeAll(async () => {
  const stateService = stateServiceOver(() => {
    throw new Error('Nobody expected a question about state.');
  });
  app = await startNestApp({ imports: [KeyModule] }, [{ provide: StateService, useValue: stateService }]);
});
afterAll(() => app.close());

/** As a client that may repeat a header; `fetch` joins them before they are sent. */
function keySeen(values: readonly string[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const asked = request(`${app.url}/key`, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString('utf8')));
      response.on('end', () => resolve(JSON.parse(text)));
    });
    asked.once('error', reject);
    if (values.length > 0) asked.setHeader('X-SMP-Key', values);
    asked.end();
  });
}

it.each<[string, readonly string[], string | null]>([
  ['the key', ['route-1'], 'route-1'],
  ['the first of two', ['route-1', 'route-2'], 'route-1'],
  ['the first of a list', ['route-1, route-2'], 'route-1'],
  ['the key without blanks', ['  route-1  '], 'route-1'],
  ['the longest key', ['k'.repeat(1_024)], 'k'.repeat(1_024)],
  ['none that is longer', ['k'.repeat(1_025)], null],
  ['none without the header', [], null],
  ['none that is empty', [''], null],
  ['none that would be a step up in an address', ['..'], null],
  ['none that would be no step in an address', ['.'], null],
  ['one that only begins like that', ['..a'], '..a'],
  ['none that is only a comma', [', route-2'], null],
])('a request carries %s', async (_what, values, key) => {
  expect(await keySeen(values)).toEqual({ key });
});

it('requests at the same time keep their keys', async () => {
  const keys = Array.from({ length: 20 }, (_, index) => `route-${index}`);
  expect(await Promise.all(keys.map((key) => keySeen([key])))).toEqual(keys.map((key) => ({ key })));
});
