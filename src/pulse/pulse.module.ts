import { Module } from '@nestjs/common';
import { SyncModule } from '../sync/sync.module.js';
import { PulseService } from './pulse.service.js';

@Module({ imports: [SyncModule], providers: [PulseService] })
export class PulseModule {}
