export {
  describeWithServer,
  server,
  type KafkaServer,
  type Power,
  type PostgresServer,
  type ServerOptions,
  type TestDatabase,
} from './servers/server.js';
