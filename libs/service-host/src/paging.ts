import { ApiProblem, type Page } from '@dsem/api';

/** One row of a list with the key that the next page starts after. */
export interface Keyed<Item> {
  readonly key: string;
  readonly item: Item;
}

const encode = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');

const decode = (cursor: string): string => {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || key.includes('\0') || encode(key) !== cursor)
    throw new ApiProblem('DSEM-1013', 'the cursor is not one of ours');
  return key;
};

/**
 * One page of a keyset-ordered list: `read` gets the key to start after and how many rows to take.
 * One row more than asked for tells whether there is a next page. O(page).
 */
export const pageOf = async <Item>(
  query: { readonly limit: number; readonly cursor?: string | undefined },
  read: (after: string | undefined, take: number) => Promise<readonly Keyed<Item>[]>,
): Promise<Page<Item>> => {
  const rows = await read(query.cursor === undefined ? undefined : decode(query.cursor), query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { items: shown.map((row) => row.item), ...(more ? { nextCursor: encode(last.key) } : {}) };
};

/** A row of a list that is ordered by a number, such as a position. */
export interface Numbered<Item> {
  readonly key: number | string;
  readonly item: Item;
}

/**
 * The same for a list that is ordered by whole numbers from 0 to 2^53 - 1.
 * @throws ApiProblem DSEM-1013 for a cursor that holds anything else
 */
export const numberedPageOf = <Item>(
  query: { readonly limit: number; readonly cursor?: string | undefined },
  read: (after: number | undefined, take: number) => Promise<readonly Numbered<Item>[]>,
): Promise<Page<Item>> =>
  pageOf(query, async (after, take) => {
    if (after !== undefined && (!/^\d{1,16}$/.test(after) || !Number.isSafeInteger(Number(after))))
      throw new ApiProblem('DSEM-1013', 'the cursor is not one of ours');
    const rows = await read(after === undefined ? undefined : Number(after), take);
    return rows.map(({ key, item }) => ({ key: String(key), item }));
  });
