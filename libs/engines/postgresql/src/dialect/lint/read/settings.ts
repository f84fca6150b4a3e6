import type { Node, TransactionStmt, VariableSetStmt } from '@pgsql/types';
import { numberOf, stringOf } from '../../normalize/tree.js';
import type { Act, ActOf } from '../acts.js';

const valueText = (node: Node | undefined): string | undefined => stringOf(node) ?? numberOf(node);

/** SET, RESET and SET TRANSACTION. */
export const setVariable = (statement: VariableSetStmt): readonly Act[] => {
  const { kind, name = '', args, is_local } = statement;
  if (kind === 'VAR_RESET_ALL') return [{ kind: 'reset-all' }];
  const value = kind === 'VAR_SET_VALUE' ? (args ?? []).flatMap((node) => valueText(node) ?? []).join(', ') : undefined;
  return [{ kind: 'set', name: name.toLowerCase(), value, local: is_local ?? false }];
};

const words: { readonly [kind: string]: ActOf<'transaction'>['what'] } = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'savepoint',
  TRANS_STMT_ROLLBACK_TO: 'savepoint',
  TRANS_STMT_PREPARE: 'prepare',
};

/** BEGIN, COMMIT and their kin. */
export const controlTransaction = (statement: TransactionStmt): readonly Act[] => [
  { kind: 'transaction', what: words[statement.kind ?? ''] ?? 'other', chain: statement.chain ?? false },
];
