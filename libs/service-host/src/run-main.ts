import { constants } from 'node:os';
import { codes, type Code } from '@dsem/api';
import { Refusal } from '@dsem/schema';
import { redact } from './logging.js';

/** How a server process ends when it cannot start: 78 is the convention for a wrong configuration (sysexits.h). */
export const startFailures = { failed: 1, configuration: 78 } as const;

interface SystemError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly port?: number;
  readonly path?: string;
}

const told = (code: Code, detail: string, fix: string = codes[code].fix): string =>
  `${code} ${codes[code].title}: ${detail.replace(/\.$/, '')}. ${fix}`;

const listening = ({ code, address = '', port = 0, message }: SystemError, fix: string): string =>
  told('DSEM-1017', code === 'EADDRINUSE' ? `${address}:${port} is in use` : message, fix);

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'ECONNRESET', 'EAI_AGAIN']);
/** SQLSTATE classes: connection, authorization, unknown database, resources, server shutting down. */
const noConnection = /^(08|28|3D|53|57)[0-9A-Z]{3}$/;

const elsewhere = 'Set PORT and HOST to an address that is free and belongs to this machine.';

const ofSystem = (error: SystemError, whenTaken: string): string | undefined => {
  const { code = '', syscall, path } = error;
  if (syscall === 'listen' || syscall === 'bind') return listening(error, whenTaken);
  if (unreachable.has(code) || noConnection.test(code)) return told('DSEM-3001', error.message || code);
  if (path !== undefined && syscall !== undefined) return told('DSEM-1017', error.message, `Make ${path} accessible.`);
  return undefined;
};

const causes = (error: unknown): readonly unknown[] =>
  error instanceof AggregateError ? [error, ...(error.errors as unknown[])] : [error];

/**
 * One line for a failure that somebody can mend; undefined for a fault of our own. Holds no secret. `whenTaken` is what
 * to do where the address cannot be had; default: set `PORT` and `HOST`.
 */
export const startFailureOf = (error: unknown, whenTaken = elsewhere): string | undefined => {
  if (error instanceof Refusal)
    return redact(`${error.code} ${error.title}: ${error.message.replace(/\.$/, '')}. ${error.fix}`);
  const line = causes(error)
    .map((each) => (each instanceof Error ? ofSystem(each, whenTaken) : undefined))
    .find((each) => each !== undefined);
  return line === undefined ? undefined : redact(line);
};

const fail = (error: unknown): never => {
  const line = startFailureOf(error);
  const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${line ?? redact(fault)}\n`);
  return process.exit(line?.startsWith('DSEM-1017') === true ? startFailures.configuration : startFailures.failed);
};

/** A signal before the server can drain ends the process at once, but in a way that runs its exit handlers. */
const endEarly = (signal: NodeJS.Signals): void => {
  if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
};

/**
 * Runs the whole of a `main.ts`. What stops a start is told in one line on standard error, without a stack where
 * somebody can mend it, and gives the exit code 78 for a wrong configuration and 1 for everything else.
 */
export const runMain = async (main: () => Promise<unknown>): Promise<void> => {
  process.on('SIGTERM', endEarly).on('SIGINT', endEarly);
  await Promise.resolve().then(main).catch(fail);
};
