import type { Statement } from '@dsem/engine';
import type { Column, ObjectName, Sequence } from '@dsem/schema';
import { identifier, literal, qualified } from '../identifiers.js';
import { type CounterLimits, counterLimits } from '../sequence-limits.js';
import { alter } from './alter.js';
import { locks, statement } from './statement.js';

/** Where a counter goes that would stand outside its new limits, and for whom that holds. */
interface Move {
  readonly to: bigint;
  /** The next number is the one after `to`: the counter is used up. */
  readonly called: boolean;
  readonly when: string;
}

/** The server refuses limits that the counter stands outside of, so it is moved to the nearest number inside. */
const movesOf = (from: CounterLimits, to: CounterLimits): readonly Move[] => [
  ...(to.min > from.min ? [{ to: to.min, called: to.down, when: `last_value < ${to.min}` }] : []),
  ...(to.max < from.max ? [{ to: to.max, called: !to.down, when: `last_value > ${to.max}` }] : []),
];

const apart = (from: CounterLimits, to: CounterLimits): boolean => to.min > from.max || to.max < from.min;
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const most = (one: bigint, other: bigint): bigint => (one > other ? one : other);

const counted = { lock: locks.rowExclusive };

/** The statements that bring a sequence inside its new limits before it gets them. */
export const sequencePosition = (from: Sequence, to: Sequence): readonly Statement[] => {
  const [before, after] = [from, to].map(({ type, options }) => counterLimits(type ?? 'bigint', options));
  const name = qualified(to);
  if (!before || !after) return [];
  const type = from.type === to.type ? '' : ' AS bigint';
  const wide = `ALTER SEQUENCE ${name}${type} MINVALUE ${least(before.min, after.min)} MAXVALUE ${most(before.max, after.max)}`;
  return [
    ...(apart(before, after) ? [statement(wide, counted)] : []),
    ...movesOf(before, after).map(({ to: value, called, when }) =>
      statement(`SELECT setval(${literal(name)}, ${value}, ${called}) FROM ${name} WHERE ${when}`, counted),
    ),
  ];
};

/**
 * The same for the hidden sequence of an identity column, whose name only the server knows: the next number is drawn and
 * put back, inside the limits.
 */
export const identityPosition = (table: ObjectName, from: Column, to: Column): readonly Statement[] => {
  const [before, after] = [from, to].map(({ type, identity }) => counterLimits(type.native, identity?.options));
  if (!before || !after || movesOf(before, after).length === 0) return [];
  const wide = `ALTER COLUMN ${identifier(to.name)} SET MINVALUE ${least(before.min, after.min)} SET MAXVALUE ${most(before.max, after.max)}`;
  const drawn = `SELECT s, nextval(s) AS n FROM CAST(pg_get_serial_sequence(${literal(qualified(table))}, ${literal(to.name)}) AS regclass) AS s`;
  const usedUp = after.down ? `n < ${after.min}` : `n > ${after.max}`;
  const move = `SELECT setval(s, least(greatest(n, ${after.min}), ${after.max}), ${usedUp}) FROM (${drawn}) AS next`;
  return [...(apart(before, after) ? [statement(alter(table, wide))] : []), statement(move, counted)];
};
