import type { Node } from '@pgsql/types';
import { walk } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import { type Draft, onlyServer, type Site } from './draft.js';

/** Functions of usual extensions that make or change tables, triggers or partitions. */
const ddlFunctions = new Set([
  'addgeometrycolumn',
  'create_distributed_table',
  'create_hypertable',
  'create_parent',
  'create_reference_table',
  'dropgeometrycolumn',
  'dropgeometrytable',
  'undistribute_table',
  'updategeometrysrid',
]);

/** Schemas whose functions do not touch what a definition holds. */
const harmlessSchemas = new Set(['pg_catalog', 'information_schema', 'cron']);

const ddlWord = /\b(create|alter|drop|execute|comment|grant|revoke|rename)\b/i;

/** Routines of a name; in every schema where it is written without one. */
const bodiesOf = (draft: Draft, name: string, namespace: string | undefined): readonly string[] =>
  [...draft.routines.values()]
    .filter((routine) => routine.name === name && (namespace === undefined || routine.namespace === namespace))
    .map((routine) => routine.body.text);

const mayRunDdl = (draft: Draft, parts: readonly string[]): boolean => {
  const name = parts.at(-1) ?? '';
  const namespace = parts.length > 1 ? parts.at(-2) : undefined;
  if (ddlFunctions.has(name.toLowerCase())) return true;
  if (namespace !== undefined && harmlessSchemas.has(namespace)) return false;
  const bodies = bodiesOf(draft, name, namespace);
  return bodies.length > 0 ? bodies.some((body) => ddlWord.test(body)) : namespace !== undefined;
};

/** @throws NeedsServer where a query calls a function that runs DDL, or one of which nothing is known. */
export const refuseDdlCalls = (draft: Draft, node: Node, site: Site): void =>
  walk(node, (one) => {
    if (!('FuncCall' in one)) return;
    const parts = nameParts(one.FuncCall.funcname);
    if (mayRunDdl(draft, parts)) onlyServer('A call may change the schema', `${parts.join('.')}()`, site);
  });
