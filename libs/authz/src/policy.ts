import { actions, type Action, type Role } from '@dsem/api';
import { actorOf, inScope, type Principal } from './principal.js';

export type EnvironmentType = 'development' | 'staging' | 'production' | 'disaster-recovery';

/** What is known about the thing an action is about. A condition whose fact is missing refuses. */
export interface AccessContext {
  readonly environment?: string;
  readonly environmentType?: EnvironmentType;
  /** Whether it makes an environment's policy ask for less than it did, or than its type does. */
  readonly loosens?: boolean;
  /** Actor (`person:ada`) who wrote or requested what is to be approved. */
  readonly author?: string;
  /** Id of the key that is to be rotated. */
  readonly key?: string;
}

/** A grant that holds only for some things. */
export type Condition = (principal: Principal, context: AccessContext) => boolean;

type Grants = Partial<Record<Role, true | Condition>>;

const beforeProduction: Condition = (_, { environmentType }) =>
  environmentType === 'development' || environmentType === 'staging';

/** Who executes in production does not also decide how much has to be agreed to there. */
const unlessLoosened: Condition = (principal, context) =>
  context.loosens !== true || beforeProduction(principal, context);

const byAnother: Condition = (principal, { author }) => author !== undefined && author !== actorOf(principal);

const ownEnvironment: Condition = (principal, { environment }) =>
  environment !== undefined && principal.environments?.includes(environment) === true;

const ownKey: Condition = ({ id }, { key }) => key === id;

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
  'branch:read': people,
  'branch:manage': developing,
  'consumer:read': people,
  'consumer:declare': { ...developing, operator: true },
  'consumer:retire': operating,
  'compatibility:validate': people,
  'compatibility:read': people,
  'waiver:request': developing,
  'waiver:approve': { administrator: byAnother, approver: byAnother },
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
  'environment:retire': operating,
  'drift:resolve': operating,
  'breaker:manage': operating,
  'agent:read': people,
  'agent:enrol': operating,
  'agent:report': { agent: ownEnvironment },
  'agent:revoke': operating,
  'audit:read': { administrator: true, auditor: true, approver: true, operator: true },
  'audit:export': { administrator: true, auditor: true },
  'key:read': { administrator: true, auditor: true },
  'key:issue': administrator,
  'key:rotate': holder,
  'key:revoke': administrator,
  'webhook:read': { ...people },
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
  grantsOf(principal, action).some((grant) => grant === true || grant(principal, context));

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
