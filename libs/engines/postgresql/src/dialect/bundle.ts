import type { Change } from '@dsem/schema';
import type { OperatorDefinition } from './code-objects.js';
import { objectKinds } from './objects.js';

/**
 * Operators that are partners of each other: the server tells each of the other when it is made, and forgets it when the
 * other one goes, so that in between neither is what a state says.
 */
export const bundle = (change: Change): string | undefined => {
  if (change.kind !== 'create-object' && change.kind !== 'drop-object') return undefined;
  if (change.value.kind !== objectKinds.operator.kind) return undefined;
  const { commutator, negator } = change.value.definition as unknown as OperatorDefinition;
  return commutator === undefined && negator === undefined ? undefined : `${change.kind} operators`;
};
