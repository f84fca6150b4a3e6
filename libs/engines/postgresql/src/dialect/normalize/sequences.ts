import type { FindTable, Sequence } from '@dsem/schema';
import { normalTypeText } from '../type-names.js';
import { placed } from '../types.js';
import { normalOptions } from './columns.js';

/** A sequence of an unlogged table is unlogged along with it, as far as the server's version knows such sequences. */
const ownUnlogged = ({ attributes, ownedBy }: Sequence, find: FindTable): Pick<Sequence, 'attributes'> => {
  const follows = ownedBy !== undefined && find(placed(ownedBy))?.attributes?.['unlogged'] === true;
  return attributes?.['unlogged'] === true && !follows ? { attributes: { unlogged: true } } : {};
};

/** One sequence in normal form; `find` finds normal tables. */
export const normalSequence = (sequence: Sequence, find: FindTable): Sequence => {
  const { type, options, ownedBy, attributes: _, ...rest } = sequence;
  const native = normalTypeText(type ?? 'bigint');
  const kept = normalOptions(native, options);
  return {
    ...rest,
    ...placed(sequence),
    ...ownUnlogged(sequence, find),
    ...(native === 'bigint' ? {} : { type: native }),
    ...(kept ? { options: kept } : {}),
    ...(ownedBy ? { ownedBy: { ...placed(ownedBy), column: ownedBy.column } } : {}),
  };
};
