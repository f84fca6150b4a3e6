import type { ItemOf } from 'schema-evolution-sdk';
import type { Verb } from '../context.js';
import { listing } from '../human/resource.js';
import { given, remote, take, whole } from './remote.js';

interface ListOptions {
  readonly correlation?: string;
  readonly stream?: string;
  readonly event?: string;
  readonly limit: number;
}

const row = (entry: ItemOf<'listAuditEntries'>): readonly (string | number)[] => [
  entry.index,
  entry.receivedAt,
  entry.actor,
  entry.event,
  entry.stream,
  entry.correlationId,
];

const list: Verb = (command, run) => {
  command
    .option('--correlation <id>', 'only what belongs together under this id')
    .option('--stream <id>', 'only this stream, as migration-<id>')
    .option('--event <name>', 'only this kind of event')
    .option('--limit <n>', 'at most so many', whole, 100)
    .action(
      remote<ListOptions>(run, async (client, { options: { correlation, stream, event, limit } }) => {
        const query = given({ correlationId: correlation, stream, event });
        const items = await take<'listAuditEntries'>(client.list('listAuditEntries', { query }), limit);
        const head = ['entry', 'time', 'actor', 'event', 'stream', 'correlation'];
        return { json: { items }, human: (paint) => listing(head, items.map(row), paint) };
      }),
    );
};

const exportTrail: Verb = (command, run) => {
  command.addHelpText('after', '\nWrite it with --output-file; check it with `dsem verify`.').action(
    remote<object>(run, async (client, { io, options }) => {
      const trail = await client.call('exportAudit');
      if (options.outputFile === undefined) io.stdout.write(trail);
      else {
        const { writeBody } = await import('../output/emit.js');
        await writeBody(options.outputFile, trail, io);
      }
      return 'fine';
    }),
  );
};

/** `dsem audit list|export` */
export const audit: Verb = (command, run) => {
  list(command.command('list').summary('list entries of the trail, in order'), run);
  exportTrail(command.command('export').summary('export the whole trail with signed checkpoints'), run);
};
