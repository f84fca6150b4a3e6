import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Where downloaded servers are kept between runs, outside the work tree. */
export const cacheFolder = (): string =>
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'dsem-test-servers');

/** A Maven artifact that a server consists of. */
export interface Artifact {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** Whether a program is on the PATH. */
export const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const dependency = ({ group, artifact, version }: Artifact): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;

const pom = (artifacts: readonly Artifact[]): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>local</groupId><artifactId>server</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>${artifacts.map(dependency).join('\n')}</dependencies></project>`;

const stamp = (name: string): string => join(cacheFolder(), name, '.complete');

/** Whether `fetchJars` would find everything in the cache. */
export const jarsCached = (name: string): boolean => existsSync(stamp(name));

const download = async (name: string, artifacts: readonly Artifact[]): Promise<void> => {
  const part = join(cacheFolder(), `${name}.${process.pid}.part`);
  mkdirSync(part, { recursive: true });
  writeFileSync(join(part, 'pom.xml'), pom(artifacts));
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  await promisify(execFile)('mvn', [
    '-B',
    '-q',
    '-f',
    join(part, 'pom.xml'),
    goal,
    '-DincludeScope=runtime',
    `-DoutputDirectory=${part}`,
  ]);
  writeFileSync(join(part, '.complete'), '');
  rmSync(join(cacheFolder(), name), { recursive: true, force: true });
  renameSync(part, join(cacheFolder(), name));
};

/** The class path of a server's jars, fetched from Maven Central once (20-60 s) and cached with a completion stamp. */
export const fetchJars = async (name: string, artifacts: readonly Artifact[]): Promise<string> => {
  if (!jarsCached(name)) {
    if (!onPath('mvn')) throw new Error(`${name} needs Maven: install mvn (Debian: maven), or set DSEM_TEST_KAFKA_URL`);
    await download(name, artifacts);
  }
  const folder = join(cacheFolder(), name);
  const jars = readdirSync(folder).filter((file) => file.endsWith('.jar'));
  return jars
    .sort()
    .map((file) => join(folder, file))
    .join(delimiter);
};
