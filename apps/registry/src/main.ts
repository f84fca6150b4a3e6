import { runService } from '@dsem/service-host';
import { openRegistry } from './registry.module.js';

await runService({ name: 'registry', version: '0.1.0', open: openRegistry });
