import { type CanonicalType, pathOf, type TypeDefinition } from '@dsem/schema';
import { shortestName } from '../identifiers.js';
import { normalTypeText } from '../type-names.js';
import { placed } from '../types.js';

/** What a user's types mean, by their qualified spelling. */
export interface KnownTypes {
  readonly kindOf: (native: string) => CanonicalType | undefined;
  /** The type below a domain; every other type is its own. */
  readonly baseOf: (native: string) => string;
  /**
   * The type under which operators see a value: that below a domain, but for enums, ranges and composites, whose
   * operators take any such type and do not look through a domain.
   */
  readonly readsAs: (native: string) => string;
}

const canonicalOf = (type: TypeDefinition): CanonicalType | undefined =>
  type.kind === 'other' ? undefined : { kind: type.kind, type: pathOf(placed(type)) };

/** How `format_type` spells a type of the user. */
export const nativeOf = (type: Pick<TypeDefinition, 'namespace' | 'name'>): string => {
  const { namespace, name } = placed(type);
  return shortestName(namespace, name);
};

/** No type of the user. */
export const noTypes: KnownTypes = {
  kindOf: () => undefined,
  baseOf: (native) => native,
  readsAs: (native) => native,
};

/** The meaning of a schema's types. Building it is O(types), each answer O(depth of domains). */
export const knownTypes = (types: readonly TypeDefinition[]): KnownTypes => {
  if (types.length === 0) return noTypes;
  const known = new Map(types.map((type) => [nativeOf(type), type]));
  const baseOf = (native: string, seen = 0): string => {
    const type = known.get(native);
    return type?.kind === 'domain' && seen < 64 ? baseOf(normalTypeText(type.base.native), seen + 1) : native;
  };
  return {
    kindOf: (native) => {
      const type = known.get(native);
      return type && canonicalOf(type);
    },
    baseOf: (native) => baseOf(native),
    readsAs: (native) => {
      const base = baseOf(native);
      return known.has(base) ? native : base;
    },
  };
};
