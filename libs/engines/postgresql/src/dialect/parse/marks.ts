import type { Attributes, ObjectName } from '@dsem/schema';
import { defaultNamespace } from '../types.js';
import type { Full } from './names.js';

/**
 * While statements are added up a table holds everything the server gives it: what comes from a parent is marked by the
 * attribute `inherited`, which names the parent's part. `normalize` takes marked parts out again, because the model holds
 * them once, at the parent.
 */
type Marked = { readonly attributes?: Attributes };
type Part = Marked & { readonly name: string };

/** Whether a part of a table comes from a parent. */
export const isInherited = ({ attributes }: Marked): boolean => attributes?.inherited !== undefined;

/** Whether a part is a partition's copy of the parent's part of that name. */
export const isCopyOf = ({ attributes }: Marked, origin: string): boolean => attributes?.inherited === origin;

/** A part as it comes from the parent's part of that name. */
export const inheritedFrom = <Value extends Part>(part: Value, origin: string = part.name): Value => ({
  ...part,
  attributes: { ...part.attributes, inherited: origin },
});

/** A part without one attribute. */
export const withoutAttribute = <Value extends Marked>(part: Value, attribute: string): Value => {
  const { attributes, ...rest } = part;
  const { [attribute]: _, ...kept } = attributes ?? {};
  return (Object.keys(kept).length === 0 ? rest : { ...rest, attributes: kept }) as Value;
};

/** A part of the table's own. */
export const asOwn = <Value extends Marked>(part: Value): Value => withoutAttribute(part, 'inherited');

/** A key that was added to a partitioned table alone and waits for the keys of its partitions to be attached. */
export const isWaiting = ({ attributes }: Marked): boolean => attributes?.waiting === true;

/** The name of a table of the draft. */
export const fullName = ({ namespace, name }: ObjectName): Full => ({ namespace: namespace ?? defaultNamespace, name });
