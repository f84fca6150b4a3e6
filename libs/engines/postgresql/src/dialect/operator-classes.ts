import type { EngineObject } from '@dsem/schema';

/** An operator with its place in an operator class or family. */
export interface OperatorMember {
  readonly number: number;
  readonly left: string;
  readonly right: string;
  /** As `spelledOperator` spells it. */
  readonly operator: string;
  /** The operator family that sorts by what the operator gives. */
  readonly orderBy?: string;
}

/** A function with its place in an operator class or family. */
export interface FunctionMember {
  readonly number: number;
  readonly left: string;
  readonly right: string;
  readonly function: string;
  readonly arguments: readonly string[];
}

/** What operator classes and families hold. */
export interface Members {
  readonly operators?: readonly OperatorMember[];
  readonly functions?: readonly FunctionMember[];
}

/** `definition` of an operator class. */
export interface OperatorClassDefinition extends Members {
  /** The name alone, as indexes call it. */
  readonly called: string;
  readonly class: string;
  readonly method: string;
  readonly type: string;
  /** As `spelledName` spells it. */
  readonly family: string;
  readonly default?: true;
  readonly storage?: string;
}

/** `definition` of an operator family: what it holds beside that of its classes. */
export interface OperatorFamilyDefinition extends Members {
  readonly family: string;
  readonly method: string;
}

/** Classes and families of several methods may have one name. */
export const methodKey = (name: string, method: string): string => `${name} using ${method}`;

/** An operator class. */
export type ClassObject = EngineObject & { readonly definition: OperatorClassDefinition };

const plainMethods = new Set(['btree', 'hash']);

/** Whether what a family holds is a matter of a class, as its types say. */
export const belongsTo = (
  { method, type }: Pick<OperatorClassDefinition, 'method' | 'type'>,
  { left, right }: Pick<OperatorMember, 'left' | 'right'>,
): boolean => left === type && (right === type || !plainMethods.has(method));
