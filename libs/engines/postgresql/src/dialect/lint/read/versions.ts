import type { Node } from '@pgsql/types';
import { walk } from '../../normalize/tree.js';
import { nameParts } from '../../type-names.js';
import type { Act, ActOf } from '../acts.js';

type Need = Omit<ActOf<'needs-version'>, 'kind'>;
type Fields = { readonly [field: string]: unknown };

const constraintNeeds = (fields: Fields): readonly Need[] => [
  ...(fields.contype === 'CONSTR_NOTNULL' && fields.keys
    ? [{ version: 18, what: 'a NOT NULL constraint of its own' }]
    : []),
  ...(fields.contype === 'CONSTR_ATTR_NOT_ENFORCED' ? [{ version: 18, what: 'NOT ENFORCED' }] : []),
  ...((fields.contype === 'CONSTR_CHECK' || fields.contype === 'CONSTR_FOREIGN') && fields.is_enforced !== true
    ? [{ version: 18, what: 'NOT ENFORCED' }]
    : []),
  ...(fields.generated_kind === 'v' ? [{ version: 18, what: 'a virtual generated column' }] : []),
  ...(fields.without_overlaps ? [{ version: 18, what: 'WITHOUT OVERLAPS' }] : []),
  ...(fields.fk_with_period ? [{ version: 18, what: 'a foreign key with PERIOD' }] : []),
  ...(fields.nulls_not_distinct ? [{ version: 15, what: 'NULLS NOT DISTINCT' }] : []),
  ...(fields.fk_del_set_cols ? [{ version: 15, what: 'ON DELETE SET with columns' }] : []),
];

const commandNeeds: { readonly [subtype: string]: Need } = {
  AT_SetExpression: { version: 17, what: 'SET EXPRESSION' },
  AT_SetAccessMethod: { version: 15, what: 'SET ACCESS METHOD' },
  AT_SetCompression: { version: 14, what: 'SET COMPRESSION' },
  AT_DetachPartitionFinalize: { version: 14, what: 'DETACH PARTITION FINALIZE' },
};

const needsOf = (node: Node): readonly Need[] => {
  if ('Constraint' in node) return constraintNeeds(node.Constraint as unknown as Fields);
  if ('IndexStmt' in node && node.IndexStmt.nulls_not_distinct) return [{ version: 15, what: 'NULLS NOT DISTINCT' }];
  if ('MergeStmt' in node) return [{ version: 15, what: 'MERGE' }];
  if ('PartitionCmd' in node && node.PartitionCmd.concurrent)
    return [{ version: 14, what: 'DETACH PARTITION CONCURRENTLY' }];
  if ('ATAlterConstraint' in node && node.ATAlterConstraint.alterEnforceability)
    return [{ version: 18, what: 'ALTER CONSTRAINT with ENFORCED' }];
  if ('CreateFunctionStmt' in node && node.CreateFunctionStmt.sql_body)
    return [{ version: 14, what: 'a routine with BEGIN ATOMIC' }];
  if ('CreateTrigStmt' in node && node.CreateTrigStmt.replace)
    return [{ version: 14, what: 'CREATE OR REPLACE TRIGGER' }];
  if ('FuncCall' in node && nameParts(node.FuncCall.funcname).at(-1) === 'uuidv7')
    return [{ version: 18, what: 'uuidv7()' }];
  if ('AlterTableCmd' in node) return [commandNeeds[node.AlterTableCmd.subtype ?? '']].flatMap((need) => need ?? []);
  return [];
};

/** What only newer servers understand. */
export const newerParts = (tree: Node): readonly Act[] => {
  const found = new Map<string, Act>();
  walk(tree, (node) => {
    for (const need of needsOf(node)) found.set(need.what, { kind: 'needs-version', ...need });
  });
  return [...found.values()];
};
