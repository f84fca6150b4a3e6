import type { RenderContext, Statement } from '@dsem/engine';
import {
  allColumns,
  type Change,
  type ChangeOf,
  descendantsOf,
  type Finding,
  inheritedColumns,
  type ObjectName,
  parentsOf,
  pathOf,
  type Schema,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { exclusionsOf } from '../exclusion.js';
import { finding } from '../hazards.js';
import { identifier, qualified } from '../identifiers.js';
import { defaultPartition, hasCheck, partitionChecks, partitionColumns, standingAs } from '../partition-check.js';
import { hazardRules } from '../rules.js';
import { indexNames, type Mark, marksOf } from '../index-marks.js';
import { markChanges } from './index-marks.js';
import { cannot, locks, type Renderers, statement } from './statement.js';

const attachHazards = (table: Table, context: RenderContext): readonly Finding[] => {
  const { partitionOf } = table;
  const { state } = context;
  if (!partitionOf) return [];
  const path = pathOf(table);
  const checks = partitionChecks(table, context);
  const proved = hasCheck(standingAs(table, state) ?? table, checks?.inside);
  const fallback = partitionOf.bound === 'DEFAULT' ? undefined : defaultPartition(state, partitionOf);
  const scanned = fallback !== undefined && !hasCheck(fallback, checks?.outside);
  return [
    finding(hazardRules.attachPartition, path, `The rows of ${path} are seen through ${pathOf(partitionOf)}.`),
    ...(proved
      ? []
      : [finding(hazardRules.attachScan, path, `All rows of ${path} are read to prove that they belong there.`)]),
    ...(scanned
      ? [
          finding(
            hazardRules.attachScan,
            pathOf(fallback),
            `All rows of ${pathOf(fallback)} are read under an exclusive lock to prove that none belongs to ${path}.`,
          ),
        ]
      : []),
  ];
};

/** ATTACH PARTITION. */
const attachText = ({ partitionOf, ...table }: Table): string =>
  partitionOf
    ? `ALTER TABLE ${qualified({ ...partitionOf })} ATTACH PARTITION ${qualified(table)} ${partitionOf.bound}`
    : '';

/** Checks that were there for the attachment alone. */
const surplus = (from: Table, to: Table, state: Schema): readonly Statement[] => {
  const parent = to.partitionOf && tableFinder(state)(to.partitionOf);
  const kept = new Set([...to.checks, ...(parent?.checks ?? [])].map(({ name }) => name));
  return from.checks
    .filter(({ name }) => !kept.has(name))
    .map(({ name }) => statement(`ALTER TABLE ${qualified(to)} DROP CONSTRAINT ${identifier(name)}`));
};

/** What names a copy of the parent's index can be said only now that the copy is there. */
const copyMarks = (from: Table, to: Table): readonly Statement[] => {
  const { replicaIdentity: identity, clusterOn } = marksOf(from);
  const own = new Set(indexNames(from));
  const said: Mark = {
    ...(typeof identity === 'object' && !own.has(identity.index) ? {} : { replicaIdentity: identity }),
    ...(clusterOn !== undefined && !own.has(clusterOn) ? {} : { clusterOn }),
  } as Mark;
  return markChanges(to, { from: said, to: marksOf(to), isNew: true });
};

/** The server makes a partition's part of an exclusion constraint anew, under the name of the one that is there. */
const ownExclusions = (from: Table, to: Table): readonly Statement[] => {
  const kept = new Set(to.indexes.map(({ name }) => name));
  return exclusionsOf(from)
    .filter(({ name }) => !kept.has(name))
    .map(({ name }) => {
      const path = pathOf(to, name);
      const found = finding(hazardRules.exclusionBlocking, path, `The index of ${path} is built anew under a lock.`);
      return statement(`ALTER TABLE ${qualified(to)} DROP CONSTRAINT ${identifier(name)}`, {
        lock: locks.exclusiveLong,
        cost: 'build',
        hazards: [found],
      });
    });
};

const attach = ({ from, to }: ChangeOf<'attach-partition'>, context: RenderContext): readonly Statement[] => {
  const hazards = attachHazards(to, context);
  const scans = hazards.some(({ hazard }) => hazard === 'lock');
  const facts = scans ? ({ lock: locks.exclusiveLong, cost: 'scan' } as const) : {};
  return [
    ...ownExclusions(from, to),
    statement(attachText(to), { ...facts, hazards }),
    ...surplus(from, to, context.state),
    ...copyMarks(from, to),
  ];
};

const detach = (change: ChangeOf<'detach-partition'>, context: RenderContext): readonly Statement[] => {
  const { from, to, object } = change;
  const { partitionOf } = from;
  if (!partitionOf) return [];
  const text = `ALTER TABLE ${qualified({ ...partitionOf })} DETACH PARTITION ${qualified(from)}`;
  const gone = finding(
    hazardRules.detachPartition,
    object,
    `The rows of ${object} are no longer seen through ${pathOf(partitionOf)}.`,
  );
  const left = partitionChecks(from, context)?.left;
  const keepsCheck = left !== undefined && to.checks.some(({ name }) => name === left.name);
  if (keepsCheck && context.style === 'online')
    return [statement(`${text} CONCURRENTLY`, { lock: locks.updateExclusive, transactional: false, hazards: [gone] })];
  const blocking = finding(
    hazardRules.detachBlocking,
    object,
    `${pathOf(partitionOf)} is locked while ${object} leaves.`,
  );
  return [statement(text, { hazards: [gone, blocking] })];
};

const difference = (of: readonly ObjectName[], others: readonly ObjectName[]): readonly ObjectName[] => {
  const known = new Set(others.map((name) => pathOf(name)));
  return of.filter((name) => !known.has(pathOf(name)));
};

const inherit = (change: ChangeOf<'inherit-parent'>, { state }: RenderContext): readonly Statement[] => {
  const { from, to } = change;
  const find = tableFinder(state);
  const lost = from.columns.find((column) => !to.columns.some(({ name }) => name === column.name));
  const parents = difference(parentsOf(to), parentsOf(from));
  if (lost !== undefined)
    return cannot(
      change,
      `the column ${lost.name} stays the table's own when it inherits; list it in the definition of the table`,
    );
  const dropped = from.checks.find((check) => !to.checks.some(({ name }) => name === check.name));
  if (dropped !== undefined)
    return cannot(
      change,
      `the check ${dropped.name} stays the table's own when it inherits; list it in the definition of the table`,
    );
  const wanted = [...inheritedColumns(to, find).keys()];
  const own = new Set(allColumns(from, find).map(({ name }) => name));
  const missing = wanted.find((name) => !own.has(name));
  if (missing !== undefined) return cannot(change, `it has no column ${missing} of its parent`);
  return parents.map((parent) => statement(`ALTER TABLE ${qualified(to)} INHERIT ${qualified(parent)}`));
};

const leave = ({ from, to, object }: ChangeOf<'leave-parent'>): readonly Statement[] =>
  difference(parentsOf(from), parentsOf(to)).map((parent) =>
    statement(`ALTER TABLE ${qualified(from)} NO INHERIT ${qualified(parent)}`, {
      hazards: [
        finding(
          hazardRules.detachPartition,
          object,
          `The rows of ${object} are no longer seen through ${pathOf(parent)}.`,
        ),
      ],
    }),
  );

const below = (table: ObjectName, state: Schema): readonly Table[] => [
  ...state.tables.filter((one) => pathOf(one) === pathOf(table)),
  ...descendantsOf(state, table),
];

/** Refuses to drop or retype a column that tells partitions apart, or that a parent decides about. */
export const refuseFixed = (change: Change, table: ObjectName, column: string, { state }: RenderContext): void => {
  const split = below(table, state).find((one) => partitionColumns(one).includes(column));
  if (split !== undefined) cannot(change, `it is part of the partition key of ${pathOf(split)}`);
  const own = standingAs(table, state);
  const inherited = own?.inherits !== undefined && inheritedColumns(own, tableFinder(state)).has(column);
  if (inherited) cannot(change, 'the table inherits it as well, so that only the parent can change it');
};

/** Tables that come under a parent and leave it. */
export const familyRenderers: Renderers<'attach-partition' | 'detach-partition' | 'inherit-parent' | 'leave-parent'> = {
  'attach-partition': attach,
  'detach-partition': detach,
  'inherit-parent': inherit,
  'leave-parent': leave,
};
