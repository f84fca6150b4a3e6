import type { ItemOf } from 'schema-evolution-sdk';
import type { Verb } from '../context.js';
import { listing } from '../human/resource.js';
import { given, remote, several, take, whole } from './remote.js';

interface DeclareOptions {
  readonly schema: string;
  readonly release?: string;
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly environment?: readonly string[];
  readonly owner?: string;
}

const head = ['consumer', 'version', 'schema', 'reads', 'writes', 'environments', 'retired'];
const rowsOf = ({
  name,
  contracts,
}: ItemOf<'listConsumers'>): readonly (readonly (string | boolean | readonly string[])[])[] =>
  contracts.map(({ version, schema, reads, writes, environments, retired }) => [
    name,
    version,
    schema,
    reads,
    writes,
    environments,
    retired,
  ]);

const declare: Verb = (command, run) => {
  command
    .argument('<name>', 'the service')
    .requiredOption('--schema <name>', 'the schema it uses')
    .option('--version, --release <version>', "the service's own version")
    .option('--reads <paths>', 'objects or columns, as public.users.email; several', several)
    .option('--writes <paths>', 'the same for writing', several)
    .option('--environment <names>', 'where it runs; several', several)
    .option('--owner <team>', 'who answers for it')
    .action(
      remote<DeclareOptions, [string]>(run, async (client, { options }, name) => {
        const { schema, release, owner, reads = [], writes = [], environment = [] } = options;
        const sets = { reads: [...reads], writes: [...writes], environments: [...environment] };
        const body = { name, schema, ...sets, ...given({ version: release, owner }) };
        const consumer = await client.call('declareConsumer', { body });
        return { json: consumer, human: (paint) => listing(head, rowsOf(consumer), paint) };
      }),
    );
};

const list: Verb = (command, run) => {
  command
    .option('--schema <name>', 'only consumers of this schema')
    .option('--limit <n>', 'at most so many', whole, 100)
    .action(
      remote<{ readonly schema?: string; readonly limit: number }>(
        run,
        async (client, { options: { schema, limit } }) => {
          const items = await take<'listConsumers'>(client.list('listConsumers', { query: given({ schema }) }), limit);
          return { json: { items }, human: (paint) => listing(head, items.flatMap(rowsOf), paint) };
        },
      ),
    );
};

const retire: Verb = (command, run) => {
  command
    .argument('<name>')
    .option('--version, --release <version>', 'only this version of the service')
    .option('--reason <text>', 'why')
    .action(
      remote<{ readonly release?: string; readonly reason?: string }, [string]>(
        run,
        async (client, { options }, id) => {
          const body = given({ version: options.release, reason: options.reason });
          const consumer = await client.call('retireConsumer', { params: { id }, body });
          return { json: consumer, human: (paint) => listing(head, rowsOf(consumer), paint) };
        },
      ),
    );
};

/** `dsem consumer declare|list|retire` */
export const consumer: Verb = (command, run) => {
  declare(command.command('declare').summary('say what a service reads and writes'), run);
  list(command.command('list').summary('list consumers and their contracts'), run);
  retire(command.command('retire').summary('say that a service runs nowhere any more'), run);
};
