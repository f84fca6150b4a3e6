import type { Node, RangeVar } from '@pgsql/types';
import { nameParts } from '../type-names.js';

/** A tree's node without its tag. */
export type Fields = { [name: string]: unknown };

/** The name of what a statement creates; `place` writes the schema into the statement. */
export interface CreatedName {
  readonly namespace: string | undefined;
  readonly name: string;
  readonly place: (namespace: string) => void;
}

const ofRelation = (relation: RangeVar | undefined): CreatedName | undefined =>
  relation?.relname === undefined
    ? undefined
    : {
        namespace: relation.schemaname,
        name: relation.relname,
        place: (namespace) => {
          relation.schemaname = namespace;
        },
      };

const ofList = (nodes: Node[] | undefined): CreatedName | undefined => {
  const parts = nameParts(nodes);
  return nodes === undefined || parts.length === 0
    ? undefined
    : {
        namespace: parts.length > 1 ? parts.at(-2) : undefined,
        name: parts.at(-1)!,
        place: (namespace) => nodes.unshift({ String: { sval: namespace } }),
      };
};

/** What a statement creates, where that has a schema. */
export const createdName = (node: Node): CreatedName | undefined => {
  if ('CreateStmt' in node) return ofRelation(node.CreateStmt.relation);
  if ('CreateForeignTableStmt' in node) return ofRelation(node.CreateForeignTableStmt.base?.relation);
  if ('ViewStmt' in node) return ofRelation(node.ViewStmt.view);
  if ('CreateTableAsStmt' in node) return ofRelation(node.CreateTableAsStmt.into?.rel);
  if ('CreateSeqStmt' in node) return ofRelation(node.CreateSeqStmt.sequence);
  if ('CompositeTypeStmt' in node) return ofRelation(node.CompositeTypeStmt.typevar);
  if ('CreateEnumStmt' in node) return ofList(node.CreateEnumStmt.typeName);
  if ('CreateRangeStmt' in node) return ofList(node.CreateRangeStmt.typeName);
  if ('CreateDomainStmt' in node) return ofList(node.CreateDomainStmt.domainname);
  if ('CreateFunctionStmt' in node) return ofList(node.CreateFunctionStmt.funcname);
  if ('CreateOpClassStmt' in node) return ofList(node.CreateOpClassStmt.opclassname);
  if ('CreateOpFamilyStmt' in node) return ofList(node.CreateOpFamilyStmt.opfamilyname);
  if ('CreateConversionStmt' in node) return ofList(node.CreateConversionStmt.conversion_name);
  if ('DefineStmt' in node) return ofList(node.DefineStmt.defnames);
  if ('CreateStatsStmt' in node) return ofList(node.CreateStatsStmt.defnames);
  return undefined;
};

/** A name that a statement gives as a list of strings; `tail` strings behind it are the name of a part. */
export interface ListedName {
  readonly parts: Node[];
  readonly kind: 'relation' | 'type' | 'routine';
  readonly tail: 0 | 1;
}

const relations = new Set(['TABLE', 'VIEW', 'MATVIEW', 'INDEX', 'SEQUENCE', 'FOREIGN_TABLE']);
const parts = new Set(['COLUMN', 'TABCONSTRAINT', 'TRIGGER', 'POLICY', 'RULE']);

const ofObject = (type: string | undefined, object: Node | undefined): readonly ListedName[] => {
  const kind = (type ?? '').replace('OBJECT_', '');
  if (!object || !('List' in object) || !object.List.items) return [];
  const { items } = object.List;
  if (relations.has(kind)) return [{ parts: items, kind: 'relation', tail: 0 }];
  if (parts.has(kind)) return [{ parts: items, kind: 'relation', tail: 1 }];
  return ['TYPE', 'DOMAIN', 'DOMCONSTRAINT'].includes(kind) ? [{ parts: items, kind: 'type', tail: 0 }] : [];
};

const ofOption = (node: Node): readonly ListedName[] => {
  const { defname, arg } = 'DefElem' in node ? node.DefElem : { defname: '', arg: undefined };
  const items = arg && 'List' in arg ? arg.List.items : undefined;
  return defname === 'owned_by' && items ? [{ parts: items, kind: 'relation', tail: 1 }] : [];
};

const ofType = (nodes: Node[] | undefined): readonly ListedName[] =>
  nodes === undefined ? [] : [{ parts: nodes, kind: 'type', tail: 0 }];

/** The names a statement gives as lists of strings, beside that of what it creates. */
export const listed = (node: Node): readonly ListedName[] => {
  if ('DropStmt' in node)
    return (node.DropStmt.objects ?? []).flatMap((object) => ofObject(node.DropStmt.removeType, object));
  if ('GrantStmt' in node)
    return (node.GrantStmt.objects ?? []).flatMap((object) => ofObject(node.GrantStmt.objtype, object));
  if ('CommentStmt' in node && node.CommentStmt.objtype === 'OBJECT_DOMCONSTRAINT') return [];
  if ('CommentStmt' in node) return ofObject(node.CommentStmt.objtype, node.CommentStmt.object);
  if ('RenameStmt' in node) return ofObject(node.RenameStmt.renameType, node.RenameStmt.object);
  if ('AlterObjectSchemaStmt' in node)
    return ofObject(node.AlterObjectSchemaStmt.objectType, node.AlterObjectSchemaStmt.object);
  if ('AlterEnumStmt' in node) return ofType(node.AlterEnumStmt.typeName);
  if ('AlterDomainStmt' in node) return ofType(node.AlterDomainStmt.typeName);
  if ('CreateSeqStmt' in node) return (node.CreateSeqStmt.options ?? []).flatMap(ofOption);
  if ('AlterSeqStmt' in node) return (node.AlterSeqStmt.options ?? []).flatMap(ofOption);
  return [];
};
