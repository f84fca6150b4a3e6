import type { ApiClient, ItemOf } from 'schema-evolution-sdk';
import type { Verb } from '../context.js';
import { fields, listing } from '../human/resource.js';
import { indent } from '../output/table.js';
import { printable } from '../output/printable.js';
import { given, remote, take, whole } from './remote.js';

type Letter = ItemOf<'listDeadLetters'>;
type Service = Letter['service'];

interface Filter {
  /** The server says which services there are. */
  readonly service?: Service;
  readonly consumer?: string;
  readonly limit: number;
}

interface LetterOptions extends Filter {
  readonly topic?: string;
  readonly key?: string;
}

const shownKey = (key: string): string => (key === '' ? '(none)' : key);

const list: Verb = (command, run) => {
  command
    .option('--service <name>', 'registry, validator, orchestrator or audit; default: all')
    .option('--consumer <name>', 'only of this consumer')
    .option('--topic <name>', 'only of this topic')
    .option('--key <key>', 'only of this key')
    .option('--limit <n>', 'at most so many', whole, 100)
    .action(
      remote<LetterOptions>(run, async (client, { options: { service, consumer, topic, key, limit } }) => {
        const { deadLettersOf } = await import('schema-evolution-sdk');
        const query = given({ service, consumer, topic, key });
        const items = await take<'listDeadLetters'>(deadLettersOf(client, query), limit);
        const row = (letter: Letter): readonly string[] => [
          letter.service,
          letter.id,
          letter.at,
          letter.consumer,
          letter.topic,
          shownKey(letter.key),
          letter.cause,
        ];
        const head = ['service', 'id', 'time', 'consumer', 'topic', 'key', 'cause'];
        return {
          json: { items },
          human: (paint) => (items.length === 0 ? 'No dead letters.\n' : listing(head, items.map(row), paint)),
        };
      }),
    );
};

const keys: Verb = (command, run) => {
  command
    .option('--service <name>', 'registry, validator, orchestrator or audit; default: all')
    .option('--consumer <name>', 'only of this consumer')
    .option('--limit <n>', 'at most so many', whole, 100)
    .action(
      remote<Filter>(run, async (client, { options: { service, consumer, limit } }) => {
        const { parkedKeysOf } = await import('schema-evolution-sdk');
        const items = await take<'listParkedKeys'>(parkedKeysOf(client, given({ service, consumer })), limit);
        const head = ['service', 'consumer', 'key', 'since', 'letters'];
        const row = (parked: ItemOf<'listParkedKeys'>): readonly (string | number)[] => [
          parked.service,
          parked.consumer,
          parked.key,
          parked.since,
          parked.letters,
        ];
        return {
          json: { items },
          human: (paint) => (items.length === 0 ? 'No parked keys.\n' : listing(head, items.map(row), paint)),
        };
      }),
    );
};

type OfAgent = ItemOf<'listAgentDeadLetters'>;

const rowsOf = ({ agent, told, total, oldest }: OfAgent): readonly (readonly string[])[] => {
  const rows = oldest.map(({ id, at, topic, key, cause }) => [agent, id, at, topic, shownKey(key), cause]);
  const more = total - oldest.length;
  return more > 0 ? [...rows, [agent, '', told, '', '', `and ${more} more`]] : rows;
};

const agents: Verb = (command, run) => {
  command
    .option('--agent <name>', 'only of this agent')
    .addHelpText(
      'after',
      '\nAn agent tells this itself, with each sign of life. There is no replay: upgrade it, then retry.',
    )
    .action(
      remote<{ readonly agent?: string }>(run, async (client, { options: { agent } }) => {
        const query = given({ agent });
        const items = await take<'listAgentDeadLetters'>(client.list('listAgentDeadLetters', { query }), 1000);
        const head = ['agent', 'id', 'time', 'topic', 'key', 'cause'];
        return {
          json: { items },
          human: (paint) => (items.length === 0 ? 'No dead letters.\n' : listing(head, items.flatMap(rowsOf), paint)),
        };
      }),
    );
};

const show: Verb = (command, run) => {
  command
    .argument('<service>', 'whose')
    .argument('<id>', 'which letter')
    .action(
      remote<object, [Service, string]>(run, async (client, _, service, id) => {
        const letter = await client.call('getDeadLetter', { params: { service, id } });
        const { consumer, topic, key, cause, at, body, bodyLength } = letter;
        const cut = bodyLength > body.length ? `\n… (${bodyLength} characters in all)` : '';
        return {
          json: letter,
          human: (paint) =>
            `${fields(
              [
                ['letter', `${service} ${id}`],
                ['consumer', consumer],
                ['topic', topic],
                ['key', shownKey(key)],
                ['time', at],
                ['cause', cause],
              ],
              paint,
            )}${paint.dim('body')}\n${indent(printable(body), 2)}${cut}\n`,
        };
      }),
    );
};

interface Replayed {
  readonly replayed: number;
  readonly remaining: number;
  readonly failed?: Letter | undefined;
}

/** One call after the other until nothing is left, nothing moves, or a letter fails. */
const replayAll = async (client: ApiClient, service: Service, consumer: string, key: string): Promise<Replayed> => {
  let replayed = 0;
  for (;;) {
    const now = await client.call('replayParkedKey', { params: { service }, body: { consumer, key } });
    replayed += now.replayed;
    const ended = now.remaining === 0 || now.replayed === 0 || now.failed !== undefined;
    if (ended) return { ...now, replayed };
  }
};

const sentence = ({ replayed, remaining, failed }: Replayed): string => {
  const done = `${replayed} replayed, ${remaining} remaining.`;
  if (failed === undefined) return `${done}\n`;
  const { service, id, cause } = failed;
  return `${done}\nLetter ${id} of ${service} failed again: ${printable(cause)}\n`;
};

const replay: Verb = (command, run) => {
  command
    .argument('<service>', 'whose')
    .argument('<consumer>', 'which of its consumers')
    .argument('<key>', "which key; '' for letters without one")
    .addHelpText('after', '\nEnds with 1 when a letter failed again; it and those behind it stay.')
    .action(
      remote<object, [Service, string, string]>(run, async (client, _, service, consumer, key) => {
        const outcome = await replayAll(client, service, consumer, key);
        return {
          exit: outcome.failed === undefined ? 'fine' : 'refused',
          json: outcome,
          human: () => sentence(outcome),
        };
      }),
    );
};

const discard: Verb = (command, run) => {
  command
    .argument('<service>', 'whose')
    .argument('<id>', 'which letter')
    .requiredOption('--reason <text>', 'why; the audit trail keeps it')
    .action(
      remote<{ readonly reason: string }, [Service, string]>(run, async (client, { options }, service, id) => {
        await client.call('discardDeadLetter', { params: { service, id }, body: { reason: options.reason } });
        return { json: { service, id, discarded: true }, human: () => `Letter ${id} of ${service} is discarded.\n` };
      }),
    );
};

/** `dsem dead-letter list|keys|agents|show|replay|discard` */
export const deadLetter: Verb = (command, run) => {
  list(command.command('list').summary('list messages that could not be handled, with their cause'), run);
  keys(command.command('keys').summary('list the keys whose messages wait behind one of those'), run);
  agents(command.command('agents').summary('list the commands that agents could not handle'), run);
  show(command.command('show').summary('show one with its body, secrets taken out'), run);
  replay(command.command('replay').summary('hand the messages of a key over again, in order'), run);
  discard(command.command('discard').summary('give one up for good'), run);
};
