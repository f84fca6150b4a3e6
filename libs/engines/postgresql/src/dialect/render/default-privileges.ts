import type { RenderContext, Statement } from '@dsem/engine';
import { type Change, type Column, type ObjectName, type Routine } from '@dsem/schema';
import {
  type DefaultObjects,
  type DefaultPrivileges,
  defaultPrivilegesIn,
  defaultPrivilegesKind,
  defaultsFor,
  defaultTargets,
  usualPrivileges,
} from '../default-privileges.js';
import { allPrivileges, everybody, type GrantTarget } from '../grants.js';
import { finding } from '../hazards.js';
import { identifier } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { placed } from '../types.js';
import { type Act, actsBetween, revokeText, versionKnows } from './grants.js';
import type { ObjectRenderer } from './object.js';
import { isMadeAnew } from './routines.js';
import { locks, statement } from './statement.js';

const textOf = ({ verb, privileges, grantable }: Act, of: DefaultPrivileges): string => {
  const whole = privileges.length === allPrivileges[defaultTargets[of.objects]].length;
  const grantee = of.grantee === everybody ? 'PUBLIC' : identifier(of.grantee);
  return [
    'ALTER DEFAULT PRIVILEGES',
    ...(of.role === undefined ? [] : [`FOR ROLE ${identifier(of.role)}`]),
    ...(of.schema === undefined ? [] : [`IN SCHEMA ${identifier(of.schema)}`]),
    `${verb} ${whole ? 'ALL' : privileges.join(', ')} ON ${of.objects.toUpperCase()}`,
    `${verb === 'GRANT' ? 'TO' : 'FROM'} ${grantee}${grantable ? ' WITH GRANT OPTION' : ''}`,
  ].join(' ');
};

const move = (
  from: DefaultPrivileges | undefined,
  to: DefaultPrivileges | undefined,
  path: string,
  context: RenderContext,
): readonly Statement[] => {
  const of = (to ?? from)!;
  const usual = { privileges: usualPrivileges(of), grantable: [] };
  const kind = defaultTargets[of.objects];
  return versionKnows(actsBetween(from ?? usual, to ?? usual), kind, context).map((act) => {
    const lost = `${of.grantee} gets ${act.privileges.join(', ')} on new ${of.objects} no more.`;
    const hazards = act.verb === 'REVOKE' ? [finding(hazardRules.revoke, path, lost)] : [];
    return statement(textOf(act, of), { lock: locks.none, hazards });
  });
};

/** Default privileges. */
export const defaultPrivilegesRenderers: { readonly [kind: string]: ObjectRenderer } = {
  [defaultPrivilegesKind]: {
    create: ({ value, object }, context) => move(undefined, defaultPrivilegesIn(value), object, context),
    drop: ({ value, object }, context) => move(defaultPrivilegesIn(value), undefined, object, context),
    alter: ({ from, to, object }, context) => move(defaultPrivilegesIn(from), defaultPrivilegesIn(to), object, context),
  },
};

type Made = readonly [DefaultObjects, GrantTarget];

const numbered = (table: ObjectName, columns: readonly Column[]): readonly Made[] =>
  columns
    .filter(({ identity }) => identity !== undefined)
    .map(({ name }): Made => ['sequences', { kind: 'sequence of', ...placed(table), column: name }]);

const madeRoutine = (routine: Routine): Made => [
  'functions',
  { kind: 'routine', ...placed(routine), signature: routine.signature },
];

const madeBy = (change: Change): readonly Made[] => {
  switch (change.kind) {
    case 'create-table':
      return [
        ['tables', { kind: 'relation', ...placed(change.table) }],
        ...numbered(change.table, change.table.columns),
      ];
    case 'create-view':
      return [['tables', { kind: 'relation', ...placed(change.view) }]];
    case 'add-column':
      return numbered(change.table, [change.column]);
    case 'create-sequence':
      return [['sequences', { kind: 'sequence', ...placed(change.sequence) }]];
    case 'create-type':
      return [['types', { kind: 'type', ...placed(change.type) }]];
    case 'create-routine':
      return [madeRoutine(change.routine)];
    case 'alter-routine':
      return isMadeAnew(change.from, change.to) ? [madeRoutine(change.to)] : [];
    case 'create-namespace':
      return [['schemas', { kind: 'schema', name: change.namespace.name }]];
    default:
      return [];
  }
};

/** What a new object is made with is taken away again, so that it has what its definition says and nothing else. */
export const withoutDefaults = (change: Change, context: RenderContext): readonly Statement[] => {
  if (!context.state.others.some((one) => one.kind === defaultPrivilegesKind)) return [];
  return madeBy(change).flatMap(([objects, target]) => {
    const schema = 'namespace' in target ? target.namespace : undefined;
    const defaults = defaultsFor(context.state.others, objects, schema);
    const grantees = [...new Set(defaults.map(({ grantee }) => grantee))];
    return grantees.map((grantee) =>
      statement(revokeText(target, grantee, usualPrivileges({ objects, grantee, privileges: [], grantable: [] })), {
        lock: locks.none,
      }),
    );
  });
};
