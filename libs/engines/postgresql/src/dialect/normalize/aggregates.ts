import { type Attributes, pathOf, type Routine } from '@dsem/schema';
import { operatorSpelled, spelledOperator } from '../operators.js';
import { signatureOf } from '../parse/routine-noun.js';
import { routineType } from '../parse/routine-type.js';
import { nameSpelled, spelledName } from '../text-search.js';
import { type AggregateAttributes, aggregateParts, functionParts, typeParts } from '../types/aggregates.js';
import { attributesAs } from '../types/code.js';
import { needTexts } from './object.js';
import { defaultNamespace } from '../types.js';

const normalPart = (part: string, text: string): string => {
  if (functionParts.has(part)) return spelledName(nameSpelled(text));
  if (typeParts.has(part)) return routineType(text);
  return part === 'sortop' ? spelledOperator(operatorSpelled(text)) : text;
};

/** What the server takes where nothing is said. */
const usual = (part: string, isOrdered: boolean): string | undefined => {
  if (part.endsWith('space')) return '0';
  if (part.endsWith('_extra')) return 'false';
  if (part.endsWith('_modify')) return isOrdered ? 'read_write' : 'read_only';
  return undefined;
};

/** An aggregate in normal form. */
export const normalAggregate = (aggregate: Routine): Routine => {
  const held = attributesAs<AggregateAttributes>(aggregate);
  needTexts('aggregate', pathOf(aggregate), (held as Partial<AggregateAttributes>).parts ?? {}, ['sfunc', 'stype']);
  const args = (held.arguments ?? []).map(({ default: _, name, ...rest }) => ({
    ...(name === undefined || name === '' ? {} : { name }),
    ...rest,
    type: routineType(rest.type),
  }));
  const parts = aggregateParts.flatMap((part) => {
    const text = held.parts[part];
    if (text === undefined) return [];
    const normal = normalPart(part, text);
    return normal === usual(part, held.direct !== undefined) ? [] : [[part, normal] as const];
  });
  const attributes: AggregateAttributes = {
    ...(args.length > 0 ? { arguments: args } : {}),
    ...(held.direct === undefined ? {} : { direct: held.direct }),
    ...(held.hypothetical ? { hypothetical: true } : {}),
    ...(held.parallel ? { parallel: held.parallel } : {}),
    parts: Object.fromEntries(parts),
  };
  const { returns: _, language: __, ...rest } = aggregate;
  return {
    ...rest,
    namespace: aggregate.namespace ?? defaultNamespace,
    signature: signatureOf(args),
    body: { text: '', normal: '', uses: [] },
    attributes: attributes as unknown as Attributes,
  };
};
