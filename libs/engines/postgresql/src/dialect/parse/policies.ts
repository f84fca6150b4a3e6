import type { AlterPolicyStmt, CreatePolicyStmt, Node, SelectStmt } from '@pgsql/types';
import { type ObjectName, onTablePath, pathOf, type Policy } from '@dsem/schema';
import { conditionOf, conditionQuery, resolvedCondition } from '../normalize/conditions.js';
import { relationsIn } from '../normalize/relations.js';
import { stringNodes } from '../normalize/tree.js';
import { nameParts } from '../type-names.js';
import { contradict, type Draft, missing, relationExists, type Site, tableOf, twice } from './draft.js';
import { draftCatalogue } from './draft-catalogue.js';
import { inTheWay } from './in-the-way.js';
import { type Full, relationOf, sameName } from './names.js';
import { visitRelation } from './query-scopes.js';
import { rolesNamed } from './roles.js';

interface Move {
  readonly from: Full;
  readonly to: Full;
}

const ofServer = /^(pg_|information_schema$)/;

/** What conditions read has to be there first, as far as a definition holds it. */
const awaitRelations = (draft: Draft, conditions: readonly (Node | undefined)[], site: Site): void => {
  const absent = relationsIn(conditions).find(
    (name) => !ofServer.test(name.namespace) && !ofServer.test(name.name) && !relationExists(draft, name),
  );
  if (absent) missing('relation', absent, site);
};

type Conditions = Pick<Policy, 'using' | 'check'>;

/** Conditions with every name resolved as it is understood now. */
const conditionsOf = (
  draft: Draft,
  table: Full,
  { qual, with_check }: Pick<CreatePolicyStmt, 'qual' | 'with_check'>,
  site: Site,
): Conditions => {
  awaitRelations(draft, [qual, with_check], site);
  const catalogue = draftCatalogue(draft);
  return {
    ...(qual && { using: resolvedCondition(qual, table, catalogue) }),
    ...(with_check && { check: resolvedCondition(with_check, table, catalogue) }),
  };
};

/** What a policy of one command may say. */
const checkConditions = (policy: Policy, site: Site): void => {
  const path = onTablePath(policy);
  if (policy.command === 'insert' && policy.using !== undefined)
    contradict(`The policy ${path} is for INSERT, where USING has no meaning; write WITH CHECK.`, path, site);
  if (['select', 'delete'].includes(policy.command ?? '') && policy.check !== undefined)
    contradict(`The policy ${path} is for a command that writes no row; WITH CHECK has no meaning.`, path, site);
};

/** CREATE POLICY. */
export const createPolicy = (draft: Draft, statement: CreatePolicyStmt, site: Site): void => {
  const table = relationOf(statement.table);
  tableOf(draft, table, site);
  const roles = rolesNamed(statement.roles, pathOf(table, statement.policy_name ?? ''), site);
  const command = statement.cmd_name ?? 'all';
  const policy: Policy = {
    name: statement.policy_name ?? '',
    table,
    ...(command === 'all' ? {} : { command }),
    ...(roles.length === 0 ? {} : { roles }),
    ...conditionsOf(draft, table, statement, site),
    ...(statement.permissive === true ? {} : { attributes: { restrictive: true } }),
  };
  checkConditions(policy, site);
  const path = onTablePath(policy);
  if (draft.policies.has(path)) twice(`The policy ${path}`, path, site);
  draft.policies.set(path, policy);
};

/** A policy of a table. @throws NotYetDefined when there is none of the name */
const policyNamed = (draft: Draft, table: Full, name: string, site: Site): Policy =>
  draft.policies.get(pathOf(table, name)) ?? missing('policy', { ...table, name: `${table.name}.${name}` }, site);

/** ALTER POLICY: what is not said stays. */
export const alterPolicy = (draft: Draft, statement: AlterPolicyStmt, site: Site): void => {
  const table = relationOf(statement.table);
  const { roles: earlier, ...policy } = policyNamed(draft, table, statement.policy_name ?? '', site);
  const said = statement.roles && rolesNamed(statement.roles, onTablePath(policy), site);
  const roles = said ?? earlier ?? [];
  const altered: Policy = {
    ...policy,
    ...(roles.length === 0 ? {} : { roles }),
    ...conditionsOf(draft, table, statement, site),
  };
  checkConditions(altered, site);
  draft.policies.set(onTablePath(altered), altered);
};

/** ALTER POLICY ... RENAME. */
export const renamePolicy = (draft: Draft, table: Full, from: string, to: string, site: Site): void => {
  const policy = policyNamed(draft, table, from, site);
  const renamed = { ...policy, name: to };
  const path = onTablePath(renamed);
  if (draft.policies.has(path)) twice(`The policy ${path}`, path, site);
  draft.policies.delete(onTablePath(policy));
  draft.policies.set(path, renamed);
};

/** Takes the policies of a table out of the draft along with it. */
export const dropPoliciesOn = (draft: Draft, table: ObjectName): void => {
  for (const [key, policy] of draft.policies) if (sameName(policy.table, table)) draft.policies.delete(key);
};

const conditions = ({ using, check }: Policy): readonly string[] => [using, check].filter((text) => text !== undefined);

const readsRelation = (policy: Policy, name: Full): boolean =>
  conditions(policy).some(
    (text) =>
      text.includes(name.name) &&
      relationsIn(conditionQuery(text, policy.table).whereClause).some((one) => sameName(one, name)),
  );

const namesColumn = (policy: Policy, table: Full, column: string): boolean => {
  let found = false;
  for (const text of conditions(policy).filter((one) => one.includes(column))) {
    visitRelation(conditionQuery(text, policy.table), table, {
      reference: (_reference, name) => (found ||= name === column),
      merge: () => undefined,
    });
  }
  return found;
};

/** Policies of other tables that read a relation. O(policies), most of it a search in texts. */
export const policiesReading = (draft: Draft, name: Full): readonly Policy[] =>
  [...draft.policies.values()].filter((policy) => !sameName(policy.table, name) && readsRelation(policy, name));

/** Policies that read a relation go along with it by CASCADE. */
export const dropPoliciesReading = (draft: Draft, name: Full): void => {
  for (const policy of policiesReading(draft, name)) draft.policies.delete(onTablePath(policy));
};

/** Policies that name a column go along with it, or stand in its way. */
export const dropPoliciesNaming = (draft: Draft, table: Full, column: string, cascade: boolean, site: Site): void => {
  for (const policy of [...draft.policies.values()].filter((one) => namesColumn(one, table, column))) {
    const path = pathOf(table, column);
    if (!cascade) inTheWay(`The column ${path}`, `the policy ${onTablePath(policy)} names it`, path, site);
    draft.policies.delete(onTablePath(policy));
  }
};

/** Every policy with its conditions as `change` makes them. */
const mapConditions = (draft: Draft, change: (text: string, policy: Policy) => string): void => {
  for (const [key, policy] of draft.policies) {
    const { using, check } = policy;
    const made: Policy = {
      ...policy,
      ...(using === undefined ? {} : { using: change(using, policy) }),
      ...(check === undefined ? {} : { check: change(check, policy) }),
    };
    if (made.using !== using || made.check !== check) draft.policies.set(key, made);
  }
};

/** Lets conditions follow the new name of a column. */
export const renameInPolicies = (draft: Draft, table: Full, from: string, to: string): void =>
  mapConditions(draft, (text, policy) => {
    if (!text.includes(from)) return text;
    const query = conditionQuery(text, policy.table);
    visitRelation(query, table, {
      reference: (reference, column) => {
        if (column === from) reference.fields = [...(reference.fields ?? []).slice(0, -1), ...stringNodes([to])];
      },
    });
    return conditionOf(query);
  });

/** A table read again inside a condition is called by its name and a number, which follow the table's new name. */
const renumber = (query: SelectStmt, { from, to }: Move): void => {
  const renamed = (alias: string): string | undefined => {
    const number = alias.startsWith(`${from.name}_`) ? alias.slice(from.name.length) : '';
    return /^_\d+$/.test(number) ? `${to.name}${number}` : undefined;
  };
  visitRelation(query, from, {
    source: ({ alias }) => {
      if (alias?.aliasname !== undefined) alias.aliasname = renamed(alias.aliasname) ?? alias.aliasname;
    },
    reference: (reference) => {
      const [alias = '', ...rest] = nameParts(reference.fields);
      const fresh = renamed(alias);
      if (fresh !== undefined) reference.fields = stringNodes([fresh, ...rest]);
    },
  });
};

/** Lets conditions follow something that `change` does to a query; policies stand on their tables' new names already. */
export const followInPolicies = (draft: Draft, move: Move, change: (query: SelectStmt) => void): void =>
  mapConditions(draft, (text, policy) => {
    if (!text.includes(move.from.name)) return text;
    const query = conditionQuery(text, sameName(policy.table, move.to) ? move.from : policy.table);
    renumber(query, move);
    change(query);
    return conditionOf(query);
  });
