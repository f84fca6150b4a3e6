import { runMain, runService } from '@dsem/service-host';
import { openRegistry } from './registry.module.js';

await runMain(() => runService({ name: 'registry', version: '0.1.0', open: openRegistry }));
