import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

/** The smallest Nest app on Express. Decorators are applied as functions, because Node runs this file without a compiler. */
class HealthController {
  check() {
    return { status: 'ok' };
  }
}
Controller('health')(HealthController);
const check = Object.getOwnPropertyDescriptor(HealthController.prototype, 'check');
if (check !== undefined) Get()(HealthController.prototype, 'check', check);

class BareModule {
  isBare = true;
}
Module({ controllers: [HealthController] })(BareModule);

const app = await NestFactory.create(BareModule, { logger: false });
await app.listen(Number(process.env.PORT), '127.0.0.1');
process.send?.('listening');
process.on('disconnect', () => process.exit());
