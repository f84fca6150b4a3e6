import { runMain, runService } from '@dsem/service-host';
import { openValidator } from './validator.module.js';

await runMain(() => runService({ name: 'validator', version: '0.1.0', open: openValidator }));
