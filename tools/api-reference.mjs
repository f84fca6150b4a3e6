// Writes the API reference from the OpenAPI document: `node tools/api-reference.mjs > docs/api-reference.md`.
// Without an argument it reads the declarations in libs/api as built; else a file or the URL of a running server.
import { readFile } from 'node:fs/promises';

const read = async (source) =>
  /^https?:/.test(source) ? (await fetch(source)).json() : JSON.parse(await readFile(source, 'utf8'));

const lastPart = (ref) => ref.split('/').at(-1);
const anchor = (text) =>
  text
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replace(/ /g, '-');
const cell = (text) =>
  String(text ?? '')
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ');
const code = (text) => (text === '' ? '' : `\`${text}\``);
const table = (head, rows) =>
  rows.length === 0
    ? []
    : [
        `| ${head.join(' | ')} |`,
        `|${head.map(() => '---').join('|')}|`,
        ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`),
        '',
      ];

/** A schema in a few words, with a link where it has a name. */
const typeOf = (schema = {}) => {
  if (schema.$ref) return `[${lastPart(schema.$ref)}](#${anchor(lastPart(schema.$ref))})`;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(JSON.stringify(value))).join(', ');
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(typeOf).join(' or ');
  if (schema.allOf) return schema.allOf.map(typeOf).join(' and ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything');
  return schema.format ? `${type} (${schema.format})` : type;
};

const limits = [
  ['minLength', 'at least', 'characters'],
  ['maxLength', 'at most', 'characters'],
  ['minItems', 'at least', 'items'],
  ['maxItems', 'at most', 'items'],
  ['minimum', 'from', ''],
  ['maximum', 'up to', ''],
];
const limitsOf = (schema) => {
  const said = limits
    .filter(([key]) => schema[key] !== undefined && Math.abs(schema[key]) < Number.MAX_SAFE_INTEGER)
    .map(([key, before, after]) => `${before} ${schema[key]} ${after}`.trim());
  const start = schema.default === undefined ? [] : [`default ${code(JSON.stringify(schema.default))}`];
  return [...said, ...start].join(', ');
};

const fieldRows = (schema) =>
  Object.entries(schema.properties ?? {}).map(([name, field]) => [
    code(name),
    typeOf(field),
    schema.required?.includes(name) ? 'yes' : '',
    [field.description, limitsOf(field)].filter(Boolean).join('; '),
  ]);
const fields = (schema) => {
  const rows = fieldRows(schema);
  return rows.length === 0 ? [typeOf(schema), ''] : table(['field', 'type', 'required', 'about'], rows);
};

const bodyOf = (content = {}) => Object.entries(content)[0] ?? ['', undefined];
const requestOf = ({ requestBody }) => {
  const [, media] = bodyOf(requestBody?.content);
  return media === undefined ? [] : ['**Body**', '', ...fields(media.schema ?? {})];
};
const answerRow = ([status, answer]) => {
  const [mediaType, media] = bodyOf(answer.content);
  return [status, media ? typeOf(media.schema) : (answer.description ?? ''), mediaType];
};
const answersOf = ({ responses = {} }) => [
  '**Answers**',
  '',
  ...table(
    ['status', 'body', 'media type'],
    Object.entries(responses)
      .filter(([status]) => status !== 'default')
      .map(answerRow),
  ),
];
const inlineAnswers = ({ responses = {} }) =>
  Object.entries(responses).flatMap(([status, answer]) => {
    const schema = bodyOf(answer.content)[1]?.schema;
    return schema?.properties ? [`Fields of ${status}:`, '', ...fields(schema)] : [];
  });
const policyOf = (operation) =>
  operation.security?.length === 0
    ? 'Needs no key.'
    : `Needs the permission ${code(operation['x-dsem-action'] ?? '')}.`;
const parametersOf = ({ parameters = [] }) =>
  table(
    ['parameter', 'in', 'type', 'required', 'about'],
    parameters.map((p) => [
      code(p.name),
      p.in,
      typeOf(p.schema),
      p.required ? 'yes' : '',
      [p.description ?? p.schema?.description, limitsOf(p.schema ?? {})].filter(Boolean).join('; '),
    ]),
  );

const section = ({ path, method, operation }) => [
  `### ${method.toUpperCase()} ${path}`,
  '',
  `${operation.summary ?? ''}. ${policyOf(operation)}`.replace('..', '.'),
  '',
  ...(operation.description ? [operation.description, ''] : []),
  ...parametersOf(operation),
  ...requestOf(operation),
  ...answersOf(operation),
  ...inlineAnswers(operation),
];

const operationsOf = (document) =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

const intro = (document) => [
  '# API reference',
  '',
  '<!-- Made by tools/api-reference.mjs from the OpenAPI document; change the route declarations in libs/api instead. -->',
  '',
  `${document.info.title} ${document.info.version}. The machine-readable form is served at \`/api/v1/openapi.json\` (OpenAPI ${document.openapi}).`,
  '',
  'Send `Authorization: Bearer <API key>`. A refusal is a problem document (RFC 9457, `application/problem+json`) with a stable `code`; see [Problem](#problem). Who may approve a migration, and when an approval stops to count, is told in [approvals.md](approvals.md).',
  '',
  'An address answers only by its own methods: another one is refused with 405 and code DSEM-1016, and `Allow` lists those that it has. A query parameter that a route does not have, or that is given twice, is refused with 400 and code DSEM-1003, which names it.',
  '',
  'While the database of a service is away its routes answer 503 with code DSEM-9006 and `Retry-After`; send the same request again then, a POST with the same `Idempotency-Key`, so that it is done once.',
  '',
];

const problemOf = (document) => {
  const schema = bodyOf(document.components?.responses?.Problem?.content)[1]?.schema ?? {};
  const named = schema.$ref && document.components.schemas[lastPart(schema.$ref)];
  return named ? [] : ['### Problem', '', ...fields(schema)];
};

/** The whole page as Markdown. */
export const markdownOf = (document) => {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? ['other']))];
  const contents = operations.map(({ path, method, operation }) => [
    `[${method.toUpperCase()} ${path}](#${anchor(`${method} ${path}`)})`,
    operation.summary,
  ]);
  const body = tags.flatMap((tag) => [
    `## ${tag}`,
    '',
    ...operations.filter(({ operation }) => (operation.tags ?? ['other'])[0] === tag).flatMap(section),
  ]);
  const schemas = Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) => [
    `### ${name}`,
    '',
    ...(schema.description ? [schema.description, ''] : []),
    ...fields(schema),
  ]);
  return [
    ...intro(document),
    ...table(['route', 'does'], contents),
    ...body,
    '## Shapes',
    '',
    ...problemOf(document),
    ...schemas,
  ].join('\n');
};

/** The document of the routes as they are declared; needs `npm run build` before. */
const declared = async () => {
  const { openapiDocument, routes } = await import('@dsem/api');
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  return openapiDocument(Object.values(routes), version);
};

const main = async (source) => {
  const document = await (source === undefined ? declared() : read(source));
  process.stdout.write(`${markdownOf(document)}\n`);
};

if (process.argv[1] === import.meta.filename) main(process.argv[2]);
