import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type Index, type IndexKey, type ObjectName, pathOf, type Schema } from '@dsem/schema';
import { asBuilt, canAlter } from '../as-built.js';
import { isExclusion, operatorParts } from '../exclusion.js';
import { finding } from '../hazards.js';
import { identifier, identifiers, qualified, splitName } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { alter, constraintTarget } from './alter.js';
import { collationText } from './column-text.js';
import { commentOn } from './comments.js';
import { optionsText, storageChanges } from './options.js';
import { deferral } from './constraint-text.js';
import { marksOn } from './index-marks.js';
import { isBuilt, isPartitioned, takenAlong } from './partition-parts.js';
import { cannot, locks, type Renderers, statement } from './statement.js';

const opclassText = (opclass: string): string => splitName(opclass).map(identifier).join('.');

const operatorText = (operator: string): string => {
  const [schema, name] = operatorParts(operator);
  return schema === undefined ? `WITH ${name}` : `WITH OPERATOR(${identifier(schema)}.${name})`;
};

const keyText = (key: IndexKey, state: Schema): string => {
  const { collation, opclass, operator } = key.attributes ?? {};
  const options = optionsText(key.attributes?.opclassOptions);
  return [
    key.column === undefined ? `(${key.expression ?? ''})` : identifier(key.column),
    ...(typeof collation === 'string' ? [`COLLATE ${collationText(collation, state)}`] : []),
    ...(typeof opclass === 'string' ? [opclassText(opclass)] : []),
    ...(options === undefined ? [] : [`(${options})`]),
    ...(key.order === 'desc' ? ['DESC'] : []),
    ...(key.nulls === undefined ? [] : [`NULLS ${key.nulls.toUpperCase()}`]),
    ...(typeof operator === 'string' ? [operatorText(operator)] : []),
  ].join(' ');
};

/** CREATE INDEX; `online` builds it while the table stays writable. */
export const indexText = (table: ObjectName, index: Index, state: Schema, online: boolean): string => {
  const options = optionsText(index.attributes?.options);
  return [
    'CREATE',
    ...(index.unique ? ['UNIQUE'] : []),
    'INDEX',
    ...(online ? ['CONCURRENTLY'] : []),
    `${identifier(index.name)} ON ${qualified(table)}`,
    ...(index.method === undefined ? [] : [`USING ${identifier(index.method)}`]),
    `(${index.keys.map((key) => keyText(key, state)).join(', ')})`,
    ...(index.include === undefined ? [] : [`INCLUDE (${identifiers(index.include)})`]),
    ...(index.attributes?.nullsNotDistinct ? ['NULLS NOT DISTINCT'] : []),
    ...(options === undefined ? [] : [`WITH (${options})`]),
    ...(index.predicate === undefined ? [] : [`WHERE ${index.predicate}`]),
  ].join(' ');
};

/** An exclusion constraint as it stands in ADD. */
const exclusionText = (index: Index, state: Schema): string => {
  const options = optionsText(index.attributes?.options);
  return [
    `CONSTRAINT ${identifier(index.name)} EXCLUDE USING ${identifier(index.method ?? 'btree')}`,
    `(${index.keys.map((key) => keyText(key, state)).join(', ')})`,
    ...(index.include === undefined ? [] : [`INCLUDE (${identifiers(index.include)})`]),
    ...(options === undefined ? [] : [`WITH (${options})`]),
    ...(index.predicate === undefined ? [] : [`WHERE (${index.predicate})`]),
    ...deferral(index),
  ].join(' ');
};

/** There is no way to add an exclusion constraint online: its index is built while the table is locked. */
const addExclusion = (table: ObjectName, index: Index, state: Schema, quiet: boolean): readonly Statement[] => {
  const path = pathOf(table, index.name);
  const hazards = [
    finding(hazardRules.addExclusion, path, `Rows of ${pathOf(table)} must not exclude each other.`),
    finding(hazardRules.exclusionBlocking, path, `The index of ${path} is built while the table is locked.`),
  ];
  const facts = { lock: locks.exclusiveLong, cost: 'build' as const, hazards: quiet ? [] : hazards };
  return [
    statement(alter(table, `ADD ${exclusionText(index, state)}`), facts),
    ...commentOn(constraintTarget(table, index.name), index.comment),
    ...statisticsChanges(table, asBuilt(index), index),
    ...marksOn(table, index.name, state),
  ];
};

const named = (table: ObjectName, index: Index): string =>
  qualified({ ...(table.namespace === undefined ? {} : { namespace: table.namespace }), name: index.name });

/** An index is built; for a table that nobody uses yet, in the plain form and without a warning. */
export const createIndex = (
  table: ObjectName,
  index: Index,
  state: Schema,
  online: boolean,
  quiet = false,
): readonly Statement[] => {
  if (isExclusion(index)) return addExclusion(table, index, state, quiet);
  const path = pathOf(table, index.name);
  const text = indexText(table, index, state, online);
  const blocking = finding(
    hazardRules.indexBlocking,
    path,
    `Writes to ${pathOf(table)} wait until ${index.name} is built.`,
  );
  const unique = finding(hazardRules.addUnique, path, `Duplicates make the unique index ${path} fail.`);
  const hazards = quiet ? [] : [...(index.unique ? [unique] : []), ...(online ? [] : [blocking])];
  const comment = commentOn(`INDEX ${named(table, index)}`, index.comment);
  const facts = online
    ? { lock: locks.updateExclusive, cost: 'build' as const, transactional: false, hazards }
    : { lock: locks.share, cost: 'build' as const, hazards };
  return [
    statement(text, facts),
    ...statisticsChanges(table, asBuilt(index), index),
    ...comment,
    ...marksOn(table, index.name, state),
  ];
};

/** The index of a partitioned table is made in one statement, which builds only what its partitions do not have yet. */
const makeIndex = (change: ChangeOf<'create-index'>, context: RenderContext): readonly Statement[] => {
  const { table, index } = change;
  const { state, version } = context;
  const online = context.style === 'online';
  if (isExclusion(index)) {
    if (Number(version) < 17 && isPartitioned(table, state))
      cannot(change, `an exclusion constraint of a partitioned table needs PostgreSQL 17, the target has ${version}`);
    return createIndex(table, index, state, false);
  }
  if (!isPartitioned(table, state)) return createIndex(table, index, state, online);
  const taken = takenAlong(table, index, state);
  if (taken !== undefined) return cannot(change, `${taken} is like it and would become a part of it; drop that first`);
  const [made, ...comment] = createIndex(table, index, state, false);
  if (made === undefined || !online || !isBuilt(table, index, state)) return createIndex(table, index, state, false);
  return [statement(made.text, { lock: locks.shareBrief }), ...comment];
};

/** Statistics targets of expressions, from those of an index to those of another one. */
const statisticsChanges = (table: ObjectName, from: Index, to: Index): readonly Statement[] =>
  to.keys.flatMap((key, at) => {
    const [before, after] = [from.keys[at]?.attributes?.['statistics'], key.attributes?.['statistics']];
    if (before === after) return [];
    const target = typeof after === 'number' ? after : -1;
    const words = `ALTER COLUMN ${at + 1} SET STATISTICS ${target}`;
    return [statement(`ALTER INDEX ${named(table, to)} ${words}`, { lock: locks.updateExclusive })];
  });

/** DROP INDEX; `online` lets everyone go on. */
export const dropIndex = (table: ObjectName, index: Index, online: boolean): readonly Statement[] => {
  const path = pathOf(table, index.name);
  if (isExclusion(index)) {
    const gone = finding(hazardRules.dropConstraint, path, `The exclusion constraint ${path} is dropped.`);
    return [statement(alter(table, `DROP CONSTRAINT ${identifier(index.name)}`), { hazards: [gone] })];
  }
  const rule = index.unique ? hazardRules.dropUniqueIndex : hazardRules.dropIndex;
  const hazards = [finding(rule, path, `The index ${path} is dropped.`)];
  if (online) {
    const text = `DROP INDEX CONCURRENTLY IF EXISTS ${named(table, index)}`;
    return [statement(text, { lock: locks.updateExclusive, transactional: false, hazards })];
  }
  const blocking = finding(
    hazardRules.dropIndexBlocking,
    path,
    `Dropping ${path} waits for everyone who uses the table.`,
  );
  return [statement(`DROP INDEX IF EXISTS ${named(table, index)}`, { hazards: [...hazards, blocking] })];
};

const renamed = (table: ObjectName, from: Index, to: Index): readonly Statement[] =>
  from.name === to.name
    ? []
    : [
        statement(`ALTER INDEX ${named(table, from)} RENAME TO ${identifier(to.name)}`, {
          lock: locks.updateExclusive,
        }),
      ];

/** What changes in place; a new name comes with whatever the table says of the index under it. */
const alterIndex: Renderers<'alter-index'>['alter-index'] = (change, { state }) => {
  const { table, from, to } = change;
  if (!canAlter('index', { ...from, name: to.name }, to))
    return cannot(change, 'an index cannot become another one in place');
  const target = isExclusion(to) ? constraintTarget(table, to.name) : `INDEX ${named(table, to)}`;
  return [
    ...renamed(table, from, to),
    ...storageChanges(named(table, to), from, to),
    ...statisticsChanges(table, from, to),
    ...commentOn(target, to.comment, from.comment),
    ...(from.name === to.name ? [] : marksOn(table, to.name, state)),
  ];
};

/** Indexes. */
export const indexRenderers: Renderers<'create-index' | 'drop-index' | 'alter-index'> = {
  'create-index': (change, context) =>
    change.index.valid === false ? cannot(change, 'an index cannot be made invalid') : makeIndex(change, context),
  'drop-index': ({ table, index }, { style, state }) =>
    dropIndex(table, index, style === 'online' && !isPartitioned(table, state)),
  'alter-index': alterIndex,
};
