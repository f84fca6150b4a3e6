import type { ApiClient, ItemOf } from 'schema-evolution-sdk';
import type { Verb } from '../context.js';
import { sentence } from '../human/sentences.js';
import { printable } from '../output/printable.js';
import { table } from '../output/table.js';
import { remote, take } from './remote.js';

type Entry = ItemOf<'listAuditEntries'>;

const limit = 10_000;

const entriesOf = (client: ApiClient, query: { stream?: string; correlationId?: string }): Promise<readonly Entry[]> =>
  take<'listAuditEntries'>(client.list('listAuditEntries', { query }), limit);

/** Everything that the migration and its rollout caused: their streams, and what shares a correlation with them. */
const story = async (client: ApiClient, id: string): Promise<readonly Entry[]> => {
  const { rollout } = await client.call('getMigration', { params: { id } });
  const streams = [`migration-${id}`, ...(rollout === undefined ? [] : [`rollout-${rollout}`])];
  const own = (await Promise.all(streams.map((stream) => entriesOf(client, { stream })))).flat();
  const correlations = [...new Set(own.map(({ correlationId }) => correlationId))];
  const caused = await Promise.all(correlations.map((correlationId) => entriesOf(client, { correlationId })));
  const all = new Map([...own, ...caused.flat()].map((entry) => [entry.index, entry]));
  return [...all.values()].sort((a, b) => timeOf(a).localeCompare(timeOf(b)) || a.index - b.index);
};

const dataOf = ({ envelope }: Entry): Readonly<Record<string, unknown>> => {
  const { data } = envelope as { data?: unknown };
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
};

const timeOf = ({ envelope, receivedAt }: Entry): string => {
  const { time } = envelope as { time?: unknown };
  return typeof time === 'string' ? time : receivedAt;
};

/** `dsem explain MIGRATION` */
export const explain: Verb = (command, run) => {
  command.argument('<migration>').action(
    remote<object, [string]>(run, async (client, _, id) => {
      const told = (await story(client, id)).map((entry) => ({
        entry: entry.index,
        time: timeOf(entry),
        actor: entry.actor,
        event: entry.event,
        sentence: sentence(entry.event, dataOf(entry)),
      }));
      const rows = told.map(({ time, actor, sentence: text }) => [time, actor, text].map(printable));
      return {
        json: { migration: id, story: told },
        human: () => (rows.length === 0 ? 'The trail holds nothing about it yet.\n' : table([], rows)),
      };
    }),
  );
};
