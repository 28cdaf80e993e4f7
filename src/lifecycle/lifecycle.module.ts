import { Module } from '@nestjs/common';
import { CatchUpModule } from '../catch-up/catch-up.module.js';
import { SyncModule } from '../sync/sync.module.js';
import { LifecycleController } from './lifecycle.controller.js';
import { LifecycleService } from './lifecycle.service.js';

@Module({ imports: [CatchUpModule, SyncModule], controllers: [LifecycleController], providers: [LifecycleService] })
export class LifecycleModule {}
