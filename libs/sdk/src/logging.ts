const levels = ['silent', 'error', 'warn', 'info', 'debug', 'verbose'] as const;
/** How much the SDK tells; `verbose` adds bodies' sizes and headers without secrets. */
export type LogLevel = (typeof levels)[number];

/** Where log lines go; the console fits. */
export interface LogSink {
  readonly error: (line: string) => void;
}

/** Writes a line when its level is asked for. */
export type Log = (level: Exclude<LogLevel, 'silent'>, line: string) => void;

const secrets = /dsem_(user|service|agent)_([0-9a-z]+)_[0-9a-f]+/g;

/** A log that never shows a key's secret. Lines go to standard error: an answer on standard output stays clean. */
export const createLog =
  (level: LogLevel, sink: LogSink = console): Log =>
  (wanted, line) => {
    if (levels.indexOf(wanted) <= levels.indexOf(level))
      sink.error(`[schema-evolution] ${wanted} ${line.replace(secrets, 'dsem_$1_$2_***')}`);
  };
