import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { OperatorPauses } from './operator-pauses.js';
import { SyncWorker } from './sync.worker.js';
import { TargetFactory } from './target-factory.js';
import { UnfinishedRoots } from './unfinished-roots.js';

@Module({
  imports: [TenantsModule],
  providers: [SyncWorker, TargetFactory, OperatorPauses, UnfinishedRoots],
  exports: [SyncWorker, TargetFactory, OperatorPauses, UnfinishedRoots],
})
export class SyncModule {}
