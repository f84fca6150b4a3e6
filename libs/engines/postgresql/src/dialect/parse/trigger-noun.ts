import type { CreateTrigStmt, Node } from '@pgsql/types';
import { type Attributes, pathOf, type Trigger } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { literal, shortest, shortestName } from '../identifiers.js';
import { isServerRoutine } from '../server-routines.js';
import { nameParts } from '../type-names.js';
import type { TriggerAttributes } from '../types/code.js';
import { nameOf, relationOf } from './names.js';

/** Bits of `pg_trigger.tgtype`, which the grammar uses too. */
const bits = { before: 2, insert: 4, delete: 8, update: 16, truncate: 32, insteadOf: 64 } as const;

const timingOf = (bit: number): TriggerAttributes['timing'] => {
  if (bit === bits.before) return 'before';
  return bit === bits.insteadOf ? 'instead of' : 'after';
};

const events = ['insert', 'delete', 'update', 'truncate'] as const;

const transitions = (nodes: readonly Node[] | undefined): Pick<TriggerAttributes, 'oldTable' | 'newTable'> =>
  Object.fromEntries(
    (nodes ?? []).flatMap((node) =>
      'TriggerTransition' in node
        ? [[node.TriggerTransition.isNew ? 'newTable' : 'oldTable', node.TriggerTransition.name ?? '']]
        : [],
    ),
  );

/** The call of a trigger function as SQL; the server's own functions stand without a schema. */
export const triggerCall = (name: readonly string[], args: readonly string[]): string => {
  const own = name.at(-2) === 'pg_catalog' || (name.length === 1 && isServerRoutine(name[0] ?? ''));
  const full = nameOf(name);
  const shown = own ? shortest(full.name) : shortestName(full.namespace, full.name);
  return `${shown}(${args.map(literal).join(', ')})`;
};

/** The routine that a call of a trigger names, where it is one of the user. */
export const triggerUses = (name: readonly string[]): readonly string[] => {
  const own = name.at(-2) === 'pg_catalog' || (name.length === 1 && isServerRoutine(name[0] ?? ''));
  return own ? [] : [pathOf(nameOf(name))];
};

const attributesOf = (statement: CreateTrigStmt): TriggerAttributes => {
  const columns = nameParts(statement.columns);
  return {
    timing: timingOf(statement.timing ?? 0),
    events: events.filter((event) => ((statement.events ?? 0) & bits[event]) !== 0),
    ...(columns.length > 0 ? { columns } : {}),
    ...(statement.row ? { row: true } : {}),
    ...(statement.whenClause ? { when: printTree(statement.whenClause) } : {}),
    ...transitions(statement.transitionRels),
    ...(statement.isconstraint ? { constraint: true } : {}),
    ...(statement.deferrable ? { deferrable: true } : {}),
    ...(statement.initdeferred ? { initiallyDeferred: true } : {}),
    ...(statement.constrrel ? { from: relationOf(statement.constrrel) } : {}),
  };
};

/** A trigger as CREATE TRIGGER says it. */
export const triggerOf = (statement: CreateTrigStmt): Trigger => {
  const name = nameParts(statement.funcname);
  const call = triggerCall(name, nameParts(statement.args));
  return {
    name: statement.trigname ?? '',
    table: relationOf(statement.relation),
    body: { text: call, normal: call, uses: triggerUses(name) },
    attributes: attributesOf(statement) as unknown as Attributes,
  };
};
