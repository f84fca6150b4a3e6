import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, startDaemon } from './daemon.js';
import { fetchJars, jarsCached, onPath } from './maven.js';

const version = '4.4.0';
const cacheName = `kafka-${version}`;
const artifacts = [
  { group: 'org.apache.kafka', artifact: 'kafka_2.13', version },
  { group: 'org.apache.logging.log4j', artifact: 'log4j-slf4j-impl', version: '2.25.5' },
];
const java = (): string => (process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin', 'java') : 'java');

/** Whether a broker can be had from Maven Central here: Java 17, and Maven or an earlier download. */
export const kafkaPossible = (): boolean =>
  (process.env['JAVA_HOME'] !== undefined || onPath('java')) && (onPath('mvn') || jarsCached(cacheName));

/** One broker that is its own controller. The short heartbeat makes a restart on the same data take 2 s, not 9. */
const properties = (folder: string, port: number, controller: number): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=CLIENT://127.0.0.1:${port}
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=CLIENT
controller.listener.names=CONTROLLER
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
num.partitions=1
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
num.network.threads=2
num.io.threads=4
background.threads=2
log.cleaner.dedupe.buffer.size=4194304
log.segment.bytes=16777216
log.index.size.max.bytes=1048576
metadata.log.segment.bytes=16777216
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2000
`;

const logging = `
status = error
appender.c.type = Console
appender.c.name = C
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = [%d] %p %c{1}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.c.ref = C
logger.k.name = kafka.server.KafkaRaftServer
logger.k.level = info
`;

const jvm = async (folder: string): Promise<string[]> => [
  ...['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'],
  ...[`-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`, '-cp', await fetchJars(cacheName, artifacts)],
];

/** Writes the configuration and formats the data folder; returns the client port. */
export const initKafka = async (folder: string): Promise<number> => {
  const [port, controller] = [await freePort(), await freePort()];
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'server.properties'), properties(folder, port, controller));
  writeFileSync(join(folder, 'log4j2.properties'), logging);
  const id = randomBytes(16).toString('base64url');
  const format = ['kafka.tools.StorageTool', 'format', '-t', id.startsWith('-') ? `A${id.slice(1)}` : id];
  const args = [...(await jvm(folder)), ...format, '-c', join(folder, 'server.properties')];
  await promisify(execFile)(java(), args, { cwd: folder });
  if (!existsSync(join(folder, 'data', 'meta.properties'))) throw new Error(`Kafka did not format ${folder}`);
  return port;
};

/** Starts (again) the broker that `initKafka` made, on the same data. */
export const startKafka = async (folder: string, port: number): Promise<void> => {
  const args = [...(await jvm(folder)), 'kafka.Kafka', join(folder, 'server.properties')];
  await startDaemon({ folder, command: java(), args, port, ready: /Kafka Server started/, timeoutMs: 90_000 });
};
