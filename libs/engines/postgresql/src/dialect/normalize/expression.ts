import type { Node } from '@pgsql/types';
import type { Column, Expression } from '@dsem/schema';
import { expressionTree, printTree, typeTree } from '../grammar.js';
import { nameParts } from '../type-names.js';
import { argumentCasts, operandCasts, textCasts, withoutColumnCast } from './casts.js';
import { bitStrings, constantSpelling, negativeNumber, wholeNumbers } from './literals.js';
import { catalogueNames, currentTimestamp, plainCalls, sequenceNames, userNames } from './names.js';
import { flatLogic, plainOperators } from './operators.js';
import { plainType, type Rule, type Surroundings } from './scope.js';
import { rewrite, stringNodes, stringOf } from './tree.js';

/** The rules that bring an expression into normal form, in the order in which each node meets them. */
export const rules: readonly Rule[] = [
  plainCalls,
  catalogueNames,
  userNames,
  currentTimestamp,
  wholeNumbers,
  bitStrings,
  negativeNumber,
  sequenceNames,
  constantSpelling,
  textCasts,
  plainOperators,
  operandCasts,
  argumentCasts,
  flatLogic,
];

/** A tree in normal form; the tree given is used up. O(nodes). */
export const normalTree = (tree: Node, at: Surroundings): Node =>
  rewrite(tree, (node) => {
    const made = rules.reduce((one, rule) => rule(one, at), node);
    return 'BoolExpr' in made && !('BoolExpr' in node) ? rewriteOnce(made, at) : made;
  });

/** The operators that `BETWEEN` stands for meet the rule of operands too. */
const rewriteOnce = (node: Node, at: Surroundings): Node => rewrite(node, (one) => operandCasts(one, at));

/** The table an expression belongs to: what column names mean there. */
export interface Owner {
  readonly name: string;
  readonly columns: ReadonlyMap<string, Column>;
}

/** The row that an expression stands on, as the server spells it. */
const wholeRow = ({ name }: Owner): Node => ({ ColumnRef: { fields: [...stringNodes([name]), { A_Star: {} }] } });

const ownColumns =
  (owner: Owner): Rule =>
  (node) => {
    if (!('ColumnRef' in node)) return node;
    const parts = nameParts(node.ColumnRef.fields);
    if (parts.at(-1) === '') return wholeRow(owner);
    if (parts.length === 1 && parts[0] === owner.name && !owner.columns.has(owner.name)) return wholeRow(owner);
    return parts.length > 1 && parts.at(-2) === owner.name
      ? { ColumnRef: { ...node.ColumnRef, fields: stringNodes(parts.slice(-1)) } }
      : node;
  };

/** What columns mean in an expression of a table. */
export const surroundingsOf = (owner: Owner): Surroundings => ({
  columnType: (reference) => {
    const fields = (reference as { readonly fields?: Node[] }).fields;
    const native = owner.columns.get(nameParts(fields).at(-1) ?? '')?.type.native;
    return native === undefined ? undefined : plainType(native);
  },
});

const treeOf = (text: Expression, owner: Owner): Node =>
  normalTree(
    rewrite(expressionTree(text), (node) => ownColumns(owner)(node, surroundingsOf(owner))),
    surroundingsOf(owner),
  );

/** The normal form of a condition or key of a table. @throws DefinitionSyntaxError when it is not one expression. */
export const normalExpression = (text: Expression, owner: Owner): Expression => printTree(treeOf(text, owner));

/** Whether a node is NULL, with or without a cast. */
export const isNull = (node: Node): boolean =>
  ('A_Const' in node && node.A_Const.isnull === true) ||
  ('TypeCast' in node && node.TypeCast.arg !== undefined && isNull(node.TypeCast.arg));

const typedText = (tree: Node, native: string): Node =>
  stringOf(tree) === undefined ? tree : { TypeCast: { arg: tree, typeName: typeTree(native) } };

/**
 * The normal form of a default; undefined for NULL, which the server does not store. The cast to the column's own type
 * is left out, as the value gets it anyway.
 */
export const normalDefault = (text: Expression, column: Column, owner: Owner): Expression | undefined => {
  const parsed = expressionTree(text);
  if (isNull(parsed)) return undefined;
  const tree = normalTree(typedText(parsed, column.type.native), surroundingsOf(owner));
  return printTree(withoutColumnCast(tree, column.type.native));
};

/** The normal form of a generated column's expression. */
export const normalGenerated = (text: Expression, column: Column, owner: Owner): Expression =>
  printTree(withoutColumnCast(treeOf(text, owner), column.type.native));
