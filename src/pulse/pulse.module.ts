import { Module } from '@nestjs/common';
import { PulseService } from './pulse.service.js';

@Module({ providers: [PulseService] })
export class PulseModule {}
