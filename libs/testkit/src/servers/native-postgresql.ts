import { freePort, makeOpenCluster, packagedBinaries, serverProcess } from '@dsem/engine-postgresql/embedded';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { startDaemon } from './daemon.js';

/** Whether npm has packaged binaries of that major version for this platform. */
export const postgresPossible = (major: number): boolean => packagedBinaries(major) !== undefined;

/** Creates a throw-away cluster in `folder`, its data in `memory` where that is given; returns its port. About 1 s. */
export const initPostgres = async (folder: string, major: number, memory?: string): Promise<number> => {
  if (memory !== undefined) {
    const data = join(memory, basename(folder));
    mkdirSync(data, { recursive: true });
    symlinkSync(data, join(folder, 'data'));
  }
  await makeOpenCluster({ folder, major });
  return freePort();
};

/** Starts (again) the cluster that `initPostgres` made. Specs kill it, so its data survive that. */
export const startPostgres = async (folder: string, major: number, port: number): Promise<void> => {
  const settings = { shared_buffers: '64MB', max_wal_size: '128MB' };
  const { command, args, user } = serverProcess({ folder, major, port, durability: 'server', settings });
  await startDaemon({
    folder,
    command,
    args,
    port,
    ready: /ready to accept connections/,
    env: { LC_ALL: 'C' },
    ...user,
  });
};
