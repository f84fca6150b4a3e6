import type { Node } from '@pgsql/types';
import { type Attributes, DefinitionSyntaxError, type Trigger } from '@dsem/schema';
import { expressionTree, printTree } from '../grammar.js';
import { triggerCall, triggerUses } from '../parse/trigger-noun.js';
import { nameParts } from '../type-names.js';
import { attributesAs, type TriggerAttributes } from '../types/code.js';
import { isRule } from '../types/rules.js';
import { placed } from '../types.js';
import type { Catalogue } from './catalogue.js';
import { resolvedRule } from './rules.js';
import { normalStatement, sourceNamed } from './statements.js';
import { rewrite, stringOf } from './tree.js';

const rows = new Set(['old', 'new']);

/** `OLD` alone is its whole row. */
const wholeRow = (node: Node): Node => {
  const parts = 'ColumnRef' in node ? nameParts(node.ColumnRef.fields) : [];
  const [row = ''] = parts;
  return parts.length === 1 && rows.has(row)
    ? { ColumnRef: { fields: [{ String: { sval: row } }, { A_Star: {} }] } }
    : node;
};

const normalWhen = (when: string, trigger: Trigger, catalogue: Catalogue): string => {
  const columns = catalogue.columnsOf(placed(trigger.table));
  const sources = [...rows].map((row) => sourceNamed(row, columns));
  return printTree(normalStatement(rewrite(expressionTree(when), wholeRow), { catalogue, sources }));
};

const body = (trigger: Trigger): Trigger['body'] => {
  const tree = expressionTree(trigger.body.text === '' ? trigger.body.normal : trigger.body.text);
  if (!('FuncCall' in tree)) throw new DefinitionSyntaxError(`not the call of a trigger: ${trigger.body.text}`);
  const name = nameParts(tree.FuncCall.funcname);
  const call = triggerCall(
    name,
    (tree.FuncCall.args ?? []).map((node) => stringOf(node) ?? printTree(node)),
  );
  return { text: call, normal: call, uses: triggerUses(name) };
};

/** A trigger or rule in normal form. */
export const normalTrigger = (trigger: Trigger, catalogue: Catalogue): Trigger => {
  if (isRule(trigger)) return resolvedRule(trigger, catalogue);
  const { when, columns, from, ...held } = attributesAs<TriggerAttributes>(trigger);
  const attributes: TriggerAttributes = {
    ...held,
    ...(columns && columns.length > 0 ? { columns } : {}),
    ...(from ? { from: placed(from) } : {}),
    ...(when === undefined ? {} : { when: normalWhen(when, trigger, catalogue) }),
  };
  return {
    ...trigger,
    table: placed(trigger.table),
    body: body(trigger),
    attributes: attributes as unknown as Attributes,
  };
};
