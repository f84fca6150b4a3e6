import { z } from 'zod';
import { codes, isCode, type Code } from './codes.js';

/** The media type of every refusal (RFC 9457). */
export const problemMediaType = 'application/problem+json';

const locationSchema = z.object({ file: z.string().optional(), line: z.int(), column: z.int() });

/** One wrong field: its place in the request as `body.compatibility.mode` and what is wrong there. */
export const fieldErrorSchema = z.object({
  path: z.string().describe('Field of the request, or `file:line:column` in a definition'),
  message: z.string(),
  code: z.string().optional().describe('Of an error in a definition'),
  object: z.string().optional().describe('The schema object an error in a definition is about'),
  location: locationSchema.optional().describe('Place in the definition, 1-based'),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** A refusal as every route answers it. */
export const problemSchema = z
  .object({
    type: z.string().describe('Address of the page about this code'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().optional().describe('The request or incident this is about'),
    code: z.string().regex(/^DSEM-\d{4}$/),
    fix: z.string().describe('What the reader can do'),
    errors: z.array(fieldErrorSchema).optional(),
    object: z.string().optional().describe('The schema object this is about'),
    location: locationSchema.optional().describe('Place in the definition, 1-based'),
  })
  .catchall(z.unknown())
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** Where a problem's `type` points. */
export const problemType = (code: Code): string =>
  `https://github.com/your-org/distributed-schema-evolution-manager/blob/main/docs/troubleshooting.md#${code.toLowerCase()}`;

/** The document for a code; title, status and fix come from the catalogue unless `extra` says otherwise. */
export const problemOf = (code: Code, detail?: string, extra: Partial<Problem> = {}): Problem => ({
  type: problemType(code),
  title: codes[code].title,
  status: codes[code].status,
  ...(detail === undefined ? {} : { detail }),
  code,
  fix: codes[code].fix,
  ...extra,
});

/** Thrown by a service to refuse a request with a code of the catalogue; the host answers it as a problem document. */
export class ApiProblem extends Error {
  readonly errors?: readonly FieldError[];
  /** Further members of the problem document, such as `currentState`. */
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    readonly code: Code,
    detail: string,
    options: { errors?: readonly FieldError[]; extra?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiProblem';
    this.extra = options.extra ?? {};
    if (options.errors !== undefined) this.errors = options.errors;
  }

  /** The document the caller gets. */
  toProblem(): Problem {
    const errors = this.errors === undefined ? {} : { errors: [...this.errors] };
    return problemOf(this.code, this.message, { ...this.extra, ...errors });
  }
}

/** `ApiProblem` for a resource that is not there: `notFound('migration', id)`. */
export const notFound = (kind: string, id: string): ApiProblem => new ApiProblem('DSEM-4001', `no ${kind} ${id}`);

interface Listed {
  readonly code: string;
  readonly message: string;
  readonly object?: string;
  readonly location?: NonNullable<Problem['location']>;
  readonly others?: readonly Listed[];
}

const placeOf = ({ object, location }: Listed): string =>
  location === undefined
    ? (object ?? 'definition')
    : [location.file, location.line, location.column].filter((part) => part !== undefined).join(':');

/** Every error of one definition, where there are several. */
const listed = (error: Listed): { readonly errors?: FieldError[] } => {
  if ((error.others ?? []).length === 0) return {};
  const errors = [error, ...(error.others ?? [])].map((one) => ({
    path: placeOf(one),
    message: one.message,
    code: one.code,
    ...(one.object === undefined ? {} : { object: one.object }),
    ...(one.location === undefined ? {} : { location: one.location }),
  }));
  return { errors };
};

/**
 * The document of any error with a catalogue code, such as a `Refusal`, whose own title and fix may say more than the
 * catalogue's; undefined for a foreign one.
 */
export const problemOfCoded = (error: unknown): Problem | undefined => {
  if (error instanceof ApiProblem) return error.toProblem();
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string' || !isCode(error.code))
    return undefined;
  const { title, fix, object, location } = error as Partial<Pick<Problem, 'title' | 'fix' | 'object' | 'location'>>;
  return problemOf(error.code, error.message, {
    ...(title === undefined ? {} : { title }),
    ...(fix === undefined ? {} : { fix }),
    ...(object === undefined ? {} : { object }),
    ...(location === undefined ? {} : { location }),
    ...listed(error as Error & Listed),
  });
};
