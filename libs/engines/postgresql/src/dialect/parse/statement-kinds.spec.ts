import type { Refusal } from '@dsem/schema';
import { postgresqlDialect } from '../index.js';

describe('statements about objects that have no noun', () => {
  it.each([
    ["create subscription s connection 'host=h password=k1' publication p", 's', 'CREATE SUBSCRIPTION'],
    ["alter subscription s connection 'host=h password=k1'", 's', 'ALTER SUBSCRIPTION'],
    ['create access method heap2 type table handler heap_tableam_handler', 'heap2', 'CREATE ACCESS METHOD'],
  ])('%j is refused by the name %j, without what it connects by', async (text, object, words) => {
    const refusal = await postgresqlDialect.parse([{ text }]).then(
      () => undefined,
      (error: unknown) => error as Refusal,
    );
    expect([refusal?.code, refusal?.object]).toEqual(['DSEM-2002', object]);
    expect(refusal?.message).toContain(words);
    expect(JSON.stringify([refusal?.message, refusal])).not.toContain('k1');
  });
});
