import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, envelopeSchema, openEnvelope, topics } from '@dsem/events';
import { z } from 'zod';

interface Writer {
  readonly publicTopics: { readonly [topic: string]: readonly string[] };
  readonly schemasOf: (from: object) => { readonly [name: string]: Record<string, unknown> };
  readonly tableOf: (schemas: object) => string;
  readonly pageWith: (page: string, table: string) => string;
}
interface Example {
  readonly topic: string;
  readonly schemaProposed: (service: string, proposal: object) => Record<string, unknown>;
  readonly useDeclared: (service: string, use: object) => Record<string, unknown>;
}

const root = join(__dirname, '..');
const text = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const sample = (name: string): { data: Record<string, unknown> } =>
  JSON.parse(text('test', 'streams', `${name}.json`)) as { data: Record<string, unknown> };

describe('the public topics', () => {
  let writer: Writer;
  let schemas: ReturnType<Writer['schemasOf']>;
  beforeAll(async () => {
    writer = (await import(join(__dirname, 'public-topics.mjs'))) as Writer;
    schemas = writer.schemasOf({ catalogue, envelopeSchema, toJSONSchema: z.toJSONSchema.bind(z) });
  });

  it('are topics of the product, with events that it has', () => {
    expect(Object.values(topics)).toEqual(expect.arrayContaining(Object.keys(writer.publicTopics)));
    const known = new Set([...catalogue.values()].map(({ type }) => type));
    for (const told of Object.values(writer.publicTopics)) {
      expect(told.filter((type) => !known.has(type))).toEqual([]);
      expect(new Set(told).size).toBe(told.length);
    }
  });

  it('leave out the commands to agents and what tells of keys, and nothing else', () => {
    const told = new Set(Object.values(writer.publicTopics).flat());
    const kept = [...catalogue.values()].map(({ type }) => type).filter((type) => !told.has(type));
    expect(kept.sort()).toEqual(['ExecutePlan', 'KeyIssued', 'KeyRevoked', 'KeyRotated']);
  });

  it('have schemas that are written down as they are declared (node tools/public-topics.mjs)', () => {
    const files = readdirSync(join(root, 'docs', 'schemas')).map((file) => file.replace(/\.json$/, ''));
    expect(files.sort()).toEqual(Object.keys(schemas).sort());
    for (const [name, schema] of Object.entries(schemas))
      expect(JSON.parse(text('docs', 'schemas', `${name}.json`))).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it('have a page that links to each schema', () => {
    const page = text('docs', 'public-topics.md');
    expect(writer.pageWith(page, writer.tableOf(schemas))).toBe(page);
    for (const name of Object.keys(schemas)) expect(page).toContain(`(schemas/${name}.json)`);
  });

  it('have schemas that accept recorded messages, also with further fields, and refuse a missing one', () => {
    for (const name of Object.keys(schemas).filter((each) => each !== 'envelope')) {
      const read = z.fromJSONSchema(schemas[name] as Parameters<typeof z.fromJSONSchema>[0]);
      const { data } = sample(name);
      expect([name, read.safeParse({ ...data, later: 1 }).success]).toEqual([name, true]);
      const [required] = schemas[name]?.['required'] as string[];
      expect([name, read.safeParse({ ...data, [required ?? '']: undefined }).success]).toEqual([name, false]);
    }
  });

  it('are spoken by the example: its messages are what the registry reads', async () => {
    const example = (await import(join(root, 'examples', 'propose-schema', 'index.mjs'))) as Example;
    expect(example.topic).toBe(topics.schemaChanges);
    const sent = [
      example.schemaProposed('orders', {
        name: 'orders',
        database: 'postgresql',
        definition: 'CREATE TABLE a (b int)',
      }),
      example.useDeclared('billing', { version: '1', schema: 'orders', reads: ['public.a.b'], writes: [] }),
    ];
    const opened = sent.map((each) => openEnvelope(envelopeSchema.parse(JSON.parse(JSON.stringify(each)))));
    expect(opened.map(({ type }) => type)).toEqual(['SchemaProposed', 'UseDeclared']);
  });
});
