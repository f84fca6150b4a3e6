import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type EnumType, type Finding, type Schema } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, literal, qualified } from '../identifiers.js';
import { nativeOf } from '../normalize/known-types.js';
import { hazardRules } from '../rules.js';
import { columnsOfTypes, type TypeUser } from '../type-users.js';
import { commentOn } from './comments.js';
import { rebuildType } from './rebuild-type.js';
import { locks, statement } from './statement.js';

const isSubsequence = (part: readonly string[], whole: readonly string[]): boolean => {
  let at = 0;
  for (const label of whole) if (label === part[at]) at += 1;
  return at === part.length;
};

const countText = ({ table, column }: TypeUser, type: EnumType, labels: readonly string[]): string => {
  const list = labels.map(literal).join(', ');
  const isArray = column.type.native === `${nativeOf(type)}[]`;
  const held = isArray ? `&& ARRAY[${list}]::${qualified(type)}[]` : `IN (${list})`;
  return `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(column.name)} ${held}`;
};

const counts = (type: EnumType, state: Schema, labels: readonly string[]): string =>
  columnsOfTypes([type], state)
    .map((user) => countText(user, type, labels))
    .join('; ');

const addition = (
  type: EnumType,
  label: string,
  labels: readonly string[],
  object: string,
  state: Schema,
): Statement => {
  const at = labels.indexOf(label);
  const position = at === 0 ? `BEFORE ${literal(labels[1] ?? '')}` : `AFTER ${literal(labels[at - 1]!)}`;
  const text = `ALTER TYPE ${qualified(type)} ADD VALUE ${literal(label)}${labels.length === 1 ? '' : ` ${position}`}`;
  const queries = counts(type, state, [label]);
  const back = queries === '' ? '' : ` The way back fails while rows hold it: ${queries}`;
  const message = `Readers of ${object} can meet the new label ${label}.`;
  const hazards = [finding(hazardRules.enumAdd, object, message, `${hazardRules.enumAdd.fix}${back}`)];
  return statement(text, { lock: locks.none, transactional: false, hazards });
};

/** Each new label beside one that is there already. */
const additions = (from: EnumType, to: EnumType, object: string, state: Schema): readonly Statement[] => {
  const present = new Set(from.labels);
  const statements: Statement[] = [];
  to.labels.forEach((label, at) => {
    if (present.has(label)) return;
    const later = to.labels.slice(at + 1).find((one) => present.has(one));
    const order = at > 0 ? [to.labels[at - 1]!, label] : later === undefined ? [label] : [label, later];
    statements.push(addition(to, label, order, object, state));
    present.add(label);
  });
  return statements;
};

const rebuildHazards = (from: EnumType, to: EnumType, object: string, state: Schema): readonly Finding[] => {
  const gone = from.labels.filter((label) => !to.labels.includes(label));
  if (gone.length === 0)
    return [finding(hazardRules.enumReorder, object, `The labels of ${object} are put into another order.`)];
  const queries = counts(from, state, gone);
  const fix = queries === '' ? undefined : `Look for rows that hold them: ${queries}`;
  return [finding(hazardRules.enumRemove, object, `The labels ${gone.join(', ')} of ${object} are removed.`, fix)];
};

/** Whether labels go or move, for which the server has no command. */
export const isRelabelled = (from: EnumType, to: EnumType): boolean => !isSubsequence(from.labels, to.labels);

/** Labels added in place; removed or moved by a new type. */
export const alterEnum = (
  change: ChangeOf<'alter-type'>,
  from: EnumType,
  to: EnumType,
  context: RenderContext,
): readonly Statement[] =>
  isRelabelled(from, to)
    ? rebuildType(change, context, rebuildHazards(from, to, change.object, context.state))
    : [
        ...additions(from, to, change.object, context.state),
        ...commentOn(`TYPE ${qualified(to)}`, to.comment, from.comment),
      ];
