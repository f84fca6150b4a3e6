import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, equal, pathOf, type Schema, type TypeDefinition } from '@dsem/schema';
import { finding } from '../hazards.js';
import { qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { alterDomain, isRebased } from './domains.js';
import { alterEnum, isRelabelled } from './enums.js';
import { rebuildType } from './rebuild-type.js';
import { cannot, type Renderers, statement } from './statement.js';
import { alterStruct, isReshaped } from './structs.js';
import { tablesOfType, typedRefusal } from '../typed-tables.js';
import { columnsOfTypes, madeOf } from '../type-users.js';
import { addUnchecked, bareType, typeComments, typeWord } from './type-text.js';

type AlterType = ChangeOf<'alter-type'>;

/** Whether a change of a type takes a new type, so that what names the old one has to step aside. */
export const isRebuilt = ({ from, to }: Pick<AlterType, 'from' | 'to'>, state: Schema): boolean => {
  if (from.kind === 'enum' && to.kind === 'enum') return isRelabelled(from, to);
  if (from.kind === 'domain' && to.kind === 'domain') return isRebased(from, to);
  if (from.kind === 'struct' && to.kind === 'struct') return isReshaped(from, to, state);
  return from.kind === 'other' && to.kind === 'other' && !equal(from.definition, to.definition);
};

const alterOther = (change: AlterType, context: RenderContext): readonly Statement[] => {
  const { from, to, object } = change;
  if (!isRebuilt(change, context.state)) return commentOn(`TYPE ${qualified(to)}`, to.comment, from.comment);
  const lost = columnsOfTypes([from, ...madeOf(from, context.state)], context.state).map(({ table, column }) => {
    const path = pathOf(table, column.name);
    return finding(hazardRules.lossyType, path, `Values of ${path} are read again as the new ${object}.`);
  });
  return rebuildType(change, context, [
    finding(hazardRules.typeVisible, object, `The type ${object} is defined differently.`),
    ...lost,
  ]);
};

const bareFields = (type: TypeDefinition): unknown =>
  type.kind === 'struct' ? type.fields.map(({ comment: _, ...field }) => field) : undefined;

/** @throws UnsupportedChange for attributes that are the columns of a typed table */
const refuseTyped = (change: AlterType, { state }: RenderContext): void => {
  const [table] = tablesOfType(state.tables, change.from);
  if (table !== undefined && !equal(bareFields(change.from), bareFields(change.to)))
    cannot(change, typedRefusal(table));
};

const alterType = (change: AlterType, context: RenderContext): readonly Statement[] => {
  const { from, to } = change;
  refuseTyped(change, context);
  if (from.kind === 'enum' && to.kind === 'enum') return alterEnum(change, from, to, context);
  if (from.kind === 'domain' && to.kind === 'domain') return alterDomain(change, from, to, context);
  if (from.kind === 'struct' && to.kind === 'struct') return alterStruct(change, from, to, context);
  return alterOther(change, context);
};

const createType = (change: ChangeOf<'create-type'>, type: TypeDefinition, state: Schema): readonly Statement[] => {
  const text = bareType(type, state);
  if (!text) return cannot(change, 'a base type is not supported, as only C can give it');
  return [text, ...addUnchecked(type), ...typeComments(type)];
};

/** Enums, domains, composite types and ranges; base types are refused by name. */
export const typeRenderers: Renderers<'create-type' | 'drop-type' | 'alter-type'> = {
  'create-type': (change, { state }) => createType(change, change.type, state),
  'drop-type': ({ type, object }) => [
    statement(`DROP ${typeWord(type)} ${qualified(type)}`, {
      hazards: [finding(hazardRules.dropType, object, `The type ${object} is dropped.`)],
    }),
  ],
  'alter-type': alterType,
};
