import { objectReference, type Reference, type Routine, routineReference } from '@dsem/schema';
import { typeReferences } from './references.js';
import { isServers, nameSpelled } from './text-search.js';
import { type AggregateAttributes, functionParts, typeParts } from './types/aggregates.js';
import { attributesAs } from './types/code.js';

const ofPart = (part: string, text: string): readonly Reference[] => {
  if (functionParts.has(part)) return isServers(text) ? [] : [routineReference(nameSpelled(text))];
  if (typeParts.has(part)) return typeReferences(text);
  return part === 'sortop' && text.includes('.') ? [objectReference('operator', { name: text })] : [];
};

/** What an aggregate names beside the types of its arguments. */
export const aggregateUses = (aggregate: Routine): readonly Reference[] =>
  Object.entries(attributesAs<AggregateAttributes>(aggregate).parts).flatMap(([part, text]) => ofPart(part, text));
