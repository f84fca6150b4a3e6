import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type ChangeOf, pathOf, type Sequence, type SequenceOptions, unnamedOwner } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { ownersOf } from '../owners.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { sequencePosition } from './sequence-position.js';
import { cannot, locks, type Renderers, statement } from './statement.js';

const number = (text: string): string => (/^-?\d+$/.test(text) ? text : '1');

/** The words of sequence options as they stand in CREATE SEQUENCE or an identity clause. */
export const optionWords = (options: SequenceOptions = {}): readonly string[] => [
  ...(options.increment === undefined ? [] : [`INCREMENT BY ${number(options.increment)}`]),
  ...(options.min === undefined ? [] : [`MINVALUE ${number(options.min)}`]),
  ...(options.max === undefined ? [] : [`MAXVALUE ${number(options.max)}`]),
  ...(options.start === undefined ? [] : [`START WITH ${number(options.start)}`]),
  ...(options.cache === undefined ? [] : [`CACHE ${number(options.cache)}`]),
  ...(options.cycle ? ['CYCLE'] : []),
];

const usualStart = (options: SequenceOptions): string =>
  (options.increment ?? '1').startsWith('-') ? (options.max ?? '-1') : (options.min ?? '1');

/** The words that bring options from one set to another; what is no longer said goes back to what the server chooses. */
export const optionChanges = (from: SequenceOptions = {}, to: SequenceOptions = {}): readonly string[] => [
  ...(from.increment === to.increment ? [] : [`INCREMENT BY ${number(to.increment ?? '1')}`]),
  ...(from.min === to.min ? [] : [to.min === undefined ? 'NO MINVALUE' : `MINVALUE ${number(to.min)}`]),
  ...(from.max === to.max ? [] : [to.max === undefined ? 'NO MAXVALUE' : `MAXVALUE ${number(to.max)}`]),
  ...((from.start ?? usualStart(from)) === (to.start ?? usualStart(to))
    ? []
    : [`START WITH ${number(to.start ?? usualStart(to))}`]),
  ...(from.cache === to.cache ? [] : [`CACHE ${number(to.cache ?? '1')}`]),
  ...(from.cycle === to.cycle ? [] : [to.cycle ? 'CYCLE' : 'NO CYCLE']),
];

const owner = ({ ownedBy }: Sequence): string =>
  ownedBy === undefined ? 'OWNED BY NONE' : `OWNED BY ${qualified(ownedBy)}.${identifier(ownedBy.column)}`;

const sameOwner = (from: Sequence, to: Sequence): boolean => owner(from) === owner(to);

/** A sequence can only belong to a column of a table that has the same owner: who that is where it is another one. */
const newOwner = (sequence: Sequence, { state }: RenderContext): string | undefined => {
  const { ownedBy } = sequence;
  const role = ownedBy && ownersOf(state)(pathOf(ownedBy));
  return role === unnamedOwner || role === ownersOf(state)(`sequence ${pathOf(sequence)}`) ? undefined : role;
};

const linking = (sequence: Sequence, context: RenderContext): readonly Statement[] => {
  const role = newOwner(sequence, context);
  const alter = `ALTER SEQUENCE ${qualified(sequence)}`;
  return [...(role === undefined ? [] : [`${alter} OWNER TO ${identifier(role)}`]), `${alter} ${owner(sequence)}`].map(
    (text) => statement(text, { lock: locks.rowExclusive }),
  );
};

/** Whether the server keeps the sequence out of its log: by itself, or because its table is. */
const isUnlogged = ({ attributes, ownedBy }: Sequence, { state, version }: RenderContext): boolean => {
  if (Number(version) < 15) return false;
  const table = ownedBy && state.tables.find((one) => pathOf(one) === pathOf(ownedBy));
  return attributes?.unlogged === true || table?.attributes?.unlogged === true;
};

const refuseUnlogged = (change: Change, { attributes }: Sequence, { version }: RenderContext): void => {
  if (attributes?.unlogged === true && Number(version) < 15)
    cannot(change, `an unlogged sequence needs PostgreSQL 15, the target has ${version}`);
};

const createSequence = (change: ChangeOf<'create-sequence'>, context: RenderContext): readonly Statement[] => {
  const { sequence } = change;
  refuseUnlogged(change, sequence, context);
  const role = newOwner(sequence, context);
  const words = [
    isUnlogged(sequence, context) ? 'CREATE UNLOGGED SEQUENCE' : 'CREATE SEQUENCE',
    qualified(sequence),
    ...(sequence.type === undefined ? [] : [`AS ${sequence.type}`]),
    ...optionWords(sequence.options),
    ...(sequence.ownedBy === undefined || role !== undefined ? [] : [owner(sequence)]),
  ];
  return [
    statement(words.join(' '), { lock: locks.none }),
    ...(role === undefined ? [] : linking(sequence, context)),
    ...commentOn(`SEQUENCE ${qualified(sequence)}`, sequence.comment),
  ];
};

const counting = ({ from, to, object }: ChangeOf<'alter-sequence'>): readonly Statement[] => {
  const type = from.type === to.type ? [] : [`AS ${to.type ?? 'bigint'}`];
  const words = [...type, ...optionChanges(from.options, to.options)].join(' ');
  if (words === '') return [];
  const hazards = [finding(hazardRules.changeSequence, object, `The sequence ${object} changes: ${words}.`)];
  return [
    ...sequencePosition(from, to),
    statement(`ALTER SEQUENCE ${qualified(to)} ${words}`, { lock: locks.rowExclusive, hazards }),
  ];
};

const alterSequence = (change: ChangeOf<'alter-sequence'>, context: RenderContext): readonly Statement[] => {
  const { from, to } = change;
  refuseUnlogged(change, to, context);
  const name = qualified(to);
  const [earlier, unlogged] = [isUnlogged(from, context), isUnlogged(to, context)];
  return [
    ...counting(change),
    ...(sameOwner(from, to) ? [] : linking(to, context)),
    ...(earlier === unlogged ? [] : [statement(`ALTER SEQUENCE ${name} SET ${unlogged ? 'UNLOGGED' : 'LOGGED'}`)]),
    ...commentOn(`SEQUENCE ${name}`, to.comment, from.comment),
  ];
};

/** Sequences. */
export const sequenceRenderers: Renderers<'create-sequence' | 'drop-sequence' | 'alter-sequence'> = {
  'create-sequence': createSequence,
  'drop-sequence': ({ sequence, object }) => [
    statement(`DROP SEQUENCE ${qualified(sequence)}`, {
      hazards: [finding(hazardRules.dropSequence, object, `The sequence ${object} is dropped with its current value.`)],
    }),
  ],
  'alter-sequence': alterSequence,
};
