import type { Note } from '@dsem/engine';

const isBefore = (one: Note, other: Note): boolean =>
  one.location !== undefined &&
  other.location !== undefined &&
  one.location.file === other.location.file &&
  one.location.line < other.location.line;

/** Notes that say the same become one, at the first place, with their number. O(notes). */
export const countedNotes = (notes: readonly Note[]): readonly Note[] => {
  const groups = new Map<string, { first: Note; count: number }>();
  for (const note of notes) {
    const group = groups.get(note.message);
    if (group) {
      group.count += 1;
      if (isBefore(note, group.first)) group.first = note;
    } else groups.set(note.message, { first: note, count: 1 });
  }
  return [...groups.values()].map(({ first, count }) =>
    count === 1 ? first : { ...first, message: `${first.message} (${count} times, the first here)` },
  );
};
