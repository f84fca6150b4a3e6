import { emptySchema, type EngineObject, type Refusal, type Schema } from '@dsem/schema';
import { postgresqlDialect } from './index.js';

const empty = emptySchema('postgresql');

const object = (kind: string, definition: EngineObject['definition']): Partial<Schema> => ({
  others: [{ kind, namespace: 'public', name: 'x', definition }],
});

const aggregate = (attributes: EngineObject['definition']): Partial<Schema> => ({
  routines: [
    {
      kind: 'aggregate',
      namespace: 'public',
      name: 'x',
      signature: 'integer',
      body: { text: '', normal: '', uses: [] },
      attributes,
    },
  ],
});

const rule = (attributes: EngineObject['definition']): Partial<Schema> => ({
  triggers: [
    {
      name: 'rule x',
      table: { name: 't' },
      body: { text: '', normal: '', uses: [] },
      attributes: { rule: true, ...attributes },
    },
  ],
});

describe('objects of a definition in JSON', () => {
  it.each([
    ['an aggregate without parts', aggregate({}), 'has no sfunc'],
    ['an aggregate without a state', aggregate({ parts: { sfunc: 'int4pl' } }), 'has no stype'],
    ['a rule without an event', rule({}), 'has no event'],
    ['an event trigger without a function', object('event-trigger', { event: 'sql_drop' }), 'has no function'],
    ['an operator without a function', object('operator', { operator: '<~>', function: 3 }), 'has no function'],
    ['a cast without a source', object('cast', { target: 'integer' }), 'has no source'],
    ['a conversion without encodings', object('conversion', { function: 'f' }), 'has no from'],
    ['a transform without a language', object('transform', { type: 'integer' }), 'has no language'],
    ['an operator class without a type', object('operator-class', { class: 'x', method: 'btree' }), 'has no type'],
    ['a statistics object without a table', object('statistics', { columns: ['a', 'b'] }), 'has no name'],
    ['an operator family without a method', object('operator-family', { family: 'x' }), 'has no method'],
  ])('%s is refused by its name', async (_what, parts, words) => {
    const refusal = await postgresqlDialect.normalize({ ...empty, ...parts }).then(
      () => undefined,
      (error: unknown) => error as Refusal,
    );
    expect(refusal?.code).toBe('DSEM-2004');
    expect(refusal?.object).toContain('x');
    expect(refusal?.message).toContain(words);
  });
});
