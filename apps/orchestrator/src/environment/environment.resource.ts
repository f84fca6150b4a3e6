import type { EnvironmentResource } from '@dsem/api';
import type { EnvironmentState } from './environment.js';

/** What an environment runs, by subject. */
export const revisionsOf = (
  state: EnvironmentState,
  recorded: Readonly<Record<string, string>>,
): EnvironmentResource['revisions'] =>
  Object.values(state.revisions).map(({ subject, version, digest, migration }) => ({
    schema: subject,
    ...(version === undefined ? {} : { version }),
    digest,
    migration,
    recorded: recorded[subject] ?? '',
  }));

/** An environment as REST tells it; `recorded` comes from the read model and may lag a moment. */
export const environmentOf = (
  state: EnvironmentState,
  recorded: Readonly<Record<string, string>>,
): EnvironmentResource => ({
  id: state.name,
  name: state.name,
  type: state.type,
  database: state.engine ?? 'postgresql',
  ...(state.region === undefined ? {} : { region: state.region }),
  ...(state.labels === undefined ? {} : { labels: { ...state.labels } }),
  policy: {
    ...state.policy,
    approverRoles: state.policy.approverRoles as EnvironmentResource['policy']['approverRoles'],
  },
  ...(state.agent === undefined ? {} : { agent: state.agent }),
  breakerOpen: state.breakerOpen,
  retired: state.retired,
  revisions: revisionsOf(state, recorded),
});
