import fc from 'fast-check';
import { numberedPageOf, pageOf } from './paging.js';

const list =
  (keys: readonly string[]) =>
  (after: string | undefined, take: number): Promise<readonly { key: string; item: string }[]> => {
    const rest = after === undefined ? keys : keys.filter((key) => key > after);
    return Promise.resolve(rest.slice(0, take).map((key) => ({ key, item: `<${key}>` })));
  };

describe('a page of a list', () => {
  it('holds as many items as were asked for, and the way to the next', async () => {
    const page = await pageOf({ limit: 2 }, list(['a', 'b', 'c']));
    expect(page.items).toEqual(['<a>', '<b>']);
    expect(await pageOf({ limit: 2, cursor: page.nextCursor }, list(['a', 'b', 'c']))).toEqual({ items: ['<c>'] });
  });

  it.each([
    ['the list ends with it', ['a', 'b']],
    ['the list is shorter', ['a']],
    ['the list is empty', []],
  ])('has no next one when %s', async (_, keys) => {
    expect(await pageOf({ limit: 2 }, list(keys))).not.toHaveProperty('nextCursor');
  });

  it.each(['', '!', 'YQ==', 'a', '4pm/', ' YQ', '//', 'AA'])(
    'refuses the cursor %p, which is not one of ours',
    async (cursor) => {
      await expect(pageOf({ limit: 2, cursor }, list(['a']))).rejects.toMatchObject({ code: 'DSEM-1013' });
    },
  );

  it('of numbers goes on after the number', async () => {
    const read = (after = 0, take: number) =>
      Promise.resolve(
        [1, 2, 3]
          .filter((n) => n > after)
          .slice(0, take)
          .map((n) => ({ key: n, item: n })),
      );
    const first = await numberedPageOf({ limit: 2 }, read);
    expect(first.items).toEqual([1, 2]);
    expect(await numberedPageOf({ limit: 2, cursor: first.nextCursor }, read)).toEqual({ items: [3] });
  });

  it.each(['abc', '-1', '1.5', '1e3', '0x1', ' 1', '9007199254740993', '9'.repeat(40)])(
    'of numbers refuses to go on after %s',
    async (key) => {
      const cursor = Buffer.from(key).toString('base64url');
      const page = numberedPageOf({ limit: 2, cursor }, () => Promise.resolve([]));
      await expect(page).rejects.toMatchObject({ code: 'DSEM-1013' });
    },
  );

  it('shows each item once, in order, whatever the keys and the size of a page', async () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(keys, fc.integer({ min: 1, max: 10 }), async (unsorted, limit) => {
        const sorted = unsorted.map((key) => Buffer.from(key).toString()).sort();
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await pageOf({ limit, cursor }, list(sorted));
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        expect(seen).toEqual(sorted.map((key) => `<${key}>`));
      }),
    );
  });
});
