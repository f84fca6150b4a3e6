import type { Location } from '@dsem/schema';
import type { Full } from '../parse/names.js';
import type { ActOf } from './acts.js';
import type { Level } from './levels.js';

/** A lock that lasts until the transaction, or the statement without one, ends. */
export interface Held {
  readonly table: Full;
  readonly level: Level;
}

/** An enum label that cannot be used before the transaction has ended. */
export interface NewLabel {
  readonly type: Full;
  readonly value: string;
  readonly freshType: boolean;
}

export interface Transaction {
  /** Whoever runs the script began it, not the script. */
  readonly outer: boolean;
  readonly at: Location;
  readonly statement: number;
}

/** What the session carries from one statement to the next. */
export interface Session {
  readonly transaction?: Transaction;
  readonly held: readonly Held[];
  readonly labels: readonly NewLabel[];
  readonly settings: ReadonlyMap<string, string>;
  /** Those that end with the transaction. */
  readonly local: ReadonlyMap<string, string>;
}

/** A transaction that begins here. */
export const begun = (outer: boolean, at: Location, statement: number): Transaction => ({
  outer,
  at,
  statement,
});

/** The session of a script before its first statement. */
export const newSession = (outer: boolean, at: Location): Session => ({
  ...(outer ? { transaction: begun(true, at, -1) } : {}),
  held: [],
  labels: [],
  settings: new Map(),
  local: new Map(),
});

/** The value of a parameter, where the script has set it. */
export const settingOf = ({ settings, local }: Session, name: string): string | undefined =>
  local.get(name) ?? settings.get(name);

const off = /^(0+(\.0+)?\s*[a-z]*|-1|default|)$/i;

/** Whether a timeout of this name limits what comes next. */
export const isLimited = (session: Session, name: string): boolean => {
  const value = settingOf(session, name);
  return value !== undefined && !off.test(value.trim());
};

const set = (session: Session, { name, value, local }: ActOf<'set'>): Session => {
  if (local && !session.transaction) return session;
  const map = new Map(local ? session.local : session.settings);
  if (value === undefined) map.delete(name);
  else map.set(name, value);
  return local ? { ...session, local: map } : { ...session, settings: map };
};

const ended = ({ transaction: _, ...session }: Session): Session => ({
  ...session,
  held: [],
  labels: [],
  local: new Map(),
});

const controlled = (session: Session, act: ActOf<'transaction'>, at: Location, statement: number): Session => {
  switch (act.what) {
    case 'begin':
      return session.transaction ? session : { ...session, transaction: begun(false, at, statement) };
    case 'commit':
    case 'rollback':
    case 'prepare':
      return act.chain ? { ...ended(session), transaction: begun(false, at, statement) } : ended(session);
    case 'savepoint':
    case 'other':
      return session;
    default:
      return act.what satisfies never;
  }
};

/** The session after SET, RESET or a statement about transactions. */
export const afterControl = (
  session: Session,
  act: ActOf<'set' | 'reset-all' | 'transaction'>,
  at: Location,
  statement: number,
): Session => {
  if (act.kind === 'set') return set(session, act);
  if (act.kind === 'reset-all') return { ...session, settings: new Map(), local: new Map() };
  return controlled(session, act, at, statement);
};

/** The session after locks were taken. */
export const holding = (session: Session, held: readonly Held[]): Session =>
  held.length === 0 ? session : { ...session, held: [...session.held, ...held] };

/** The session after a label joined an enum. */
export const labelled = (session: Session, label: NewLabel): Session => ({
  ...session,
  labels: [...session.labels, label],
});

/** The session after a statement: without a transaction its locks are gone. */
export const afterStatement = (session: Session): Session =>
  session.transaction ? session : { ...session, held: [], labels: [] };
