import type { Location } from '@dsem/schema';

/** One of several errors: a field of a request, or a place in a definition. */
export interface ListedError {
  readonly path: string;
  readonly message: string;
  readonly code?: string;
  readonly object?: string;
  readonly location?: Location;
}

/** A refusal as it is printed: the same members as an HTTP problem, whatever raised it. */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly location?: Location;
  readonly object?: string;
  readonly fix?: string;
  /** What an HTTP problem lists beside its detail. */
  readonly errors?: readonly ListedError[];
  readonly findings?: readonly unknown[];
}

/** Thrown when the command line, an input file or the user's settings are wrong; loads nothing of the libraries. */
export class CliProblem extends Error {
  constructor(
    readonly code: `DSEM-${number}`,
    readonly title: string,
    detail: string,
    readonly fix: string,
    readonly location?: Location,
  ) {
    super(detail);
    this.name = 'CliProblem';
  }
}

/** Thrown when the command line itself is wrong. */
export const usage = (detail: string, fix = 'See `dsem help`.'): CliProblem =>
  new CliProblem('DSEM-1015', 'The command line is not understood', detail, fix);

type Coded = Error & {
  readonly code: string;
  readonly title: string;
  readonly fix?: string;
  readonly location?: Location;
  readonly object?: string;
  /** Further errors of the same input. */
  readonly others?: readonly Coded[];
};

const isCoded = (error: unknown): error is Coded =>
  error instanceof Error &&
  'title' in error &&
  typeof error.title === 'string' &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('DSEM-');

/** An answer of the API that the SDK has raised; its document says more than its message. */
const documentOf = (error: unknown): Problem | undefined => {
  if (!(error instanceof Error) || !('problem' in error)) return undefined;
  const { problem } = error;
  return typeof problem === 'object' && problem !== null && 'code' in problem ? (problem as Problem) : undefined;
};

/** A place as editors open it: `file:line:column`. */
export const placeText = ({ file, line, column }: Location): string =>
  [file, line, column].filter((part) => part !== undefined).join(':');

const listed = ({ code, message, location, object }: Coded): ListedError => ({
  path: location === undefined ? (object ?? 'definition') : placeText(location),
  message,
  code,
  ...(object !== undefined && { object }),
  ...(location !== undefined && { location }),
});

const ofCoded = (error: Coded): Problem => {
  const { others = [] } = error;
  return { ...single(error), ...(others.length > 0 && { errors: [error, ...others].map(listed) }) };
};

const single = ({ code, title, message, location, object, fix }: Coded): Problem => ({
  code,
  title,
  detail: message,
  ...(location !== undefined && { location }),
  ...(object !== undefined && { object }),
  ...(fix !== undefined && { fix }),
});

const unexpected = (error: unknown): Problem => ({
  code: 'DSEM-9001',
  title: 'Something went wrong on our side',
  detail: error instanceof Error ? error.message : String(error),
  fix: 'Run it again with --verbose and report what it prints.',
});

/** The SDK got no answer at all; told by name, so that offline verbs need not load it. */
const unanswered = (error: unknown): Problem | undefined =>
  error instanceof Error && error.name === 'ConnectionError'
    ? {
        code: 'DSEM-9003',
        title: 'The server did not answer',
        detail: `${error.message}${reason(error.cause)}.`,
        fix: 'Check that it runs, and --endpoint, DSEM_ENDPOINT or `dsem login`.',
      }
    : undefined;

/** The innermost cause is the one that says what happened (`connect ECONNREFUSED ...`). */
const reason = (cause: unknown): string => {
  if (!(cause instanceof Error)) return '';
  return cause.cause instanceof Error ? reason(cause.cause) : `: ${cause.message}`;
};

/** Any error as a problem; one that is not ours is a fault of the program. */
export const problemOf = (error: unknown): Problem =>
  documentOf(error) ?? (isCoded(error) ? ofCoded(error) : (unanswered(error) ?? unexpected(error)));
