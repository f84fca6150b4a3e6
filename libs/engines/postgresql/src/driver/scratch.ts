import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Note, Scratch, SourceText } from '@dsem/engine';
import { loadGrammar } from '../dialect/grammar.js';
import { identifier } from '../dialect/identifiers.js';
import { startEmbeddedPostgres } from '../embedded/index.js';
import { openLink } from './connect.js';
import { replay } from './replay.js';
import { namedRoles } from './roles.js';

const withLink = async (url: string, statement: string): Promise<void> => {
  const link = await openLink(url, { applicationName: 'dsem' });
  try {
    await link.query(statement);
  } finally {
    await link.end();
  }
};

const urlOf = (url: string, database: string): string => {
  const copy = new URL(url);
  copy.pathname = `/${database}`;
  return copy.toString();
};

/** Work that is done once, however often it is asked for. */
const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
};

/** A database of its own on somebody's server; without what their template holds. */
const onServer = async (url: string): Promise<Scratch> => {
  const name = `dsem_scratch_${randomBytes(6).toString('hex')}`;
  await withLink(url, `CREATE DATABASE ${identifier(name)} TEMPLATE template0`);
  const own = urlOf(url, name);
  return {
    url: own,
    replay: (sources) => replay(own, sources, { roles: true }),
    drop: once(() => withLink(url, `DROP DATABASE IF EXISTS ${identifier(name)} WITH (FORCE)`)),
  };
};

const makeRoles = async (url: string, sources: readonly SourceText[]): Promise<readonly Note[]> => {
  const names = namedRoles(sources).filter((name) => name !== 'postgres');
  for (const name of names) await withLink(url, `CREATE ROLE ${identifier(name)} NOLOGIN`);
  return names.map((name) => ({ message: `made the role ${name}, which the scripts name and do not make` }));
};

/** A server in a temporary folder that lives as long as the database. */
const embedded = async (): Promise<Scratch> => {
  const folder = await mkdtemp(join(tmpdir(), 'dsem-scratch-'));
  await chmod(folder, 0o711); // the server may run as another user, who passes through
  const abandoned = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', abandoned); // where this process ends before the server is up
  const removed = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', abandoned);
  };
  try {
    const server = await startEmbeddedPostgres({ folder, durability: 'none' });
    const url = server.url();
    return {
      url,
      replay: async (sources) => [
        ...(await makeRoles(url, sources)),
        ...(await replay(url, sources, { roles: false })),
      ],
      drop: once(() => server.stop().finally(removed)),
    };
  } catch (error) {
    await removed();
    throw error;
  }
};

/** A throw-away database on the server of a URL, or, for `embedded`, on one that is started for it. */
export const scratch = async (via: string): Promise<Scratch> => {
  await loadGrammar();
  return via === 'embedded' ? embedded() : onServer(via);
};
