import type { CreateFunctionStmt, FunctionParameter, Node } from '@pgsql/types';
import type { Attributes, Routine } from '@dsem/schema';
import { printTree } from '../grammar.js';
import { sqlBodyText } from '../normalize/sql-body.js';
import { nameParts } from '../type-names.js';
import type { RoutineArgument, RoutineAttributes } from '../types/code.js';
import { nameOf } from './names.js';
import { routineWords, type RoutineWords, withWords } from './routine-options.js';
import { routineTypeOf } from './routine-type.js';

const modes: { readonly [mode: string]: RoutineArgument['mode'] } = {
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_INOUT: 'inout',
  FUNC_PARAM_VARIADIC: 'variadic',
  FUNC_PARAM_TABLE: 'table',
};

const argumentOf = (parameter: FunctionParameter): RoutineArgument => {
  const mode = modes[parameter.mode ?? ''];
  return {
    ...(parameter.name ? { name: parameter.name } : {}),
    ...(mode ? { mode } : {}),
    type: routineTypeOf(parameter.argType),
    ...(parameter.defexpr ? { default: printTree(parameter.defexpr) } : {}),
  };
};

/** The arguments of a list of parameters. */
export const argumentsOf = (parameters: readonly Node[] | undefined): readonly RoutineArgument[] =>
  (parameters ?? []).flatMap((node) => ('FunctionParameter' in node ? [argumentOf(node.FunctionParameter)] : []));

/** Whether a caller passes the argument. */
export const isInput = ({ mode }: RoutineArgument): boolean => mode !== 'out' && mode !== 'table';

/** Input types as one text: what tells overloads apart. */
export const signatureOf = (args: readonly RoutineArgument[]): string =>
  args
    .filter(isInput)
    .map(({ type }) => type)
    .join(', ');

const isOutput = ({ mode }: RoutineArgument): boolean => mode === 'out' || mode === 'inout' || mode === 'table';

/** What the server notes as the result: output arguments make a row, or stand for their own type when single. */
const resultOf = (statement: CreateFunctionStmt, args: readonly RoutineArgument[]): string | undefined => {
  if (statement.is_procedure) return undefined;
  const outputs = args.filter(isOutput);
  const type = outputs.length > 1 ? 'record' : (outputs[0]?.type ?? routineTypeOf(statement.returnType));
  return statement.returnType?.setof ? `SETOF ${type}` : type;
};

const bodyText = (statement: CreateFunctionStmt, words: RoutineWords, language: string): string => {
  if (statement.sql_body) return sqlBodyText(statement.sql_body);
  const [first = '', second] = words.as ?? [];
  const name = nameParts(statement.funcname).at(-1) ?? '';
  if (language === 'c') return second ?? name;
  return language === 'internal' && first === '' ? name : first;
};

/** A function or procedure as CREATE FUNCTION says it; names are not looked up. */
export const routineOf = (statement: CreateFunctionStmt): Routine => {
  const words = routineWords(statement.options);
  const args = argumentsOf(statement.parameters);
  const language = words.language ?? 'sql';
  const returns = resultOf(statement, args);
  const library = language === 'c' ? (words.as?.[0] ?? '') : undefined;
  const text = bodyText(statement, words, language);
  const attributes: RoutineAttributes = {
    ...(args.length > 0 ? { arguments: args } : {}),
    ...(statement.sql_body ? { sqlBody: true } : {}),
    ...(library === undefined ? {} : { library }),
  };
  return {
    ...nameOf(nameParts(statement.funcname)),
    kind: statement.is_procedure ? 'procedure' : 'function',
    signature: signatureOf(args),
    ...(returns === undefined ? {} : { returns }),
    language,
    body: { text, normal: text, uses: [] },
    attributes: withWords(attributes, words) as unknown as Attributes,
  };
};
