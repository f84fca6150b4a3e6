import type { Node } from '@pgsql/types';
import { DefinitionSyntaxError, type Routine } from '@dsem/schema';
import { printTree, statementsOf } from '../grammar.js';
import { attributesAs, type RoutineAttributes } from '../types/code.js';
import type { Catalogue } from './catalogue.js';
import { plainType } from './scope.js';
import { type Around, normalStatement, sourceNamed } from './statements.js';
import { rewrite, stringNodes } from './tree.js';

/** The tree of `RETURN x` or `BEGIN ATOMIC ... END`. @throws DefinitionSyntaxError for any other text. */
export const sqlBodyTree = (text: string): Node => {
  const [statement] = statementsOf(`CREATE FUNCTION f() RETURNS int ${text}`);
  const body =
    statement?.stmt && 'CreateFunctionStmt' in statement.stmt ? statement.stmt.CreateFunctionStmt.sql_body : undefined;
  if (!body) throw new DefinitionSyntaxError(`not the SQL body of a routine: ${text}`);
  return body;
};

const statementText = (node: Node): string =>
  'ReturnStmt' in node && node.ReturnStmt.returnval
    ? `RETURN ${printTree(node.ReturnStmt.returnval)}`
    : printTree(node);

/** The statements of an SQL body. */
export const sqlBodyStatements = (body: Node): readonly Node[] => {
  if (!('List' in body)) return [body];
  const [inner] = body.List.items ?? [];
  return inner && 'List' in inner ? (inner.List.items ?? []) : [];
};

/** An SQL body as text, in one spelling. */
export const sqlBodyText = (body: Node): string =>
  'List' in body
    ? `BEGIN ATOMIC ${sqlBodyStatements(body)
        .map((one) => `${statementText(one)}; `)
        .join('')}END`
    : statementText(body);

/** `$1` is the first argument's name where it has one. */
const namedParameter = (node: Node, routine: Routine, names: readonly (string | undefined)[]): Node => {
  const name = 'ParamRef' in node ? names[(node.ParamRef.number ?? 0) - 1] : undefined;
  return name === undefined ? node : { ColumnRef: { fields: stringNodes([routine.name, name]) } };
};

const normalOne = (node: Node, around: Around): Node => {
  const value = 'ReturnStmt' in node ? node.ReturnStmt.returnval : undefined;
  return value ? { ReturnStmt: { returnval: normalStatement(value, around) } } : normalStatement(node, around);
};

/** An SQL body in normal form: names resolved, arguments called by the routine's name. O(nodes). */
export const resolvedSqlBody = (routine: Routine, catalogue: Catalogue): string => {
  const args = attributesAs<RoutineAttributes>(routine).arguments ?? [];
  const columns = args.flatMap(({ name, type }) => (name === undefined ? [] : [[name, plainType(type)] as const]));
  const around: Around = { catalogue, sources: [sourceNamed(routine.name, columns)] };
  const names = args.map(({ name }) => name);
  const named = rewrite(sqlBodyTree(routine.body.text), (node) => namedParameter(node, routine, names));
  const statements = sqlBodyStatements(named).map((node) => normalOne(node, around));
  const body: Node = 'List' in named ? { List: { items: [{ List: { items: statements } }] } } : statements[0]!;
  return sqlBodyText(body);
};
