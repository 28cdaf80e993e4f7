import { Module } from '@nestjs/common';
import { TenantReader } from './tenant-reader.js';

@Module({ providers: [TenantReader], exports: [TenantReader] })
export class TenantsModule {}
