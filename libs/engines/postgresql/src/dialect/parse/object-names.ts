import type { Node } from '@pgsql/types';
import { engineObjectPath } from '@dsem/schema';
import { shortestName, splitName } from '../identifiers.js';
import { kindOfNode, objectKinds } from '../objects.js';
import { searchFunctions } from '../text-search.js';
import { nameParts } from '../type-names.js';
import type { Draft } from './draft.js';
import { elementsOf } from './options.js';
import type { SearchPath } from './search-path.js';
import type { Fields } from './statement-names.js';

interface Looking {
  readonly draft: Draft;
  readonly path: SearchPath;
}

/** The schema of the path in which an object stands; undefined where it is not there, or the server's own. */
const homeOf = ({ draft, path }: Looking, kind: string, name: string): string | undefined =>
  path.find((namespace) => draft.others.has(engineObjectPath({ kind, namespace, name })));

/** Writes the schema in front of a name without one. */
const place = (names: unknown, kind: string, at: Looking, otherwise?: string): void => {
  if (!Array.isArray(names) || names.length !== 1) return;
  const [name = ''] = nameParts(names as Node[]);
  const namespace = homeOf(at, kind, name) ?? otherwise;
  if (namespace !== undefined) (names as Node[]).unshift({ String: { sval: namespace } });
};

const itemsOf = (node: Node | undefined, type?: string): readonly Node[] | undefined => {
  if (node && 'ObjectWithArgs' in node) return type === 'OBJECT_OPERATOR' ? node.ObjectWithArgs.objname : undefined;
  return node && 'List' in node ? node.List.items : undefined;
};

/** The lists under which a statement names the objects it is about, with their kind. */
const subjects = (node: Node): readonly (readonly [type: string | undefined, names: unknown])[] => {
  if ('DropStmt' in node)
    return (node.DropStmt.objects ?? []).map((object) => [
      node.DropStmt.removeType,
      itemsOf(object, node.DropStmt.removeType),
    ]);
  if ('CommentStmt' in node)
    return [[node.CommentStmt.objtype, itemsOf(node.CommentStmt.object, node.CommentStmt.objtype)]];
  if ('RenameStmt' in node) return [[node.RenameStmt.renameType, itemsOf(node.RenameStmt.object)]];
  if ('AlterObjectSchemaStmt' in node)
    return [
      [
        node.AlterObjectSchemaStmt.objectType,
        itemsOf(node.AlterObjectSchemaStmt.object, node.AlterObjectSchemaStmt.objectType),
      ],
    ];
  if ('AlterOperatorStmt' in node) return [['OBJECT_OPERATOR', node.AlterOperatorStmt.opername?.objname]];
  if ('AlterStatsStmt' in node) return [['OBJECT_STATISTIC_EXT', node.AlterStatsStmt.defnames]];
  if ('AlterTSDictionaryStmt' in node) return [['OBJECT_TSDICTIONARY', node.AlterTSDictionaryStmt.dictname]];
  if ('AlterTSConfigurationStmt' in node) return [['OBJECT_TSCONFIGURATION', node.AlterTSConfigurationStmt.cfgname]];
  return 'AlterCollationStmt' in node ? [['OBJECT_COLLATION', node.AlterCollationStmt.collname]] : [];
};

const constants: { readonly [type: string]: string | undefined } = {
  regconfig: objectKinds.configuration.kind,
  regdictionary: objectKinds.dictionary.kind,
};

/** A constant that names an object: `'english'::regconfig`, or the first argument of `to_tsvector` and the like. */
const placeConstant = (value: object, at: Looking): void => {
  const { arg, typeName, funcname, args } = value as Fields;
  const type = nameParts((typeName as { readonly names?: Node[] } | undefined)?.names).at(-1) ?? '';
  const isSearch =
    Array.isArray(args) &&
    args.length > 1 &&
    searchFunctions.has(nameParts(funcname as Node[] | undefined).at(-1) ?? '');
  const kind = constants[type] ?? (isSearch ? objectKinds.configuration.kind : undefined);
  const constant = (isSearch ? (args as Node[])[0] : arg) as Node | undefined;
  if (kind === undefined || !constant || !('A_Const' in constant) || !constant.A_Const.sval) return;
  const [name = '', ...more] = splitName(constant.A_Const.sval.sval ?? '');
  const namespace = more.length === 0 ? homeOf(at, kind, name) : undefined;
  if (namespace !== undefined) constant.A_Const.sval.sval = shortestName(namespace, name);
};

const placeInTree = (value: unknown, at: Looking): void => {
  if (typeof value !== 'object' || value === null) return;
  const { collname, collation } = value as Fields;
  place(collname, objectKinds.collation.kind, at);
  place(collation, objectKinds.collation.kind, at);
  placeConstant(value, at);
  for (const held of Object.values(value)) placeInTree(held, at);
};

/** What a definition names by a property. */
const properties: { readonly [name: string]: string | undefined } = {
  from: objectKinds.collation.kind,
  template: objectKinds.template.kind,
  parser: objectKinds.parser.kind,
  copy: objectKinds.configuration.kind,
};

const placeInDefinition = (node: Node, at: Looking): void => {
  if ('DefineStmt' in node)
    for (const { defname = '', arg } of elementsOf(node.DefineStmt.definition)) {
      const kind = properties[defname.toLowerCase()];
      const names = arg && 'TypeName' in arg ? arg.TypeName.names : itemsOf(arg);
      if (kind !== undefined) place(names, kind, at);
    }
  if ('AlterTSConfigurationStmt' in node)
    for (const one of node.AlterTSConfigurationStmt.dicts ?? []) place(itemsOf(one), objectKinds.dictionary.kind, at);
};

/**
 * Writes out, in place, the schemas of objects that only PostgreSQL has where a statement names them without one: those
 * it is about by the first schema of the path, those it uses where the definition holds one of that name.
 */
export const placeObjectNames = (node: Node, at: Looking): void => {
  for (const [type, names] of subjects(node)) {
    const kind = kindOfNode(type);
    if (kind?.placed) place(names, kind.kind, at, at.path[0]);
  }
  if (at.draft.others.size === 0) return;
  placeInDefinition(node, at);
  placeInTree(node, at);
};
