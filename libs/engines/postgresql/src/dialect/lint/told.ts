import { pathOf } from '@dsem/schema';
import type { Full } from '../parse/names.js';
import type { Act } from './acts.js';

/** A path without a schema that does not exist. */
export const shown = (name: Full, ...inner: readonly string[]): string =>
  name.namespace === '' ? pathOf({ name: name.name }, ...inner) : pathOf(name, ...inner);

/** Words for the kind of a statement where its act does not say them. */
const words: Partial<Record<Act['kind'], string>> = {
  'create-routine': 'create-function',
  'rewrite-table': 'alter-table',
  'table-option': 'alter-table',
  'toggle-trigger': 'alter-table',
  'row-security': 'alter-table',
  'replica-identity': 'alter-table',
  'attach-partition': 'alter-table',
  'detach-partition': 'alter-table',
  'set-default': 'alter-table',
  'drop-default': 'alter-table',
  'set-not-null': 'alter-table',
  'drop-not-null': 'alter-table',
  'change-identity': 'alter-table',
  'change-expression': 'alter-table',
  'drop-expression': 'alter-table',
  'change-type': 'alter-table',
  'add-column': 'alter-table',
  'drop-column': 'alter-table',
  'add-constraint': 'alter-table',
  'drop-constraint': 'alter-table',
  'alter-constraint': 'alter-table',
  'validate-constraint': 'alter-table',
  'alter-composite': 'alter-type',
  'enum-add': 'alter-type',
  'enum-rename': 'alter-type',
  'reset-all': 'reset',
  query: 'select',
};

const spaced = (text: string): string => text.toLowerCase().replaceAll(' ', '-');

const wordOf = (act: Act): string => {
  switch (act.kind) {
    case 'drop':
      return `drop-${spaced(act.what)}`;
    case 'write':
      return act.verb;
    case 'maintain':
      return spaced(act.what);
    case 'run':
      return act.how;
    case 'transaction':
    case 'harmless':
      return spaced(act.what);
    case 'create-view':
      return act.materialized ? 'create-materialized-view' : 'create-view';
    case 'create-type':
      return act.what === 'domain' ? 'create-domain' : 'create-type';
    case 'create-policy':
      return `${act.what}-policy`;
    case 'create-other':
      return `create-${spaced(act.what)}`;
    case 'alter-other':
      return `alter-${spaced(act.what)}`;
    case 'rename':
    case 'move':
    case 'change-owner':
      return `alter-${spaced(act.what === 'column' || act.what === 'constraint' ? 'table' : act.what)}`;
    case 'database':
      return act.what === 'alter-system' ? act.what : `${act.what}-database`;
    default:
      return words[act.kind] ?? act.kind;
  }
};

const aside: ReadonlySet<Act['kind']> = new Set(['needs-version', 'foreign-name', 'unqualified-name', 'long-name']);

/** What kind of statement it is, in one word. */
export const kindOf = (acts: readonly Act[]): string => {
  const own = acts.filter(({ kind }) => !aside.has(kind));
  const word = own.map(wordOf).find((each) => each !== 'set') ?? own.map(wordOf)[0];
  return word ?? 'other';
};

const partsOf = (act: Act): readonly string[] => {
  switch (act.kind) {
    case 'create-index':
      return [shown(act.table), ...(act.name === undefined ? [] : [shown({ ...act.table, name: act.name })])];
    case 'add-column':
      return [shown(act.table, act.column.name)];
    case 'drop':
      return [act.table ? shown(act.table, act.name.name) : shown(act.name)];
    case 'truncate':
    case 'lock-table':
      return act.tables.map((table) => shown(table));
    case 'maintain':
      return (act.table ?? act.index) ? [shown((act.table ?? act.index)!)] : [];
    case 'run':
      return [...(act.routine ? [shown(act.routine)] : []), ...objectsOf(act.acts)];
    case 'rename':
      return [act.part === undefined ? shown(act.name) : shown(act.name, act.part)];
    case 'enum-add':
    case 'enum-rename':
    case 'alter-composite':
      return [shown(act.type)];
    case 'alter-domain':
      return [shown(act.domain)];
    case 'add-constraint':
      return [shown(act.table), ...(act.constraint.references ? [shown(act.constraint.references)] : [])];
    default:
      return plainParts(act);
  }
};

/** The object an act is about, by the fields that acts share. */
const plainParts = (act: Act): readonly string[] => {
  if (aside.has(act.kind) || act.kind === 'set' || act.kind === 'harmless') return [];
  const table = 'table' in act && act.table ? act.table : undefined;
  if (table && 'column' in act && typeof act.column === 'string') return [shown(table, act.column)];
  if (table && 'name' in act && typeof act.name === 'string') return [shown(table, act.name)];
  if (table) return [shown(table)];
  if ('name' in act && typeof act.name === 'object') return [shown(act.name)];
  return 'name' in act && typeof act.name === 'string' && act.name !== '' ? [act.name] : [];
};

/** Paths of what a statement names, each once. */
export const objectsOf = (acts: readonly Act[]): readonly string[] => [...new Set(acts.flatMap(partsOf))];
