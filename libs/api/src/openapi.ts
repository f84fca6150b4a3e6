import { z } from 'zod';
import { ifMatchOf, isIdempotent, type RouteSpec } from './define-route.js';
import { problemMediaType, problemSchema } from './problem.js';

type Json = Record<string, unknown>;

/** Collects the shapes that have an id, so that each is told once under `components`. */
class Components {
  readonly schemas: Json = {};

  refer(shape: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $defs,
      $schema: _,
      ...schema
    } = z.toJSONSchema(shape, { io, unrepresentable: 'any', reused: 'inline' }) as Json;
    for (const [id, definition] of Object.entries(($defs as Json | undefined) ?? {}))
      this.schemas[id] = moved(definition);
    return moved(this.#lift(schema)) as Json;
  }

  #lift(schema: Json): Json {
    const { id, ...rest } = schema;
    if (typeof id !== 'string') return schema;
    this.schemas[id] = moved(rest);
    return { $ref: `#/$defs/${id}` };
  }
}

/** `#/$defs/X` becomes `#/components/schemas/X`; the ids zod leaves in definitions go. */
const moved = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]): [string, unknown] =>
    key === '$ref' && typeof each === 'string'
      ? [key, each.replace(/^#\/\$defs\//, '#/components/schemas/')]
      : [key, moved(each)],
  );
  return Object.fromEntries(entries);
};

const parametersOf = (route: RouteSpec, components: Components, place: 'path' | 'query'): Json[] => {
  const shape = place === 'path' ? route.params : route.query;
  return Object.entries(shape?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || !(field as z.ZodType).safeParse(undefined).success,
    schema: components.refer(field as z.ZodType, 'input'),
  }));
};

const header = (name: string, required: boolean, description: string): Json => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});

const headersOf = (route: RouteSpec): Json[] => [
  ...(isIdempotent(route)
    ? [
        header(
          'Idempotency-Key',
          false,
          'The same key with the same request is done once, and gives the same answer, for 24 hours',
        ),
      ]
    : []),
  ...(ifMatchOf(route) === 'none' ? [] : [header('If-Match', ifMatchOf(route) === 'required', 'The ETag last read')]),
];

const answersOf = (route: RouteSpec, components: Components): Json => ({
  ...Object.fromEntries(
    Object.entries(route.responses).map(([status, shape]) => [
      status,
      shape === null
        ? { description: 'Done; no body' }
        : {
            description: route.summary,
            content: { [route.mediaType ?? 'application/json']: { schema: components.refer(shape, 'output') } },
          },
    ]),
  ),
  default: { $ref: '#/components/responses/Problem' },
});

const operationOf = (route: RouteSpec, components: Components): Json => ({
  operationId: route.id,
  summary: route.summary,
  ...(route.description === undefined ? {} : { description: route.description }),
  tags: [...route.tags],
  parameters: [
    ...parametersOf(route, components, 'path'),
    ...parametersOf(route, components, 'query'),
    ...headersOf(route),
  ],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: components.refer(route.body, 'input') } },
        },
      }),
  responses: answersOf(route, components),
  ...('public' in route.policy ? { security: [] } : { 'x-dsem-action': route.policy.action }),
});

/** The OpenAPI 3.1 document of a list of routes: derived, never written by hand. */
export const openapiDocument = (routes: readonly RouteSpec[], version: string): Json => {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, components) };
  const problem = components.refer(problemSchema, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Distributed Schema Evolution Manager',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [...new Set(routes.flatMap((route) => route.tags))].map((name) => ({ name })),
    security: [{ apiKey: [] }],
    paths,
    components: {
      schemas: components.schemas,
      responses: {
        Problem: { description: 'Refused, with a stable code', content: { [problemMediaType]: { schema: problem } } },
      },
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key `dsem_…`' } },
    },
  };
};
