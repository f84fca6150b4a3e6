import type { AlterSeqStmt, CreateSeqStmt } from '@pgsql/types';
import { pathOf, type Sequence } from '@dsem/schema';
import { claimRelation, type Draft, keyOf, missing, refuse, type Site } from './draft.js';
import { type Full, nameOf, relationOf } from './names.js';
import { alterNumbering, numberedBy, tellRestart } from './numbering.js';
import { resettled, sequenceWords, type SequenceWords, settled } from './options.js';

const ownerOf = (words: SequenceWords, name: Full, site: Site): Sequence['ownedBy'] => {
  const parts = words.ownedBy;
  if (!parts || (parts.length === 1 && parts[0] === 'none')) return undefined;
  if (parts.length < 2) return refuse('The owner of a sequence must be a column', pathOf(name), site);
  return { ...nameOf(parts.slice(0, -1)), column: parts.at(-1)! };
};

/** CREATE SEQUENCE. */
export const createSequence = (draft: Draft, statement: CreateSeqStmt, site: Site): void => {
  const name = relationOf(statement.sequence);
  if (statement.if_not_exists && draft.sequences.has(keyOf(name))) return;
  claimRelation(draft, name, site);
  const persistence = statement.sequence?.relpersistence ?? 'p';
  if (persistence === 't') refuse('A temporary sequence cannot be part of a definition', pathOf(name), site);
  const unlogged = persistence === 'u' ? { attributes: { unlogged: true } } : {};
  const words = sequenceWords(statement.options, name, site);
  const ownedBy = ownerOf(words, name, site);
  const type = words.type === undefined ? {} : { type: words.type };
  draft.sequences.set(keyOf(name), {
    ...name,
    ...unlogged,
    ...type,
    ...settled(words),
    ...(ownedBy ? { ownedBy } : {}),
  });
};

/** ALTER SEQUENCE. */
export const alterSequence = (draft: Draft, statement: AlterSeqStmt, site: Site): void => {
  const name = relationOf(statement.sequence);
  const found = draft.sequences.get(keyOf(name));
  const column = found ? undefined : numberedBy(draft, name);
  if (column) return alterNumbering(draft, column, sequenceWords(statement.options, name, site), site);
  if (!found && statement.missing_ok) return;
  const sequence: Sequence = found ?? missing('sequence', name, site);
  const words = sequenceWords(statement.options, name, site);
  tellRestart(draft, words, pathOf(name), site);
  const { ownedBy: earlier, options, ...rest } = sequence;
  const ownedBy = words.ownedBy ? ownerOf(words, name, site) : earlier;
  const type = words.type === undefined ? {} : { type: words.type };
  const held = resettled(words, rest.type ?? 'bigint', options);
  draft.sequences.set(keyOf(name), { ...rest, ...type, ...held, ...(ownedBy ? { ownedBy } : {}) });
};
