import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Controller, HttpCode, Inject, Injectable, Module, Post, Scope } from '@nestjs/common';
import { ContextIdFactory, NestFactory, REQUEST } from '@nestjs/core';

/**
 * One small Nest app, in one of four variants of "a StateService that knows its request". Decorators are applied as
 * functions, because Node runs this file without a compiler.
 */
const variant = process.env.VARIANT;

const scope = new AsyncLocalStorage();
const service = {
  singleton: () => ({ answer: () => 'the same for all' }),
  storage: () => ({ answer: () => scope.getStore()?.key }),
  request: (request) => ({ answer: () => request.headers['x-smp-key'] }),
  durable: (tenant) => ({ answer: () => tenant.key }),
}[variant];

class StateService {}
class Middle {
  constructor(state) {
    this.state = state;
  }
}
class AnswerController {
  constructor(middle) {
    this.middle = middle;
  }
  answer() {
    return this.middle.state.answer() ?? 'nobody';
  }
}

const scoped = { request: { scope: Scope.REQUEST }, durable: { scope: Scope.REQUEST, durable: true } }[variant] ?? {};
const answer = Object.getOwnPropertyDescriptor(AnswerController.prototype, 'answer');
Injectable()(Middle);
Inject(StateService)(Middle, undefined, 0);
Controller('webhook-notify')(AnswerController);
Inject(Middle)(AnswerController, undefined, 0);
Post()(AnswerController.prototype, 'answer', answer);
HttpCode(200)(AnswerController.prototype, 'answer', answer);

class BenchModule {}
Module({
  controllers: [AnswerController],
  providers: [
    { provide: StateService, useFactory: (given) => service(given), inject: scoped.scope ? [REQUEST] : [], ...scoped },
    Middle,
  ],
})(BenchModule);

if (variant === 'durable') {
  const trees = new Map();
  ContextIdFactory.apply({
    attach(contextId, request) {
      const { 'x-smp-key': key } = request.headers;
      const tree = trees.get(key) ?? ContextIdFactory.create();
      trees.set(key, tree);
      return { resolve: (info) => (info.isTreeDurable ? tree : contextId), payload: { key } };
    },
  });
}

const app = await NestFactory.create(BenchModule, { logger: false, bodyParser: false });
if (variant === 'storage')
  app.use((request, _response, next) => scope.run({ key: request.headers['x-smp-key'] }, next));
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.send('listening');
process.on('disconnect', () => process.exit());
