import { existsSync } from 'node:fs';
import { freePort } from './daemon.js';

/** A container that serves the run; removed by testcontainers when the test process ends. */
export interface Container {
  readonly id: string;
  readonly port: number;
}

/** Whether a Docker engine may answer: a quick look, no connection. */
export const dockerPossible = (): boolean =>
  process.env['DOCKER_HOST'] !== undefined || existsSync('/var/run/docker.sock');

/** Official PostgreSQL image of that major version, trusting loopback. */
export const startPostgresContainer = async (major: number): Promise<Container> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  const started = await new GenericContainer(`postgres:${major}`)
    .withEnvironment({ POSTGRES_HOST_AUTH_METHOD: 'trust' })
    .withCommand(['postgres', '-c', 'max_connections=200', '-c', 'fsync=off'])
    .withExposedPorts(5432)
    .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
    .start();
  return { id: started.getId(), port: started.getMappedPort(5432) };
};

/** Official Kafka image; the host port is fixed before, because the broker advertises it. */
export const startKafkaContainer = async (): Promise<Container> => {
  const { GenericContainer, Wait } = await import('testcontainers');
  const port = await freePort();
  const started = await new GenericContainer('apache/kafka:4.1.1')
    .withExposedPorts({ container: 9092, host: port })
    .withEnvironment({
      KAFKA_NODE_ID: '1',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
      KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
      KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
      KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .start();
  return { id: started.getId(), port };
};

/** Stops or starts a container of this run, keeping its data. */
export const switchContainer = async (id: string, on: boolean): Promise<void> => {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const container = client.container.getById(id);
  await (on ? client.container.start(container) : client.container.stop(container, { timeout: 10_000 }));
};
