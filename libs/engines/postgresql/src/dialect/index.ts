import type { Capabilities, Dialect } from '@dsem/engine';
import { asBuilt } from './as-built.js';
import { partitionCopies } from './apart.js';
import { dialectDiff, typeChange } from './diff.js';
import { bundle } from './bundle.js';
import { follows, reliesOn } from './index-marks.js';
import { judge } from './lint/judge.js';
import { rules } from './lint/rules/index.js';
import { levels } from './lint/levels.js';
import { normalize } from './normalize.js';
import { notNullOf } from './not-null.js';
import { notNullCheck } from './not-null-check.js';
import { parse } from './parse.js';
import { partitionChecks } from './partition-check.js';
import { pins } from './pins.js';
import { print } from './print.js';
import { render } from './render.js';
import { uses } from './uses.js';

export { normalize };

export type {
  ColumnAttributes,
  ConstraintAttributes,
  IndexAttributes,
  IndexKeyAttributes,
  PolicyAttributes,
  TableAttributes,
  ViewAttributes,
} from './types.js';

const capabilities: Capabilities = {
  transactionalDdl: true,
  notValidConstraints: true,
  notNullByCheck: true,
  onlineIndexBuild: true,
  indexRename: true,
  keyFromIndex: true,
  notValidOnPartitioned: '18',
  foreignKeys: true,
  enumTypes: true,
  sequences: true,
  views: true,
  columnPosition: false,
  lockLevels: levels,
  identifierLimit: { length: 63, unit: 'bytes' },
  columnsPerTable: 1600,
  versions: { from: '13', to: '18', default: '18' },
};

/** PostgreSQL 13 to 18 without I/O: reads, normalizes, compares and prints. */
export const postgresqlDialect: Dialect = {
  engine: 'postgresql',
  capabilities,
  parse,
  normalize,
  print,
  diff: dialectDiff,
  typeChange,
  notNullCheck: (column) => (notNullOf(column).unchecked ? undefined : notNullCheck(column.name)),
  uses,
  pins,
  bundle,
  follows,
  reliesOn,
  asBuilt,
  partitionChecks,
  partitionCopies,
  render,
  lint: { rules, judge },
};
