import type { Sequence, SequenceOptions } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { locks, type Renderers, statement } from './statement.js';

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

/** Sequences. */
export const sequenceRenderers: Renderers<'create-sequence' | 'drop-sequence' | 'alter-sequence'> = {
  'create-sequence': ({ sequence }) => {
    const type = sequence.type === undefined ? [] : [`AS ${sequence.type}`];
    const owned = sequence.ownedBy === undefined ? [] : [owner(sequence)];
    const words = ['CREATE SEQUENCE', qualified(sequence), ...type, ...optionWords(sequence.options), ...owned];
    return [
      statement(words.join(' '), { lock: locks.none }),
      ...commentOn(`SEQUENCE ${qualified(sequence)}`, sequence.comment),
    ];
  },
  'drop-sequence': ({ sequence, object }) => [
    statement(`DROP SEQUENCE ${qualified(sequence)}`, {
      hazards: [finding(hazardRules.dropSequence, object, `The sequence ${object} is dropped with its current value.`)],
    }),
  ],
  'alter-sequence': ({ from, to, object }) => {
    const type = from.type === to.type ? [] : [`AS ${to.type ?? 'bigint'}`];
    const words = [...type, ...optionChanges(from.options, to.options)];
    const name = qualified(to);
    const hazards = [
      finding(hazardRules.changeSequence, object, `The sequence ${object} changes: ${words.join(' ')}.`),
    ];
    return [
      ...(words.length === 0
        ? []
        : [statement(`ALTER SEQUENCE ${name} ${words.join(' ')}`, { lock: locks.rowExclusive, hazards })]),
      ...(sameOwner(from, to) ? [] : [statement(`ALTER SEQUENCE ${name} ${owner(to)}`, { lock: locks.rowExclusive })]),
      ...commentOn(`SEQUENCE ${name}`, to.comment, from.comment),
    ];
  },
};
