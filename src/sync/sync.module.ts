import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { OperatorPauses } from './operator-pauses.js';
import { SyncWorker } from './sync.worker.js';
import { TargetFactory } from './target-factory.js';

@Module({
  imports: [TenantsModule],
  providers: [SyncWorker, TargetFactory, OperatorPauses],
  exports: [SyncWorker, TargetFactory],
})
export class SyncModule {}
