import type { BusLog } from '@dsem/messaging';
import { pino, type DestinationStream, type Logger } from 'pino';
import { currentTracing } from './request-context.js';

/** How a process logs. */
export interface LoggerOptions {
  readonly name: string;
  readonly level?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';
  /** Default: standard output. */
  readonly destination?: DestinationStream;
}

/** Fields whose values are never told, wherever they stand. */
export const secretFields = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'apiKey',
  'DATABASE_URL',
  'databaseUrl',
];

const secretTexts: readonly [RegExp, string][] = [
  [/((?<![a-z0-9+.-])[a-z0-9+.-]+:\/\/[^\s:@/"\\]*:)[^\s@"\\]{1,2000}@/gi, '$1***@'],
  [/\bdsem_(user|service|agent)_([0-9a-z]+)_[0-9a-f]+/g, 'dsem_$1_$2_***'],
  [/\bBearer +[\w.~+/=-]+/gi, 'Bearer ***'],
];

/**
 * Takes JSON Web Tokens out of a run of their characters: `eyJ…`, two dots, and something behind each. Part by part,
 * because a pattern for the whole would read on to the end from every `eyJ` it meets.
 */
const withoutTokens = (run: string): string => {
  const parts = run.split('.');
  const kept: string[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at]!;
    const start = parts[at + 1] && parts[at + 2] ? part.search(/\beyJ[\w-]/) : -1;
    kept.push(start < 0 ? part : `${part.slice(0, start)}***`);
    if (start >= 0) at += 2;
  }
  return kept.join('.');
};

const tokenRuns = /[\w.-]+/g;

/** Takes passwords in URLs, API keys and tokens out of a text, wherever they stand in it. O(text). */
export const redact = (text: string): string => {
  const line = secretTexts.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
  return line.includes('eyJ') ? line.replace(tokenRuns, withoutTokens) : line;
};

const redacting = (to: DestinationStream): DestinationStream => ({ write: (line) => to.write(redact(line)) });

/**
 * JSON log lines with the correlation id of the request in hand. Secret fields are censored by name, one and two
 * levels deep, and secret texts by their form in the whole line.
 */
export const createLogger = ({ name, level = 'info', destination }: LoggerOptions): Logger =>
  pino(
    {
      name,
      level,
      mixin: () => ({ ...currentTracing() }),
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '***' },
    },
    redacting(destination ?? pino.destination({ dest: 1, sync: false })),
  );

/** Where the bus's client writes its own words: among our lines, under the same redaction. */
export const busLog =
  (logger: Logger): BusLog =>
  (level, fields, message) =>
    logger[level]({ bus: 'kafka', ...fields }, message);
