import { Module } from '@nestjs/common';
import { SyncWorker } from './sync.worker.js';
import { TargetFactory } from './target-factory.js';
import { TenantReader } from './tenant-reader.js';

@Module({ providers: [SyncWorker, TargetFactory, TenantReader], exports: [SyncWorker, TargetFactory] })
export class SyncModule {}
