import { Validator } from '@seriousme/openapi-schema-validator';
import { openapiDocument } from './openapi.js';
import { routes } from './routes.js';
import type { RouteSpec } from './define-route.js';

const all: readonly RouteSpec[] = Object.values(routes);
const document = openapiDocument(all, '1.2.3') as {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      { operationId: string; parameters: { name: string; in: string; required: boolean }[]; security?: unknown[] }
    >
  >;
  components: { schemas: Record<string, unknown> };
};

const references = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    key === '$ref' && typeof each === 'string' ? [each] : references(each),
  );
};

const resolve = (reference: string): unknown =>
  reference
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], document);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('holds every route once', () => {
    const operations = Object.values(document.paths).flatMap((item) => Object.values(item));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(all.map(({ id }) => id).sort());
  });

  it('has no reference that leads nowhere', () => {
    const broken = references(document).filter((reference) => resolve(reference) === undefined);
    expect(broken).toEqual([]);
  });

  it('tells shapes with an id once, under components', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['ApiKey', 'Health', 'Problem', 'Role']),
    );
  });

  it('asks for If-Match exactly where a change is conditional, and takes Idempotency-Key on POST', () => {
    const operation = document.paths['/api/v1/schemas/{id}']?.['put'];
    expect(operation?.parameters).toContainEqual(expect.objectContaining({ name: 'If-Match', required: true }));
    const post = document.paths['/api/v1/schemas']?.['post'];
    expect(post?.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key', required: false }));
  });

  it('marks what has a default as not required', () => {
    const query = document.paths['/api/v1/keys']?.['get']?.parameters.filter((parameter) => parameter.in === 'query');
    expect(query?.map(({ name, required }) => [name, required])).toEqual([
      ['limit', false],
      ['cursor', false],
    ]);
  });
});

describe('the route table', () => {
  it('has ids that are their keys, and no two routes at one address', () => {
    expect(Object.entries(routes).filter(([key, { id }]) => key !== id)).toEqual([]);
    const addresses = all.map(({ method, path }) => `${method} ${path.replace(/\{[^}]+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it('opens to everybody only what every process tells about itself', () => {
    expect(all.filter(({ policy }) => 'public' in policy).every(({ service }) => service === 'host')).toBe(true);
  });
});
