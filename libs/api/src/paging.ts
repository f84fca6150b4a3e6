import { z } from 'zod';

/** Query of every list: how many and from where. Extend it with a list's own filters: `pageQuery.extend({...})`. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Opaque: what the page before gave as `nextCursor`. */
  cursor: z.string().min(1).max(500).optional(),
});

/** One page of a list; `nextCursor` is absent on the last one. */
export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() });

/** The type of a page of `Item`s. */
export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor?: string | undefined;
}
