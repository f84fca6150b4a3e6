export { NoEmbeddedPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
export { startStandalone, version, type Standalone, type StandaloneOptions } from './standalone.js';
