import { type Attributes, pathOf, type Routine, UnsupportedDefinition } from '@dsem/schema';
import { expressionTree } from '../grammar.js';
import { signatureOf } from '../parse/routine-noun.js';
import { routineType } from '../parse/routine-type.js';
import { attributesAs, type RoutineArgument, type RoutineAttributes } from '../types/code.js';
import { defaultNamespace } from '../types.js';
import { normalAggregate } from './aggregates.js';
import { namesIn, namesInCode } from './body-uses.js';
import type { Catalogue } from './catalogue.js';
import { isNull, normalDefault } from './expression.js';
import { resolvedSqlBody, sqlBodyTree } from './sql-body.js';

const nowhere = { name: '', columns: new Map() };

/** The default of an argument: NULL stays, as an argument with it may be left out. */
const argumentDefault = (text: string, type: string): string => {
  if (isNull(expressionTree(text))) return 'NULL';
  const column = {
    name: '',
    nullable: true,
    type: { native: type, canonical: { kind: 'opaque' as const, native: type } },
  };
  return normalDefault(text, column, nowhere) ?? 'NULL';
};

const normalArgument = ({ name, mode, type: given, default: value }: RoutineArgument): RoutineArgument => {
  const type = routineType(given);
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(mode === undefined ? {} : { mode }),
    type,
    ...(value === undefined ? {} : { default: argumentDefault(value, type) }),
  };
};

const normalResult = (returns: string): string => {
  const set = /^setof\s+/i.exec(returns)?.[0] ?? '';
  return `${set === '' ? '' : 'SETOF '}${routineType(returns.slice(set.length))}`;
};

const usual = (routine: Routine): { readonly [name: string]: string } => ({
  cost: ['c', 'internal'].includes(routine.language ?? '') ? '1' : '100',
  rows: routine.returns?.startsWith('SETOF ') ? '1000' : '0',
});

const empty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** Attributes without what the server takes anyway. */
const normalAttributes = (routine: Routine, args: readonly RoutineArgument[]): RoutineAttributes => {
  const { transforms, ...rest } = attributesAs<RoutineAttributes>(routine);
  const implied = usual(routine);
  const all = { ...rest, arguments: args, ...(transforms ? { transforms: transforms.map(routineType) } : {}) };
  const kept = Object.entries(all).filter(([name, value]) => implied[name] !== value && !empty(value));
  return Object.fromEntries(kept) as RoutineAttributes;
};

/** The text that is compared: line ends of editors do not count, everything else does. */
const withUnixLines = (text: string): string => text.replaceAll('\r\n', '\n');

const bodyOf = (routine: Routine, catalogue: Catalogue): Routine['body'] => {
  if (attributesAs<RoutineAttributes>(routine).sqlBody) {
    const text = resolvedSqlBody(routine, catalogue);
    return { text, normal: text, uses: [...namesIn(sqlBodyTree(text))].sort() };
  }
  const text = withUnixLines(routine.body.text);
  return { text, normal: text, uses: namesInCode({ ...routine, body: { ...routine.body, text } }) };
};

/** A routine in normal form. @throws UnsupportedDefinition for a package */
export const normalRoutine = (routine: Routine, catalogue: Catalogue): Routine => {
  if (routine.kind === 'package')
    throw new UnsupportedDefinition(`A package is not supported: ${pathOf(routine)}`, { object: pathOf(routine) });
  if (routine.kind === 'aggregate') return normalAggregate(routine);
  const args = (attributesAs<RoutineAttributes>(routine).arguments ?? []).map(normalArgument);
  const { returns, ...rest } = routine;
  const typed: Routine = {
    ...rest,
    namespace: routine.namespace ?? defaultNamespace,
    signature: signatureOf(args),
    ...(returns === undefined ? {} : { returns: normalResult(returns) }),
    language: routine.language ?? 'sql',
  };
  const attributes = normalAttributes(typed, args);
  const made = { ...typed, attributes: attributes as unknown as Attributes };
  return { ...made, body: bodyOf(made, catalogue) };
};
