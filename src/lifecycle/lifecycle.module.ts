import { Module } from '@nestjs/common';
import { SyncModule } from '../sync/sync.module.js';
import { LifecycleController } from './lifecycle.controller.js';
import { LifecycleService } from './lifecycle.service.js';

@Module({ imports: [SyncModule], controllers: [LifecycleController], providers: [LifecycleService] })
export class LifecycleModule {}
