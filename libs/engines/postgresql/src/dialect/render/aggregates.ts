import { equal, type Routine } from '@dsem/schema';
import { literal, qualified } from '../identifiers.js';
import { operatorText } from '../operators.js';
import { argumentsText } from '../routine-text.js';
import { nameSpelled } from '../text-search.js';
import { type AggregateAttributes, aggregateParts, functionParts } from '../types/aggregates.js';
import { attributesAs, type RoutineArgument } from '../types/code.js';

const held = (aggregate: Routine): AggregateAttributes => attributesAs<AggregateAttributes>(aggregate);

/** Where all arguments stand in front of ORDER BY, the last of them, which is variadic, stands behind it too. */
const listText = (args: readonly RoutineArgument[], direct: number | undefined): string => {
  if (args.length === 0 && direct === undefined) return '*';
  if (direct === undefined) return argumentsText(args);
  const front = argumentsText(args.slice(0, direct));
  const behind = argumentsText(direct === args.length ? args.slice(-1) : args.slice(direct));
  return `${front}${front === '' ? '' : ' '}ORDER BY ${behind}`;
};

const partText = (part: string, text: string): string => {
  if (functionParts.has(part)) return qualified(nameSpelled(text));
  if (part === 'sortop') return operatorText(text);
  return part.endsWith('initcond') || part === 'initcond' ? literal(text) : text;
};

/** CREATE [OR REPLACE] AGGREGATE. */
export const aggregateText = (aggregate: Routine, create: string): string => {
  const { arguments: args = [], direct, hypothetical, parallel, parts } = held(aggregate);
  const said = aggregateParts.flatMap((part) => {
    const text = parts[part];
    if (text === undefined) return [];
    return [part.endsWith('_extra') ? part.toUpperCase() : `${part.toUpperCase()} = ${partText(part, text)}`];
  });
  const all = [
    ...said,
    ...(parallel ? [`PARALLEL = ${parallel.toUpperCase()}`] : []),
    ...(hypothetical ? ['HYPOTHETICAL'] : []),
  ];
  return `${create} AGGREGATE ${qualified(aggregate)}(${listText(args, direct)}) (${all.join(', ')})`;
};

/** Parts on which the kind and the result of an aggregate hang, which CREATE OR REPLACE keeps. */
const fixed = ['stype', 'finalfunc', 'finalfunc_extra'] as const;

/** Whether kind and result of an aggregate stay. */
export const keepsAggregate = (from: Routine, to: Routine): boolean => {
  const [before, after] = [held(from), held(to)];
  return (
    before.direct === after.direct &&
    before.hypothetical === after.hypothetical &&
    fixed.every((part) => equal(before.parts[part] ?? '', after.parts[part] ?? ''))
  );
};
