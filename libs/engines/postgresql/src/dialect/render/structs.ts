import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type Column, type Finding, pathOf, type Schema, type StructType } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { columnsOfTypes, madeOf } from '../type-users.js';
import { collationOf, collationText } from './column-text.js';
import { commentOn } from './comments.js';
import { rebuildType } from './rebuild-type.js';
import { locks, statement } from './statement.js';
import { attribute, fieldText } from './type-text.js';

interface Fields {
  readonly gone: readonly Column[];
  readonly added: readonly Column[];
  readonly kept: readonly (readonly [Column, Column])[];
}

const fieldsOf = (from: StructType, to: StructType): Fields => {
  const old = new Map(from.fields.map((field) => [field.name, field]));
  const names = new Set(to.fields.map(({ name }) => name));
  return {
    gone: from.fields.filter(({ name }) => !names.has(name)),
    added: to.fields.filter(({ name }) => !old.has(name)),
    kept: to.fields.flatMap((field) => (old.has(field.name) ? [[old.get(field.name)!, field] as const] : [])),
  };
};

const retyped = ([from, to]: readonly [Column, Column]): boolean =>
  from.type.native !== to.type.native || collationOf(from) !== collationOf(to);

/** New attributes stand at the end, and nothing moves. */
const isAppended = (from: StructType, to: StructType): boolean => {
  const { kept, added } = fieldsOf(from, to);
  const order = from.fields.filter(({ name }) => kept.some(([old]) => old.name === name));
  return [...order, ...added].every(({ name }, at) => to.fields[at]?.name === name);
};

/** Whether the server cannot change the type in place: attributes move, or values that are stored would change. */
export const isReshaped = (from: StructType, to: StructType, state: Schema): boolean => {
  if (!isAppended(from, to)) return true;
  if (!fieldsOf(from, to).kept.some(retyped)) return false;
  return columnsOfTypes([from, ...madeOf(from, state)], state).length > 0;
};

const dropHazards = (type: StructType, gone: readonly Column[]): readonly Finding[] =>
  gone.map(({ name }) => {
    const path = pathOf(type, name);
    return finding(hazardRules.dropColumn, path, `The attribute ${path} is dropped with its values.`);
  });

const alterFields = (from: StructType, to: StructType, state: Schema): readonly Statement[] => {
  const { gone, added, kept } = fieldsOf(from, to);
  const alter = `ALTER TYPE ${qualified(to)}`;
  const collate = (field: Column): string => {
    const collation = collationOf(field);
    return collation === undefined ? '' : ` COLLATE ${collationText(collation, state)}`;
  };
  return [
    ...gone.map((field, at) =>
      statement(`${alter} DROP ATTRIBUTE ${identifier(field.name)}`, { hazards: dropHazards(to, [gone[at]!]) }),
    ),
    ...kept.filter(retyped).map(([, field]) =>
      statement(
        `${alter} ALTER ATTRIBUTE ${identifier(field.name)} SET DATA TYPE ${field.type.native}${collate(field)}`,
        {
          hazards: [
            finding(
              hazardRules.typeVisible,
              pathOf(to, field.name),
              `${pathOf(to, field.name)} becomes ${field.type.native}.`,
            ),
          ],
        },
      ),
    ),
    ...added.map((field) => statement(`${alter} ADD ATTRIBUTE ${fieldText(field, state)}`, { lock: locks.exclusive })),
    ...added.flatMap((field) => commentOn(attribute(to, field.name), field.comment)),
    ...kept.flatMap(([old, field]) => commentOn(attribute(to, field.name), field.comment, old.comment)),
  ];
};

/** A composite type in place where the server allows it, else by a new type. */
export const alterStruct = (
  change: ChangeOf<'alter-type'>,
  from: StructType,
  to: StructType,
  context: RenderContext,
): readonly Statement[] => {
  if (!isReshaped(from, to, context.state))
    return [...alterFields(from, to, context.state), ...commentOn(`TYPE ${qualified(to)}`, to.comment, from.comment)];
  return rebuildType(change, context, [
    ...dropHazards(from, fieldsOf(from, to).gone),
    finding(hazardRules.typeVisible, change.object, `The attributes of ${change.object} change.`),
  ]);
};
