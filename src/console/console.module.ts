import { Module } from '@nestjs/common';
import { SyncModule } from '../sync/sync.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { ConsoleController } from './console.controller.js';

/** The tenant's own console: off unless the tenant sets a token, and loaded when it is asked for. */
@Module({ imports: [SyncModule, TenantsModule], controllers: [ConsoleController] })
export class ConsoleModule {}
