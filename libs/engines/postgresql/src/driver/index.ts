import type { Driver } from '@dsem/engine';
import { postgresqlDialect } from '../dialect/index.js';
import { scratch } from './scratch.js';
import { openSession } from './session.js';

/** PostgreSQL 13 to 18 over one dedicated `pg` connection. */
export const postgresqlDriver: Driver = {
  connect: (url, options) => openSession(url, postgresqlDialect.normalize, options),
  scratch,
};
