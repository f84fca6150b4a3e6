import type { RenderContext, Statement } from '@dsem/engine';
import {
  type Attributes,
  type ChangeOf,
  type Check,
  equal,
  type Finding,
  type ForeignKey,
  type Index,
  type ObjectName,
  type PrimaryKey,
  type Unique,
  pathOf,
  replacementName,
} from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { canAlter } from '../as-built.js';
import { hazardRules } from '../rules.js';
import { alter, constraintTarget } from './alter.js';
import { commentOn } from './comments.js';
import { checkText, deferral, foreignKeyText, primaryKeyText, uniqueText } from './constraint-text.js';
import { marksOn } from './index-marks.js';
import { isPartitioned, partitionKeys } from './partition-parts.js';
import { storageChanges } from './options.js';
import { cannot, locks, type Renderers, statement, tableBefore } from './statement.js';

const drop = (table: ObjectName, name: string, hazards: readonly Finding[] = []): Statement =>
  statement(alter(table, `DROP CONSTRAINT ${identifier(name)}`), { hazards });

const attachable = (index: Index | undefined, key: Unique): boolean =>
  index?.unique === true &&
  index.valid !== false &&
  index.predicate === undefined &&
  equal(index.include ?? [], key.attributes?.include ?? []) &&
  equal(index.attributes?.nullsNotDistinct, key.attributes?.nullsNotDistinct) &&
  key.attributes?.withoutOverlaps === undefined &&
  index.keys.map(({ column }) => column ?? '').join('\0') === key.columns.join('\0');

/** The index that was built for a key, under the key's name or one of its own. */
const readyIndex = (table: ObjectName, key: Unique, context: RenderContext): Index | undefined => {
  const names = [key.name, replacementName(pathOf(table, key.name))];
  return tableBefore(context, table)?.indexes.find((index) => names.includes(index.name) && attachable(index, key));
};

const duplicates = (table: ObjectName, columns: readonly string[]): string => {
  const list = columns.map(identifier).join(', ');
  return `SELECT ${list}, count(*) FROM ${qualified(table)} GROUP BY ${list} HAVING count(*) > 1`;
};

const attach = (table: ObjectName, key: Unique, kind: 'UNIQUE' | 'PRIMARY KEY', index: Index): Statement => {
  const words = [
    `ADD CONSTRAINT ${identifier(key.name)} ${kind} USING INDEX ${identifier(index.name)}`,
    ...deferral(key),
  ];
  return statement(alter(table, words.join(' ')));
};

const addKey = (
  table: ObjectName,
  key: Unique,
  kind: 'UNIQUE' | 'PRIMARY KEY',
  context: RenderContext,
): readonly Statement[] => {
  const after = [
    ...commentOn(constraintTarget(table, key.name), key.comment),
    ...marksOn(table, key.name, context.state),
  ];
  const ready = readyIndex(table, key, context);
  if (ready) return [attach(table, key, kind, ready), ...after];
  const parts = isPartitioned(table, context.state) ? partitionKeys(table, key, kind, context) : undefined;
  const text = alter(table, `ADD ${kind === 'UNIQUE' ? uniqueText(key) : primaryKeyText(key)}`);
  if (parts !== undefined) return [...parts, statement(text), ...after];
  const path = pathOf(table, key.name);
  const hazards = [
    finding(
      hazardRules.addUnique,
      path,
      `Values of ${key.columns.join(', ')} must be unique.`,
      `Look for duplicates: ${duplicates(table, key.columns)}`,
    ),
    finding(hazardRules.uniqueBlocking, path, `The index of ${path} is built under an exclusive lock.`),
  ];
  return [statement(text, { lock: locks.exclusiveLong, cost: 'build', hazards }), ...after];
};

const addCheck = (table: ObjectName, check: Check): Statement => {
  const path = pathOf(table, check.name);
  const query = `SELECT count(*) FROM ${qualified(table)} WHERE NOT (${check.expression})`;
  const added = finding(
    hazardRules.addCheck,
    path,
    `Rows must satisfy ${check.expression}.`,
    `Look for violating rows: ${query}`,
  );
  const text = alter(table, `ADD ${checkText(check)}`);
  const quick = check.validated === false || check.attributes?.notEnforced === true;
  if (quick) return statement(text, { hazards: [added] });
  const scan = finding(hazardRules.notValidFirst, path, `All rows are checked under an exclusive lock.`);
  return statement(text, { lock: locks.exclusiveLong, cost: 'scan', hazards: [added, scan] });
};

const orphans = (table: ObjectName, key: ForeignKey): string => {
  const on = key.columns
    .map((column, at) => `p.${identifier(key.references.columns[at] ?? '')} = c.${identifier(column)}`)
    .join(' AND ');
  const set = key.columns.map((column) => `c.${identifier(column)} IS NOT NULL`).join(' AND ');
  return `SELECT count(*) FROM ${qualified(table)} c WHERE ${set} AND NOT EXISTS (SELECT FROM ${qualified(key.references)} p WHERE ${on})`;
};

const addForeignKey = (table: ObjectName, key: ForeignKey): Statement => {
  const path = pathOf(table, key.name);
  const message = `Rows must have a partner in ${pathOf(key.references)}.`;
  const added = finding(hazardRules.addForeignKey, path, message, `Look for orphans: ${orphans(table, key)}`);
  const text = alter(table, `ADD ${foreignKeyText(key)}`);
  const quick = key.validated === false || key.attributes?.notEnforced === true;
  if (quick) return statement(text, { lock: locks.rowExclusive, hazards: [added] });
  const scan = finding(hazardRules.notValidFirst, path, `All rows are checked while both tables refuse writes.`);
  return statement(text, { lock: locks.rowExclusiveLong, cost: 'scan', hazards: [added, scan] });
};

const withoutComment = <Part extends { readonly comment?: string }>({
  comment: _,
  ...rest
}: Part): Omit<Part, 'comment'> => rest;

interface Validated {
  readonly name: string;
  readonly comment?: string;
  readonly validated?: false;
}

/** Validates, or goes back to a constraint that was not validated, which only dropping and adding it can do. */
const alterValidity = <Part extends Validated>(
  table: ObjectName,
  from: Part,
  to: Part,
  add: Statement,
): readonly Statement[] => {
  const comment = commentOn(constraintTarget(table, to.name), to.comment, from.comment);
  if (equal(withoutComment(from), withoutComment(to))) return comment;
  const { validated: _, ...rest } = withoutComment(from) as Part;
  if (from.validated === false && equal(rest, withoutComment(to))) {
    const text = alter(table, `VALIDATE CONSTRAINT ${identifier(to.name)}`);
    return [statement(text, { lock: locks.updateExclusive, cost: 'scan' }), ...comment];
  }
  return [drop(table, from.name), add, ...commentOn(constraintTarget(table, to.name), to.comment)];
};

const dropped = (kind: string, path: string): readonly Finding[] => [
  finding(hazardRules.dropConstraint, path, `The ${kind} ${path} is dropped.`),
];

/** A foreign key needs the unique key it points at, and the server refuses to take that away. */
const referring = (table: ObjectName, key: Unique, { state }: RenderContext): string | undefined => {
  const columns = [...key.columns].sort().join('\0');
  const target = pathOf(table);
  for (const one of state.tables) {
    const found = one.foreignKeys.find(
      ({ references }) => pathOf(references) === target && [...references.columns].sort().join('\0') === columns,
    );
    if (found) return pathOf(one, found.name);
  }
  return undefined;
};

const dropKey = (
  change: ChangeOf<'drop-unique' | 'drop-primary-key'>,
  key: Unique,
  kind: string,
  context: RenderContext,
): readonly Statement[] => {
  const reader = referring(change.table, key, context);
  if (reader) return cannot(change, `the foreign key ${reader} refers to it`);
  return [drop(change.table, key.name, dropped(kind, change.object))];
};

type ConstraintKind =
  | 'add-primary-key'
  | 'drop-primary-key'
  | 'alter-primary-key'
  | 'add-unique'
  | 'drop-unique'
  | 'alter-unique'
  | 'add-foreign-key'
  | 'drop-foreign-key'
  | 'alter-foreign-key'
  | 'add-check'
  | 'drop-check'
  | 'alter-check';

const renamed = (table: ObjectName, from: PrimaryKey, to: PrimaryKey): readonly Statement[] =>
  from.name === to.name
    ? []
    : [statement(alter(table, `RENAME CONSTRAINT ${identifier(from.name)} TO ${identifier(to.name)}`))];

const indexOf = ({ namespace, name: _, ...rest }: ObjectName, { name }: Unique): string =>
  qualified({ ...rest, ...(namespace === undefined ? {} : { namespace }), name });

/** When a foreign key is checked changes in place. */
const deferred = (table: ObjectName, from: ForeignKey, to: ForeignKey): readonly Statement[] => {
  const [before, after] = [from, to].map((key) => deferral(key).join(' '));
  if (before === after) return [];
  return [
    statement(alter(table, `ALTER CONSTRAINT ${identifier(to.name)} ${after === '' ? 'NOT DEFERRABLE' : after}`)),
  ];
};

const alterForeignKey = ({ table, from, to }: ChangeOf<'alter-foreign-key'>): readonly Statement[] => {
  const { deferrable: _, initiallyDeferred: __, ...kept } = from.attributes ?? {};
  const { deferrable, initiallyDeferred } = to.attributes ?? {};
  const attributes: Attributes = {
    ...kept,
    ...(deferrable ? { deferrable } : {}),
    ...(initiallyDeferred ? { initiallyDeferred } : {}),
  };
  const { attributes: ___, ...bare } = from;
  const moved = Object.keys(attributes).length === 0 ? bare : { ...bare, attributes };
  return [...deferred(table, from, to), ...alterValidity(table, moved, to, addForeignKey(table, to))];
};

/** Primary keys, uniques, foreign keys and checks. */
export const constraintRenderers: Renderers<ConstraintKind> = {
  'add-primary-key': ({ table, primaryKey }, context) => addKey(table, primaryKey, 'PRIMARY KEY', context),
  'drop-primary-key': (change, context) => dropKey(change, change.primaryKey, 'primary key', context),
  'alter-primary-key': (change) => {
    const { table, from, to } = change;
    if (!canAlter('primary-key', from, to)) return cannot(change, 'a primary key cannot become another one in place');
    return [
      ...renamed(table, from, to),
      ...storageChanges(indexOf(table, to), from, to),
      ...commentOn(constraintTarget(table, to.name), to.comment, from.comment),
    ];
  },
  'add-unique': ({ table, unique }, context) => addKey(table, unique, 'UNIQUE', context),
  'drop-unique': (change, context) => dropKey(change, change.unique, 'unique constraint', context),
  'alter-unique': (change) => {
    const { table, from, to } = change;
    if (!canAlter('unique', from, to)) return cannot(change, 'a unique constraint cannot become another one in place');
    return [
      ...storageChanges(indexOf(table, to), from, to),
      ...commentOn(constraintTarget(table, to.name), to.comment, from.comment),
    ];
  },
  'add-foreign-key': ({ table, foreignKey }) => [
    addForeignKey(table, foreignKey),
    ...commentOn(constraintTarget(table, foreignKey.name), foreignKey.comment),
  ],
  'drop-foreign-key': ({ table, foreignKey, object }) => [
    drop(table, foreignKey.name, [
      finding(hazardRules.dropForeignKey, object, `The foreign key ${object} is dropped.`),
    ]),
  ],
  'alter-foreign-key': alterForeignKey,
  'add-check': ({ table, check }) => [
    addCheck(table, check),
    ...commentOn(constraintTarget(table, check.name), check.comment),
  ],
  'drop-check': ({ table, check, object }) => [drop(table, check.name, dropped('check', object))],
  'alter-check': ({ table, from, to }) => alterValidity(table, from, to, addCheck(table, to)),
};
