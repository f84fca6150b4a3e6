import type { DefElem, DefineStmt, FunctionParameter, Node } from '@pgsql/types';
import { type Attributes, pathOf, type Routine, routinePath } from '@dsem/schema';
import { spelledOperator } from '../operators.js';
import { isServerFunction } from '../server-functions.js';
import { isServerOperator } from '../server-routines.js';
import { spelledName } from '../text-search.js';
import { nameParts } from '../type-names.js';
import { type AggregateAttributes, aggregateParts, functionParts, typeParts } from '../types/aggregates.js';
import { contradict, type Draft, refuse, type Site, twice } from './draft.js';
import { nameOf, partsOfNode } from './names.js';
import { elementsOf, isOn, optionText } from './options.js';
import { argumentsOf, signatureOf } from './routine-noun.js';
import { routineTypeOf } from './routine-type.js';

/** Whether a routine takes a type of the user, so that no function of the server can be meant by its name. */
const takesOwnTypes = ({ signature }: Routine): boolean => signature.includes('.');

/** The name of a function in a definition; without a schema one that the server brings, where it has one of that name. */
export const functionNamed = (draft: Draft | undefined, node: Node | undefined): string => {
  const parts = partsOfNode(node);
  const full = nameOf(parts);
  if (parts.length > 1) return spelledName(full);
  const isOwn = [...(draft?.routines.values() ?? [])].some((one) => pathOf(one) === pathOf(full) && takesOwnTypes(one));
  return spelledName(!isOwn && isServerFunction(full.name) ? { name: full.name } : full);
};

/** The name of an operator in a definition. */
export const operatorNamed = (node: Node | undefined): string => {
  const parts = node && 'List' in node ? nameParts(node.List.items) : partsOfNode(node);
  const full = nameOf(parts);
  return spelledOperator(parts.length === 1 && isServerOperator(full.name) ? { name: full.name } : full);
};

/** Words of older servers for the same parts. */
const olderWords: { readonly [word: string]: string | undefined } = {
  sfunc1: 'sfunc',
  stype1: 'stype',
  initcond1: 'initcond',
};

const partOf = (draft: Draft | undefined, name: string, arg: Node | undefined): string | undefined => {
  if (functionParts.has(name)) return functionNamed(draft, arg);
  if (typeParts.has(name)) return arg && 'TypeName' in arg ? routineTypeOf(arg.TypeName) : optionText(arg);
  if (name === 'sortop') return operatorNamed(arg);
  if (name.endsWith('_extra')) return isOn(arg) ? 'true' : undefined;
  return name.endsWith('_modify') ? optionText(arg).toLowerCase() : optionText(arg);
};

/** The arguments, and how many of them stand in front of ORDER BY; the grammar says -1 where there is none. */
const argumentsIn = (statement: DefineStmt, base: DefElem | undefined): readonly [readonly Node[], number] => {
  if (!statement.oldstyle) {
    const [list, count] = statement.args ?? [];
    const direct = count && 'Integer' in count ? (count.Integer.ival ?? 0) : -1;
    return [list && 'List' in list ? (list.List.items ?? []) : [], direct];
  }
  const type = base?.arg;
  if (!type || !('TypeName' in type) || optionText(type).toLowerCase() === 'any') return [[], -1];
  const parameter: FunctionParameter = { argType: type.TypeName, mode: 'FUNC_PARAM_DEFAULT' };
  return [[{ FunctionParameter: parameter }], -1];
};

const known = new Set<string>([...aggregateParts, 'hypothetical', 'parallel', 'basetype']);

const wordOf = (element: DefElem): string => {
  const word = (element.defname ?? '').toLowerCase();
  return olderWords[word] ?? word;
};

/** An aggregate as CREATE AGGREGATE says it. */
export const aggregateOf = (statement: DefineStmt, draft: Draft | undefined, site: Site): Routine => {
  const name = nameOf(nameParts(statement.defnames));
  const elements = elementsOf(statement.definition).map((element) => [wordOf(element), element] as const);
  const unknown = elements.find(([word]) => !known.has(word));
  if (unknown) refuse(`The aggregate option ${unknown[0]} is not supported`, pathOf(name), site);
  const said = new Map(elements);
  const [nodes, direct] = argumentsIn(statement, said.get('basetype'));
  const args = argumentsOf(nodes);
  const parts = aggregateParts.flatMap((part) => {
    const text = said.has(part) ? partOf(draft, part, said.get(part)?.arg) : undefined;
    return text === undefined ? [] : [[part, text] as const];
  });
  const parallel = said.has('parallel') ? optionText(said.get('parallel')?.arg).toLowerCase() : 'unsafe';
  const attributes: AggregateAttributes = {
    ...(args.length > 0 ? { arguments: args } : {}),
    ...(direct < 0 ? {} : { direct }),
    ...(said.has('hypothetical') && isOn(said.get('hypothetical')?.arg) ? { hypothetical: true } : {}),
    ...(parallel === 'unsafe' ? {} : { parallel: parallel as 'safe' }),
    parts: Object.fromEntries(parts),
  };
  return {
    ...name,
    kind: 'aggregate',
    signature: signatureOf(args),
    body: { text: '', normal: '', uses: [] },
    attributes: attributes as unknown as Attributes,
  };
};

/** CREATE [OR REPLACE] AGGREGATE. */
export const createAggregate = (draft: Draft, statement: DefineStmt, site: Site): void => {
  const aggregate = aggregateOf(statement, draft, site);
  const path = routinePath(aggregate);
  const earlier = draft.routines.get(path);
  if (earlier && !statement.replace) twice(`The ${earlier.kind} ${path}`, path, site);
  if (earlier && earlier.kind !== 'aggregate')
    contradict(`${path} is a ${earlier.kind} already, not an aggregate.`, path, site);
  const comment = earlier?.comment === undefined ? {} : { comment: earlier.comment };
  draft.routines.set(path, { ...aggregate, ...comment });
};
