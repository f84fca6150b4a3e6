import { runService } from '@dsem/service-host';
import { openValidator } from './validator.module.js';

await runService({ name: 'validator', version: '0.1.0', open: openValidator });
