import { type FailureKind, StatementFailed } from '@dsem/engine';
import { Refusal } from '@dsem/schema';

const kinds: { readonly [sqlstate: string]: FailureKind | undefined } = {
  '55P03': 'lock-timeout',
  '57014': 'statement-timeout',
  '40P01': 'deadlock',
  '40001': 'deadlock',
  '57P01': 'connection-lost',
  '57P02': 'connection-lost',
  '57P03': 'connection-lost',
  '57P05': 'connection-lost',
  '25P03': 'connection-lost',
  '25P04': 'statement-timeout',
  '25006': 'read-only',
  '42501': 'privilege',
  '53100': 'disk-full',
};

const classes: { readonly [sqlstate: string]: FailureKind | undefined } = {
  '08': 'connection-lost',
  '22': 'data',
  '23': 'data',
};

const sqlstateOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
};

/** The server's answer in the agent's words; an error that no server sent means that the connection is gone. */
export const failureKind = (error: unknown): FailureKind => {
  const sqlstate = sqlstateOf(error);
  if (sqlstate === undefined) return 'connection-lost';
  return kinds[sqlstate] ?? classes[sqlstate.slice(0, 2)] ?? 'other';
};

/** Whether the error says that a schema, table or column is not there. */
export const isMissing = (error: unknown): boolean => ['42P01', '3F000'].includes(sqlstateOf(error) ?? '');

/** Whether another session created the same object at the same moment. */
export const isAlreadyThere = (error: unknown): boolean =>
  ['42P06', '42P07', '23505', '42710'].includes(sqlstateOf(error) ?? '');

const detailOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return 'table' in error && typeof error.table === 'string'
    ? `${error.message} (table ${error.table})`
    : error.message;
};

/** The refusal for a failed statement; row values, which PostgreSQL puts into its `detail`, are left out. */
export const statementFailed = (error: unknown, statement: number): StatementFailed => {
  const kind = failureKind(error);
  const sqlstate = sqlstateOf(error);
  return new StatementFailed(
    sqlstate === undefined ? detailOf(error) : `${detailOf(error)} [${sqlstate}]`,
    kind,
    statement,
  );
};

/** The same function, whose errors are refusals in the agent's words. */
export const refusing =
  <Arguments extends readonly unknown[], Value>(work: (...args: Arguments) => Promise<Value>) =>
  async (...args: Arguments): Promise<Value> => {
    try {
      return await work(...args);
    } catch (error) {
      throw error instanceof Refusal || isOurs(error) ? error : statementFailed(error, 0);
    }
  };

/** A mistake of the program, and no answer of the server. */
const isOurs = (error: unknown): boolean => error instanceof TypeError || error instanceof RangeError;
