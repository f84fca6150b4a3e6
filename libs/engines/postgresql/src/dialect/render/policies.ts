import type { Statement } from '@dsem/engine';
import { type ChangeOf, equal, onTablePath, type Policy } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, identifiers, qualified } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { type Renderers, statement } from './statement.js';

const target = (policy: Policy): string => `${identifier(policy.name)} ON ${qualified(policy.table)}`;

const rolesText = ({ roles = [] }: Policy): string => (roles.length === 0 ? 'PUBLIC' : identifiers(roles));

const changed = (policy: Policy, word: string) => [
  finding(hazardRules.changePolicy, onTablePath(policy), `The policy ${onTablePath(policy)} is ${word}.`),
];

const createText = (policy: Policy): string =>
  [
    `CREATE POLICY ${target(policy)}`,
    ...(policy.attributes?.['restrictive'] === true ? ['AS RESTRICTIVE'] : []),
    ...(policy.command === undefined ? [] : [`FOR ${policy.command.toUpperCase()}`]),
    ...(policy.roles === undefined ? [] : [`TO ${rolesText(policy)}`]),
    ...(policy.using === undefined ? [] : [`USING (${policy.using})`]),
    ...(policy.check === undefined ? [] : [`WITH CHECK (${policy.check})`]),
  ].join(' ');

const create = (policy: Policy, hazards = changed(policy, 'added')): readonly Statement[] => [
  statement(createText(policy), { hazards }),
  ...commentOn(`POLICY ${target(policy)}`, policy.comment),
];

const dropText = (policy: Policy): string => `DROP POLICY ${target(policy)}`;

/** The command, the kind and the presence of a condition of a policy cannot change. */
const isAlterable = (from: Policy, to: Policy): boolean =>
  from.command === to.command &&
  equal(from.attributes ?? {}, to.attributes ?? {}) &&
  (from.using === undefined) === (to.using === undefined) &&
  (from.check === undefined) === (to.check === undefined);

const alter = ({ from, to }: ChangeOf<'alter-policy'>): readonly Statement[] => {
  const hazards = changed(to, 'changed');
  if (!isAlterable(from, to)) return [statement(dropText(from)), ...create(to, hazards)];
  const text = [
    ...(equal(from.roles ?? [], to.roles ?? []) ? [] : [`TO ${rolesText(to)}`]),
    ...(from.using === to.using ? [] : [`USING (${to.using})`]),
    ...(from.check === to.check ? [] : [`WITH CHECK (${to.check})`]),
  ].join(' ');
  return [
    ...(text === '' ? [] : [statement(`ALTER POLICY ${target(to)} ${text}`, { hazards })]),
    ...commentOn(`POLICY ${target(to)}`, to.comment, from.comment),
  ];
};

/** Row security policies. */
export const policyRenderers: Renderers<'create-policy' | 'drop-policy' | 'alter-policy'> = {
  'create-policy': ({ policy }) => create(policy),
  'drop-policy': ({ policy }) => [statement(dropText(policy), { hazards: changed(policy, 'dropped') })],
  'alter-policy': alter,
};
