import { Module } from '@nestjs/common';
import { TenantsModule } from '../tenants/tenants.module.js';
import { CatchUpService } from './catch-up.service.js';

@Module({ imports: [TenantsModule], providers: [CatchUpService], exports: [CatchUpService] })
export class CatchUpModule {}
