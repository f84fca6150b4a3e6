import type { Node } from '@pgsql/types';
import { engineObjectPath } from '@dsem/schema';
import { kindOfNode, objectKinds } from '../objects.js';
import { nameParts } from '../type-names.js';
import type { Draft } from './draft.js';
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

const itemsOf = (node: Node | undefined): readonly Node[] | undefined =>
  node && 'List' in node ? node.List.items : undefined;

/** The lists under which a statement names the objects it is about, with their kind. */
const subjects = (node: Node): readonly (readonly [type: string | undefined, names: unknown])[] => {
  if ('DropStmt' in node)
    return (node.DropStmt.objects ?? []).map((object) => [node.DropStmt.removeType, itemsOf(object)]);
  if ('CommentStmt' in node) return [[node.CommentStmt.objtype, itemsOf(node.CommentStmt.object)]];
  if ('RenameStmt' in node) return [[node.RenameStmt.renameType, itemsOf(node.RenameStmt.object)]];
  if ('AlterObjectSchemaStmt' in node)
    return [[node.AlterObjectSchemaStmt.objectType, itemsOf(node.AlterObjectSchemaStmt.object)]];
  return 'AlterCollationStmt' in node ? [['OBJECT_COLLATION', node.AlterCollationStmt.collname]] : [];
};

const placeInTree = (value: unknown, at: Looking): void => {
  if (typeof value !== 'object' || value === null) return;
  const { collname, collation } = value as Fields;
  place(collname, objectKinds.collation.kind, at);
  place(collation, objectKinds.collation.kind, at);
  for (const held of Object.values(value)) placeInTree(held, at);
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
  if (at.draft.others.size > 0) placeInTree(node, at);
};
