import type { ItemOf } from 'schema-evolution-sdk';
import type { Verb } from '../context.js';
import { fields, listing } from '../human/resource.js';
import { usage } from '../problem.js';
import { remote, take, whole } from './remote.js';

interface ListOptions {
  readonly limit: number;
  readonly search?: string;
  readonly owner?: string;
}

const versionHead = ['version', 'number', 'bump', 'author', 'registered', 'digest'];
const versionRow = (version: ItemOf<'listVersions'>): readonly (string | number)[] => [
  version.version,
  version.number,
  version.bump,
  version.author,
  version.registered,
  version.digest,
];

const list: Verb = (command, run) => {
  command
    .option('--search <text>', 'part of the name')
    .option('--owner <team>', 'only this owner')
    .option('--limit <n>', 'at most so many', whole, 100)
    .action(
      remote<ListOptions>(run, async (client, { options: { limit, search, owner } }) => {
        const query = { ...(search !== undefined && { search }), ...(owner !== undefined && { owner }) };
        const items = await take<'listSchemas'>(client.list('listSchemas', { query }), limit);
        const rows = items.map((schema) => [
          schema.id,
          schema.database,
          schema.newest?.version,
          schema.versions,
          schema.compatibility,
          schema.owner,
        ]);
        const head = ['schema', 'engine', 'newest', 'versions', 'mode', 'owner'];
        return { json: { items }, human: (paint) => listing(head, rows, paint) };
      }),
    );
};

const show: Verb = (command, run) => {
  command.argument('<schema[@version]>', 'which, as shop or shop@1.2.0').action(
    remote<object, [string]>(run, async (client, _, which) => {
      const [id = '', version] = which.split('@');
      if (version !== undefined) {
        const found = await client.call('getVersion', { params: { id, version } });
        const members = [...versionHead.map((name, at) => [name, versionRow(found)[at]] as const)];
        const because = ['because', found.bumpedBecause] as const;
        return { json: found, human: (paint) => fields([...members, because, ['reason', found.reason]], paint) };
      }
      const schema = await client.call('getSchema', { params: { id } });
      const { newest, ...rest } = schema;
      return {
        json: schema,
        human: (paint) =>
          fields(
            [
              ['schema', rest.id],
              ['engine', rest.database],
              ['mode', rest.compatibility],
              ['owner', rest.owner],
              ['description', rest.description],
              ['versions', rest.versions],
              ['newest', newest?.version],
              ['digest', newest?.digest],
              ['archived', rest.archived],
            ],
            paint,
          ),
      };
    }),
  );
};

const versions: Verb = (command, run) => {
  command
    .argument('<schema>')
    .option('--limit <n>', 'at most so many', whole, 100)
    .action(
      remote<{ readonly limit: number }, [string]>(run, async (client, { options }, id) => {
        const items = await take<'listVersions'>(client.list('listVersions', { params: { id } }), options.limit);
        return { json: { items }, human: (paint) => listing(versionHead, items.map(versionRow), paint) };
      }),
    );
};

const remove: Verb = (command, run) => {
  command.argument('<schema>').action(
    remote<object, [string]>(run, async (client, { options }, id) => {
      if (options.yes !== true) throw usage(`Archiving ${id} needs --yes.`);
      await client.call('deleteSchema', { params: { id }, ifMatch: '*' });
      return { json: { id, archived: true }, human: () => `${id} is archived; its history stays.\n` };
    }),
  );
};

/** `dsem schema list|show|versions|delete` */
export const schema: Verb = (command, run) => {
  list(command.command('list').summary('list schemas'), run);
  show(command.command('show').summary('show a schema or one of its versions'), run);
  versions(command.command('versions').summary('list the versions of a schema, newest first'), run);
  remove(command.command('delete').summary('archive a schema'), run);
};
