import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type Check, type DomainType, equal, type Finding, pathOf, type Schema } from '@dsem/schema';
import { finding } from '../hazards.js';
import { expressionTree, printTree } from '../grammar.js';
import { identifier, qualified } from '../identifiers.js';
import { nativeOf } from '../normalize/known-types.js';
import { rewrite, stringNodes } from '../normalize/tree.js';
import { hazardRules } from '../rules.js';
import { nameParts } from '../type-names.js';
import { columnsOfTypes, madeOf, type TypeUser } from '../type-users.js';
import { commentOn } from './comments.js';
import { rebuildType } from './rebuild-type.js';
import { cannot, locks, statement } from './statement.js';
import { domainCheckText, domainConstraint } from './type-text.js';

type AlterType = ChangeOf<'alter-type'>;

/** Whether only a new domain can have the other base or collation. */
export const isRebased = (from: DomainType, to: DomainType): boolean =>
  from.base.native !== to.base.native || from.attributes?.collation !== to.attributes?.collation;

const usersOf = (domain: DomainType, state: Schema): readonly TypeUser[] =>
  columnsOfTypes([domain, ...madeOf(domain, state)], state);

/** The server checks values in columns of a domain, and refuses where they stand inside arrays, composites or ranges. */
const refuseContained = (change: AlterType, domain: DomainType, state: Schema): void => {
  const names = new Set(
    [domain, ...madeOf(domain, state)].filter(({ kind }) => kind === 'domain').map((type) => nativeOf(type)),
  );
  const held = usersOf(domain, state).find(({ column }) => !names.has(column.type.native));
  if (held) cannot(change, `PostgreSQL cannot check its values inside ${pathOf(held.table, held.column.name)}`);
};

/** The condition of a check about a column instead of the value. */
const onColumn = (expression: string, column: string): string =>
  printTree(
    rewrite(expressionTree(expression), (node) =>
      'ColumnRef' in node && nameParts(node.ColumnRef.fields).join('.') === 'value'
        ? { ColumnRef: { fields: stringNodes([column]) } }
        : node,
    ),
  );

const violations = (check: Check, users: readonly TypeUser[]): string =>
  users
    .map(
      ({ table, column }) =>
        `SELECT count(*) FROM ${qualified(table)} WHERE NOT (${onColumn(check.expression, column.name)})`,
    )
    .join('; ');

const checkHazards = (domain: DomainType, check: Check, state: Schema): readonly Finding[] => {
  const users = usersOf(domain, state);
  const path = pathOf(domain, check.name);
  if (users.length === 0) return [];
  const fix = `Look for violating rows: ${violations(check, users)}`;
  const added = finding(hazardRules.addCheck, path, `Values of the domain must satisfy ${check.expression}.`, fix);
  if (check.validated === false) return [added];
  return [added, finding(hazardRules.domainConstraint, path, `All rows of ${users.length} columns are checked.`)];
};

const alter = (domain: DomainType, what: string): string => `ALTER DOMAIN ${qualified(domain)} ${what}`;

const addCheck = (change: AlterType, domain: DomainType, check: Check, state: Schema): readonly Statement[] => {
  const quick = check.validated === false;
  if (!quick) refuseContained(change, domain, state);
  const hazards = checkHazards(domain, check, state);
  const facts = quick ? { lock: locks.none, hazards } : { lock: locks.share, cost: 'scan' as const, hazards };
  return [
    statement(alter(domain, `ADD ${domainCheckText(check)}`), facts),
    ...commentOn(domainConstraint(domain, check.name), check.comment),
  ];
};

const dropCheck = (domain: DomainType, check: Check): Statement => {
  const path = pathOf(domain, check.name);
  return statement(alter(domain, `DROP CONSTRAINT ${identifier(check.name)}`), {
    lock: locks.none,
    hazards: [finding(hazardRules.dropConstraint, path, `The check ${path} is dropped.`)],
  });
};

const bare = ({ comment: _, validated: __, ...check }: Check): Omit<Check, 'comment' | 'validated'> => check;

const alterCheck = (
  change: AlterType,
  domain: DomainType,
  [from, to]: readonly [Check, Check],
  { state }: RenderContext,
): readonly Statement[] => {
  const comment = commentOn(domainConstraint(domain, to.name), to.comment, from.comment);
  if (equal(bare(from), bare(to)) && from.validated === to.validated) return comment;
  if (!equal(bare(from), bare(to)) || from.validated !== false)
    return [dropCheck(domain, from), ...addCheck(change, domain, to, state)];
  refuseContained(change, domain, state);
  const text = alter(domain, `VALIDATE CONSTRAINT ${identifier(to.name)}`);
  return [statement(text, { lock: locks.share, cost: 'scan' }), ...comment];
};

/** Checks by their role: the same name, the same condition under a new name, gone and new. */
const paired = (from: DomainType, to: DomainType) => {
  const old = new Map(from.checks.map((check) => [check.name, check]));
  const fresh = new Map(to.checks.map((check) => [check.name, check]));
  const gone = from.checks.filter(({ name }) => !fresh.has(name));
  const renamed = to.checks.flatMap((check) => {
    if (old.has(check.name)) return [];
    const at = gone.findIndex((one) => one.expression === check.expression && one.validated === check.validated);
    return at < 0 ? [] : [[gone.splice(at, 1)[0]!, check] as const];
  });
  const moved = new Set(renamed.map(([, check]) => check));
  return {
    gone,
    renamed,
    kept: to.checks.flatMap((check) => (old.has(check.name) ? [[old.get(check.name)!, check] as const] : [])),
    added: to.checks.filter((check) => !old.has(check.name) && !moved.has(check)),
  };
};

const alterChecks = (
  change: AlterType,
  from: DomainType,
  to: DomainType,
  context: RenderContext,
): readonly Statement[] => {
  const { gone, renamed, kept, added } = paired(from, to);
  return [
    ...gone.map((check) => dropCheck(to, check)),
    ...renamed.flatMap(([old, check]) => [
      statement(alter(to, `RENAME CONSTRAINT ${identifier(old.name)} TO ${identifier(check.name)}`), {
        lock: locks.none,
      }),
      ...commentOn(domainConstraint(to, check.name), check.comment, old.comment),
    ]),
    ...kept.flatMap((pair) => alterCheck(change, to, pair, context)),
    ...added.flatMap((check) => addCheck(change, to, check, context.state)),
  ];
};

const setNotNull = (change: AlterType, domain: DomainType, state: Schema): Statement => {
  refuseContained(change, domain, state);
  const users = usersOf(domain, state);
  const path = pathOf(domain);
  const queries = users.map(
    ({ table, column }) => `SELECT count(*) FROM ${qualified(table)} WHERE ${identifier(column.name)} IS NULL`,
  );
  const hazards =
    users.length === 0
      ? []
      : [
          finding(hazardRules.setNotNull, path, `${path} becomes NOT NULL.`, `Look for NULLs: ${queries.join('; ')}`),
          finding(hazardRules.domainConstraint, path, `All rows of ${users.length} columns are checked.`),
        ];
  return statement(alter(domain, 'SET NOT NULL'), { lock: locks.share, cost: 'scan', hazards });
};

const alterDefault = (from: DomainType, to: DomainType): readonly Statement[] => {
  const path = pathOf(to);
  if (from.default === to.default) return [];
  if (to.default === undefined) {
    const hazards = [finding(hazardRules.dropDefault, path, `${path} loses its default.`)];
    return [statement(alter(to, 'DROP DEFAULT'), { lock: locks.none, hazards })];
  }
  const hazards =
    from.default === undefined ? [] : [finding(hazardRules.changeDefault, path, `${path} gets another default.`)];
  return [statement(alter(to, `SET DEFAULT ${to.default}`), { lock: locks.none, hazards })];
};

const alterNullable = (change: AlterType, from: DomainType, to: DomainType, state: Schema): readonly Statement[] => {
  if (from.nullable === to.nullable) return [];
  if (!to.nullable) return [setNotNull(change, to, state)];
  const hazards = [finding(hazardRules.dropNotNull, pathOf(to), `${pathOf(to)} may become NULL.`)];
  return [statement(alter(to, 'DROP NOT NULL'), { lock: locks.none, hazards })];
};

/** A domain in place; another base or collation takes a new domain. */
export const alterDomain = (
  change: AlterType,
  from: DomainType,
  to: DomainType,
  context: RenderContext,
): readonly Statement[] => {
  if (isRebased(from, to)) {
    const message = `The domain ${change.object} changes from ${from.base.native} to ${to.base.native}.`;
    return rebuildType(change, context, [finding(hazardRules.typeVisible, change.object, message)]);
  }
  return [
    ...alterDefault(from, to),
    ...alterNullable(change, from, to, context.state),
    ...alterChecks(change, from, to, context),
    ...commentOn(`DOMAIN ${qualified(to)}`, to.comment, from.comment),
  ];
};
