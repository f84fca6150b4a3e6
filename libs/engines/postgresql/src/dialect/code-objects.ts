import type { ObjectName } from '@dsem/schema';
import { spelledOperator } from './operators.js';

/** A function with the types of its arguments, which tell overloads apart; its name as `spelledName` spells it. */
export interface Called {
  readonly function: string;
  readonly arguments: readonly string[];
}

/** `definition` of an operator. */
export interface OperatorDefinition {
  /** The name alone, with its schema: several operators share it. */
  readonly called: string;
  readonly operator: string;
  /** Absent where the operator stands in front of its operand. */
  readonly left?: string;
  /** Absent where the operator stands behind its operand, which servers up to 13 know. */
  readonly right?: string;
  readonly function: string;
  readonly commutator?: string;
  readonly negator?: string;
  readonly restrict?: string;
  readonly join?: string;
  readonly hashes?: true;
  readonly merges?: true;
}

/** `definition` of a cast; without function and `inout` the values are the same bytes. */
export interface CastDefinition {
  /** As expressions know it, which do not tell what they convert. */
  readonly called?: string;
  readonly source: string;
  readonly target: string;
  readonly with?: Called;
  readonly inout?: true;
  /** Where it is taken without being asked for. */
  readonly context?: 'assignment' | 'implicit';
}

/** `definition` of a conversion between encodings. */
export interface ConversionDefinition {
  readonly from: string;
  readonly to: string;
  readonly function: string;
  readonly default?: true;
}

/** `definition` of a transform of a type for a language. */
export interface TransformDefinition {
  readonly type: string;
  readonly language: string;
  readonly fromSql?: Called;
  readonly toSql?: Called;
}

/** Operators of one name differ by their operands. */
export const operatorKey = ({
  operator,
  left,
  right,
}: Pick<OperatorDefinition, 'operator' | 'left' | 'right'>): string =>
  `${operator}(${left ?? 'NONE'}, ${right ?? 'NONE'})`;

/** The name under which expressions know an operator. */
export const operatorCalled = ({ namespace }: ObjectName, operator: string): string =>
  spelledOperator({ namespace: namespace ?? 'public', name: operator });

/** A cast has no name but its types. */
export const castKey = ({ source, target }: Pick<CastDefinition, 'source' | 'target'>): string =>
  `${source} as ${target}`;

/** What a cast to a type may be called where the type it comes from is not known. */
export const castCalled = (target: string): string => `as ${target}`;

/** A transform has no name but its type and language. */
export const transformKey = ({ type, language }: Pick<TransformDefinition, 'type' | 'language'>): string =>
  `${type} ${language}`;
