import { actions, type Action, type Role } from '@dsem/api';
import { inScope, type Principal } from './principal.js';

export type EnvironmentType = 'development' | 'staging' | 'production' | 'disaster-recovery';

/** What is known about the thing an action is about. A condition whose fact is missing refuses. */
export interface AccessContext {
  readonly environment?: string;
  readonly environmentType?: EnvironmentType;
  /** Whether it makes an environment's policy ask for less than it did, or than its type does. */
  readonly loosens?: boolean;
  /** Whether it is to happen although something stands in its way. */
  readonly forced?: boolean;
  /** Id of the key that is to be rotated. */
  readonly key?: string;
}

/** A grant that holds only for some things, and how that is told to whoever asks who may. */
export interface Condition {
  readonly says: string;
  readonly holds: (principal: Principal, context: AccessContext) => boolean;
}

type Grants = Partial<Record<Role, true | Condition>>;

const beforeProduction: Condition = {
  says: 'in development and staging',
  holds: (_, { environmentType }) => environmentType === 'development' || environmentType === 'staging',
};

/** Who executes in production does not also decide how much has to be agreed to there. */
const unlessLoosened: Condition = {
  says: 'unless that loosens the policy of production or disaster recovery',
  holds: (principal, context) => context.loosens !== true || beforeProduction.holds(principal, context),
};

const unlessForced: Condition = { says: 'unless by force', holds: (_, { forced }) => forced !== true };

const ownEnvironment: Condition = {
  says: 'in its own environments',
  holds: ({ environments }, { environment }) =>
    environment !== undefined && environments?.includes(environment) === true,
};

const ownKey: Condition = { says: 'the own key', holds: ({ id }, { key }) => key === id };

const administrator: Grants = { administrator: true };
const developing: Grants = { administrator: true, developer: true };
const operating: Grants = { administrator: true, operator: true };
const people: Grants = { administrator: true, developer: true, approver: true, operator: true, auditor: true };
const everybody: Grants = { ...people, agent: true };
const holder: Grants = {
  administrator: ownKey,
  developer: ownKey,
  approver: ownKey,
  operator: ownKey,
  auditor: ownKey,
  agent: ownKey,
};
const rolling: Grants = { ...operating, developer: beforeProduction };

/** The one table: action x role x condition. What has no line here is refused. */
const table: Readonly<Record<Action, Grants>> = {
  'schema:read': everybody,
  'schema:register': developing,
  'schema:update': developing,
  'schema:delete': administrator,
  'consumer:read': people,
  'consumer:declare': { ...developing, operator: true },
  'consumer:retire': operating,
  'compatibility:validate': people,
  'compatibility:read': people,
  'preflight:run': { ...developing, operator: true, approver: true },
  'migration:read': { ...people, agent: ownEnvironment },
  'migration:create': { ...developing, operator: true },
  'migration:approve': { administrator: true, approver: true },
  'migration:execute': rolling,
  'migration:rollback': rolling,
  'migration:cancel': { ...operating, developer: true },
  'migration:pause': { ...operating, approver: true, developer: beforeProduction },
  'migration:resume': rolling,
  'migration:resolve': operating,
  'environment:read': { ...people, agent: ownEnvironment },
  'environment:add': { administrator: true, operator: unlessLoosened },
  'environment:change': { administrator: true, operator: unlessLoosened },
  'environment:sync': rolling,
  'environment:retire': { administrator: true, operator: unlessForced },
  'breaker:manage': operating,
  'audit:read': { administrator: true, auditor: true, approver: true, operator: true },
  'audit:export': { administrator: true, auditor: true },
  'key:read': { administrator: true, auditor: true },
  'key:issue': administrator,
  'key:rotate': holder,
  'key:revoke': administrator,
  'webhook:manage': { ...developing, operator: true },
  'dead-letter:read': { ...operating, auditor: true },
  'dead-letter:replay': operating,
  'self:read': everybody,
};

const grantsOf = (principal: Principal, action: Action): (true | Condition)[] =>
  principal.roles.flatMap((role) => table[action]?.[role] ?? []);

const inReach = (principal: Principal, { environment }: AccessContext): boolean =>
  environment === undefined || principal.environments === undefined || principal.environments.includes(environment);

/** Whether the principal may do the action to the thing described. Denies unless a line of the table allows it. */
export const can = (principal: Principal, action: Action, context: AccessContext = {}): boolean =>
  inScope(principal, action) &&
  inReach(principal, context) &&
  grantsOf(principal, action).some((grant) => grant === true || grant.holds(principal, context));

/** Whether there is anything the principal may do the action to; what a route asks before it knows the thing. */
export const mayEver = (principal: Principal, action: Action): boolean =>
  inScope(principal, action) && grantsOf(principal, action).length > 0;

/** The environments the principal may do the action in, to filter lists by; undefined where all of them. */
export const environmentsOf = (principal: Principal, action: Action): readonly string[] | undefined =>
  principal.environments === undefined && can(principal, action)
    ? undefined
    : (principal.environments ?? []).filter((environment) => can(principal, action, { environment }));

/** Everything the principal may do somewhere, for `GET /api/v1/me` and for what a dashboard shows. */
export const actionsOf = (principal: Principal): Action[] => actions.filter((action) => mayEver(principal, action));

/** Every role that may do the action somewhere, with what it is limited to; for docs/roles.md. */
export const rolesFor = (action: Action): ReadonlyMap<Role, true | string> =>
  new Map(
    (Object.entries(table[action]) as [Role, true | Condition][]).map(([role, grant]) => [
      role,
      grant === true ? grant : grant.says,
    ]),
  );

/** Who may do the action, in a sentence for whoever may not: `administrator, operator, developer (in development)`. */
export const whoMay = (action: Action): string =>
  [...rolesFor(action)].map(([role, limit]) => (limit === true ? role : `${role} (${limit})`)).join(', ');
