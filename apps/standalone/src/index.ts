export { NoEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from '@dsem/engine-postgresql/embedded';
export { startStandalone, version, type Standalone, type StandaloneOptions } from './standalone.js';
