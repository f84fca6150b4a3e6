import type { ItemOf } from 'schema-evolution-sdk';
import type { Verb } from '../context.js';
import { fields, listing } from '../human/resource.js';
import { given, remote, several, take, whole } from './remote.js';

type Key = ItemOf<'listKeys'>;

const members = (key: Key): readonly (readonly [string, string | readonly string[] | undefined])[] => [
  ['key', key.id],
  ['name', key.name],
  ['kind', key.kind],
  ['roles', key.roles],
  ['scopes', key.scopes],
  ['environments', key.environments],
  ['expires', key.expires],
  ['revoked', key.revoked],
];

interface IssueOptions {
  readonly role: readonly string[];
  readonly kind: Key['kind'];
  readonly scope?: readonly string[];
  readonly environment?: readonly string[];
  readonly days?: number;
}

const issue: Verb = (command, run) => {
  command
    .argument('<name>', 'whose or what for')
    .requiredOption('--role <roles>', 'administrator, developer, approver, operator, auditor, agent; several', several)
    .addOption(
      command.createOption('--kind <kind>', 'who holds it').choices(['user', 'service', 'agent']).default('user'),
    )
    .option('--scope <actions>', 'narrows the roles to these actions, as migration:*; several', several)
    .option('--environment <names>', 'the only ones it may touch; several', several)
    .option('--days <n>', 'how long it lives', whole)
    .action(
      remote<IssueOptions, [string]>(run, async (client, { options }, name) => {
        const { role, kind, scope, environment, days } = options;
        const body = {
          name,
          kind,
          roles: [...role] as Key['roles'],
          ...given({
            scopes: scope === undefined ? undefined : [...scope],
            environments: environment === undefined ? undefined : [...environment],
            expiresInDays: days,
          }),
        };
        const key = await client.call('issueKey', { body });
        return {
          json: key,
          human: (paint) =>
            `${fields(members(key), paint)}\n${key.secret}\n${paint.yellow('This key is shown once.')}\n`,
        };
      }),
    );
};

const list: Verb = (command, run) => {
  command.option('--limit <n>', 'at most so many', whole, 100).action(
    remote<{ readonly limit: number }>(run, async (client, { options }) => {
      const items = await take<'listKeys'>(client.list('listKeys'), options.limit);
      const head = ['key', 'name', 'kind', 'roles', 'expires', 'revoked', 'last used'];
      return {
        json: { items },
        human: (paint) =>
          listing(
            head,
            items.map((key) => [key.id, key.name, key.kind, key.roles, key.expires, key.revoked, key.lastUsed]),
            paint,
          ),
      };
    }),
  );
};

const revoke: Verb = (command, run) => {
  command.argument('<key>', 'its id').action(
    remote<object, [string]>(run, async (client, _, id) => {
      await client.call('revokeKey', { params: { id } });
      return { json: { id, revoked: true }, human: () => `${id} is revoked.\n` };
    }),
  );
};

/** `dsem key issue|list|revoke` */
export const key: Verb = (command, run) => {
  issue(command.command('issue').summary('issue an API key; its secret is shown once'), run);
  list(command.command('list').summary('list API keys, without secrets'), run);
  revoke(command.command('revoke').summary('revoke an API key at once'), run);
};
