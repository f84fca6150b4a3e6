import { join } from 'node:path';
import { openapiDocument, routes, type RouteSpec } from '@dsem/api';
import { Validator } from '@seriousme/openapi-schema-validator';
import { golden } from '@dsem/testkit';
import { version } from '@dsem/standalone';
import { format, resolveConfig } from 'prettier';

/** The list under "API Reference" of the product's brief, and its health check and status of migrations. */
const promised = `
GET /api/v1/schemas
POST /api/v1/schemas
GET /api/v1/schemas/{id}
PUT /api/v1/schemas/{id}
DELETE /api/v1/schemas/{id}
GET /api/v1/schemas/{id}/versions
GET /api/v1/migrations
POST /api/v1/migrations
GET /api/v1/migrations/{id}
POST /api/v1/migrations/{id}/execute
POST /api/v1/migrations/{id}/rollback
GET /api/v1/migrations/{id}/status
GET /api/v1/environments
POST /api/v1/environments
GET /api/v1/environments/{id}
POST /api/v1/environments/{id}/sync
GET /api/v1/environments/{id}/health
POST /api/v1/compatibility/validate
GET /api/v1/compatibility/matrix
POST /api/v1/validation/pre-flight
GET /api/v1/validation/reports
GET /health
GET /api/v1/migrations/status
POST /api/v1/migrations/{id}/approve
POST /api/v1/migrations/{id}/cancel
POST /api/v1/migrations/{id}/pause
POST /api/v1/migrations/{id}/resume
GET /api/v1/definitions/{digest}
POST /api/v1/consumers
GET /api/v1/consumers
GET /api/v1/audit/entries
GET /api/v1/audit/export`
  .trim()
  .split('\n');

const all: readonly RouteSpec[] = Object.values(routes);
const document = openapiDocument(all, version);
const docs = join(__dirname, '..', '..', 'docs');

/** Formatted as the repository formats its files, so that a rewritten golden passes its lint. */
const formatted = async (text: string, path: string): Promise<string> =>
  format(text, { ...(await resolveConfig(path)), filepath: path });

describe('the interface as it is published', () => {
  it.each(promised)('holds %s', (address) => {
    const [method = '', path = ''] = address.split(' ');
    expect(all.map((route) => `${route.method} ${route.path}`)).toContain(address);
    const paths = document['paths'] as Record<string, Record<string, unknown>>;
    expect(paths[path]).toHaveProperty(method.toLowerCase());
  });

  it('is docs/openapi.json, valid as OpenAPI 3.1 (DSEM_UPDATE_GOLDEN=1 writes it anew)', async () => {
    const path = join(docs, 'openapi.json');
    const text = await formatted(JSON.stringify(document), path);
    expect(golden(path, text)).toBe(text);
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(golden(path, text)) as Record<string, unknown>)).toMatchObject({
      valid: true,
    });
    expect(validator.version).toBe('3.1');
  });

  it('is told in docs/api-reference.md, as tools/api-reference.mjs writes it', async () => {
    const tool = (await import(join(__dirname, '..', '..', 'tools', 'api-reference.mjs'))) as {
      markdownOf: (document: Record<string, unknown>) => string;
    };
    const path = join(docs, 'api-reference.md');
    const text = `${tool.markdownOf(document)}\n`;
    expect(golden(path, text)).toBe(text);
  });
});
