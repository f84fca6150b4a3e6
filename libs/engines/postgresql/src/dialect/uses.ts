import {
  type Column,
  columnReference,
  type Grant,
  type Index,
  isOwnership,
  namespaceReference,
  objectReference,
  overloadReference,
  type ObjectName,
  type Policy,
  type Reference,
  relationReference,
  routineReference,
  type Routine,
  type Standing,
  type Table,
  type Trigger,
  type TypeDefinition,
  typeReference,
  type Uses,
  type View,
} from '@dsem/schema';
import { aggregateUses } from './aggregate-uses.js';
import { transformKey } from './code-objects.js';
import { operatorsInCode } from './code-operators.js';
import { collationReferences } from './collations.js';
import { serverOf } from './foreign.js';
import { targetOf } from './grants.js';
import { splitName } from './identifiers.js';
import { keyAttributes } from './normalize/partitioning.js';
import { objectKinds } from './objects.js';
import { objectUses, serverReferences } from './object-uses.js';
import { ownedObject, ownedReference } from './owners.js';
import { nameOf } from './parse/names.js';
import { attributesAs, type RoutineAttributes, type TriggerAttributes } from './types/code.js';
import { isRule } from './types/rules.js';
import { type RangeDefinition, rangeOf } from './types/ranges.js';
import { ruleUses } from './rule-uses.js';
import { typeOfTable } from './typed-tables.js';
import { callWithout } from './overloads.js';
import { codeReferences, expressionReferences, queryReferences, typeReferences } from './references.js';

const collation = ({ attributes }: Pick<Column, 'attributes'>): readonly Reference[] =>
  collationReferences(attributes?.['collation']);

const ofColumn = (column: Column, table: ObjectName): readonly Reference[] => [
  ...typeReferences(column.type.native),
  ...collation(column),
  ...expressionReferences(column.default),
  ...expressionReferences(column.generated?.expression, table),
];

/** The operator class that an index names, by its name alone. */
const classReferences = (name: unknown): readonly Reference[] =>
  typeof name === 'string'
    ? [objectReference(objectKinds.operatorClass.kind, { name: splitName(name).at(-1) ?? '' })]
    : [];

const ofIndex = (index: Index, table: ObjectName): readonly Reference[] => [
  ...expressionReferences(index.predicate, table),
  ...index.keys.flatMap((key) => [
    ...expressionReferences(key.expression, table),
    ...collation(key),
    ...classReferences(key.attributes?.['opclass']),
  ]),
];

const ofPartitioning = ({ partitioning }: Table): readonly Reference[] =>
  partitioning === undefined
    ? []
    : keyAttributes(partitioning).flatMap((key, at) => [
        ...collationReferences(key.collation),
        ...classReferences(key.opclass),
        ...(key.expression ? expressionReferences(partitioning.keys[at]) : []),
      ]);

const ofTable = (table: Table): readonly Reference[] => [
  ...ofPartitioning(table),
  ...typeReferences(typeOfTable(table) ?? 'text'),
  ...serverReferences(serverOf(table)),
  ...table.columns.flatMap((column) => ofColumn(column, table)),
  ...table.checks.flatMap((check) => expressionReferences(check.expression, table)),
  ...table.indexes.flatMap((index) => ofIndex(index, table)),
];

const ofView = (view: View): readonly Reference[] => [
  ...queryReferences(view.body.normal),
  ...(view.indexes ?? []).flatMap((index) => ofIndex(index, view)),
  ...Object.values((view.attributes?.['columnDefaults'] ?? {}) as { readonly [column: string]: string }).flatMap(
    (text) => expressionReferences(text),
  ),
];

const ofRange = (range: RangeDefinition | undefined): readonly Reference[] => {
  if (!range) return [];
  const { subtype, subtypeDiff } = range;
  const difference = subtypeDiff?.includes('.') ? [routineReference(nameOf(splitName(subtypeDiff)))] : [];
  return [...typeReferences(subtype), ...collationReferences(range.collation), ...difference];
};

const ofType = (type: TypeDefinition): readonly Reference[] => {
  switch (type.kind) {
    case 'struct':
      return type.fields.flatMap((field) => [...typeReferences(field.type.native), ...collation(field)]);
    case 'domain':
      return [
        ...typeReferences(type.base.native),
        ...collation(type),
        ...expressionReferences(type.default),
        ...type.checks.flatMap((check) => expressionReferences(check.expression)),
      ];
    case 'other':
      return ofRange(rangeOf(type));
    case 'enum':
      return [];
    default:
      return type satisfies never;
  }
};

const ofPolicy = (policy: Policy): readonly Reference[] => [
  ...expressionReferences(policy.using, policy.table),
  ...expressionReferences(policy.check, policy.table),
];

const ofGrant = (grant: Grant): readonly Reference[] => {
  const object = isOwnership(grant) ? ownedObject(grant.on) : undefined;
  if (object !== undefined) return [ownedReference(object)];
  const target = targetOf(grant);
  switch (target.kind) {
    case 'relation':
    case 'sequence':
      return [relationReference(target)];
    case 'column':
    case 'sequence of':
      return [relationReference(target), columnReference(target, target.column)];
    case 'type':
      return [typeReference(target)];
    case 'routine':
      return [overloadReference(target)];
    case 'schema':
      return [namespaceReference(target.name)];
    case 'server':
    case 'foreign-data-wrapper':
      return [objectReference(target.kind, { name: target.name })];
    default:
      return target satisfies never;
  }
};

const ofRoutine = (routine: Routine): readonly Reference[] => {
  const { arguments: args = [], transforms = [], sqlBody } = attributesAs<RoutineAttributes>(routine);
  const result = routine.returns?.replace(/^SETOF /, '');
  return [
    ...(result === undefined ? [] : typeReferences(result)),
    ...args.flatMap(({ type, default: value }) => [...typeReferences(type), ...expressionReferences(value)]),
    ...transforms.flatMap(typeReferences),
    ...transforms.map((type) =>
      objectReference('transform', { name: transformKey({ type, language: routine.language ?? '' }) }),
    ),
    ...(sqlBody ? codeReferences(routine.body.normal) : []),
    ...(routine.kind === 'aggregate' ? aggregateUses(routine) : []),
  ];
};

/** Code in a string is read when it runs; SQL in a string once when the routine is made. */
const namedInCode = (routine: Routine): readonly Reference[] => [
  ...routine.body.uses.flatMap((path): readonly Reference[] => [`relation ${path}`, `routine ${path}`, `type ${path}`]),
  ...operatorsInCode(routine),
];

const ofTrigger = (trigger: Trigger): readonly Reference[] => {
  if (isRule(trigger)) return ruleUses(trigger);
  const { table, body, ...rest } = trigger;
  const { columns = [], when, from } = attributesAs<TriggerAttributes>(rest);
  return [
    ...body.uses.flatMap((path): readonly Reference[] => [`routine ${path}`, callWithout(path)]),
    ...columns.map((column) => columnReference(table, column)),
    ...expressionReferences(when, table),
    ...(from ? [relationReference(from)] : []),
  ];
};

const hardOf = (change: Standing): readonly Reference[] => {
  switch (change.kind) {
    case 'create-table':
    case 'drop-table':
      return ofTable(change.table);
    case 'add-column':
    case 'drop-column':
      return ofColumn(change.column, change.table);
    case 'add-check':
    case 'drop-check':
      return expressionReferences(change.check.expression, change.table);
    case 'create-index':
    case 'drop-index':
      return ofIndex(change.index, change.table);
    case 'create-view':
    case 'drop-view':
      return ofView(change.view);
    case 'create-type':
    case 'drop-type':
      return ofType(change.type);
    case 'create-object':
    case 'drop-object':
      return objectUses(change.value);
    case 'create-grant':
    case 'drop-grant':
      return ofGrant(change.grant);
    case 'create-routine':
    case 'drop-routine':
      return ofRoutine(change.routine);
    case 'create-trigger':
    case 'drop-trigger':
      return ofTrigger(change.trigger);
    case 'create-policy':
    case 'drop-policy':
      return ofPolicy(change.policy);
    default:
      return [];
  }
};

const castPrefix: string = `object ${objectKinds.cast.kind} `;

/** A conversion may be by a cast of the user: nobody can tell by the text alone, and the server notes it nowhere. */
const isCast = (reference: Reference): boolean => reference.startsWith(castPrefix);

/** What names PostgreSQL reads in a noun; one small function per noun. O(nodes of its expressions). */
export const uses = (change: Standing): Uses => {
  const named = hardOf(change);
  return {
    hard: named.filter((one) => !isCast(one)),
    soft: [...named.filter(isCast), ...('routine' in change ? namedInCode(change.routine) : [])],
  };
};
