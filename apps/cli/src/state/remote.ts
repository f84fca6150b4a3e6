import type { RenameHint } from '@dsem/schema';
import type { ApiClient } from 'schema-evolution-sdk';
import type { Io } from '../io.js';
import { CliProblem, usage } from '../problem.js';
import { api, type ServerOptions } from '../server/connect.js';
import type { Definition } from './definition.js';

/** Which definition, and what the version says of names in the version before it. */
interface Stored {
  readonly digest: string;
  readonly renamedFrom?: readonly RenameHint[];
}

const registered = async (client: ApiClient, text: string): Promise<Stored> => {
  const [id = '', named] = text.split('@');
  const version = named ?? (await client.call('getSchema', { params: { id } })).newest?.version;
  if (version !== undefined) return client.call('getVersion', { params: { id, version } });
  throw new CliProblem(
    'DSEM-4001',
    'There is no such version',
    `${id} has no version yet.`,
    `Run \`dsem register\` first.`,
  );
};

const running = async (client: ApiClient, text: string): Promise<Stored> => {
  const [id = '', schema] = text.split('/');
  const { revisions } = await client.call('getEnvironment', { params: { id } });
  const found = schema === undefined ? revisions : revisions.filter((revision) => revision.schema === schema);
  const [revision, ...others] = found;
  const names = revisions.map((each) => each.schema).join(', ');
  if (others.length > 0) throw usage(`${id} runs several schemas.`, `Say env:${id}/<schema>: ${names}.`);
  if (revision !== undefined) return revision;
  const detail = `${id} runs no ${schema === undefined ? 'schema' : `schema ${schema}`}${names === '' ? '' : `; it runs ${names}`}.`;
  throw new CliProblem('DSEM-4001', 'There is no such state', detail, 'See `dsem env show`.');
};

/** The definition behind `registry:<schema>[@<version>]` or `env:<environment>[/<schema>]`. */
export const fetchDefinition = async (input: string, options: ServerOptions, io: Io): Promise<Definition> => {
  const client = await api(options, io);
  const at = input.indexOf(':');
  const [origin, text] = [input.slice(0, at), input.slice(at + 1)];
  if (text === '') throw usage(`${input} does not say which.`);
  const { digest, renamedFrom = [] } = await (origin === 'env' ? running(client, text) : registered(client, text));
  const definition = await client.call('getDefinition', { params: { digest } });
  if (renamedFrom.length === 0) return definition;
  const { parseDefinition, withHints } = await import('@dsem/schema');
  return withHints(parseDefinition(definition), renamedFrom);
};
