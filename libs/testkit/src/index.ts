export { surviving } from '@dsem/event-store';
export {
  describeWithServer,
  server,
  useRoles,
  type KafkaServer,
  type Power,
  type PostgresServer,
  type ServerOptions,
  type TestDatabase,
} from './servers/server.js';
export { golden, goldenIn } from './golden.js';
export { schemaSample } from './samples.js';
export { linesIn, parseTxtar, printTxtar, txtarCases, type Txtar, type TxtarCase } from './txtar.js';
export { faultProxy, type Direction, type FaultProxy, type Faults } from './faultproxy.js';
export { postgresqlDump } from './postgresql-dump.js';
