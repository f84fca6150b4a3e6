import type { Location } from '@dsem/schema';
import type { Act } from '../acts.js';
import type { Hit } from '../rule.js';

/** Bytes of a name in UTF-8. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).length;

/** Fully reserved words of PostgreSQL 18. */
const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
    'current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc ' +
    'distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral ' +
    'leading limit localtime localtimestamp not null offset on only or order placing primary references returning ' +
    'select session_user some symmetric system_user table then to trailing true union unique user using variadic ' +
    'when where window with'
  ).split(' '),
);

/** Whether a name has to be quoted because the grammar needs the word. */
export const isReserved = (name: string): boolean => reserved.has(name);

/** A name that an act gives, and where it stands. */
interface NewName {
  readonly name: string;
  readonly at: { readonly at?: Location };
}

const plain = (name: string): NewName => ({ name, at: {} });

/** The names that an act gives. */
const newNames = (act: Act): readonly NewName[] => {
  switch (act.kind) {
    case 'create-table':
      return act.temporary
        ? []
        : [plain(act.table.name), ...act.columns.map(({ name, at }) => ({ name, at: at ? { at } : {} }))];
    case 'add-column':
      return [plain(act.column.name)];
    case 'create-index':
      return act.name === undefined ? [] : [plain(act.name)];
    case 'create-view':
    case 'create-type':
    case 'create-sequence':
    case 'create-routine':
      return [plain(act.name.name)];
    case 'create-schema':
      return [plain(act.name)];
    case 'rename':
      return [plain(act.to)];
    default:
      return [];
  }
};

/** The acts that give names. */
export const namingActs = [
  'create-table',
  'create-index',
  'create-view',
  'create-type',
  'create-sequence',
  'create-schema',
  'create-routine',
  'add-column',
  'rename',
] as const satisfies readonly Act['kind'][];

/** A hit for each new name of which something holds; `words` say what, behind the name. */
export const newNamesThat = (act: Act, holds: (name: string) => boolean, words: string): readonly Hit[] =>
  newNames(act)
    .filter(({ name }) => holds(name))
    .map(({ name, at }) => ({ object: name, message: `${name} ${words}`, ...at }));
