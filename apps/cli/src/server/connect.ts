import { type ApiClient, SchemaEvolutionManager } from 'schema-evolution-sdk';
import type { Io } from '../io.js';
import { usage } from '../problem.js';
import { type Profile, readProfile } from './profile.js';

/** The global options that say which server and who. */
export interface ServerOptions {
  readonly endpoint?: string;
  readonly token?: string;
  /** Seconds. */
  readonly timeout?: number;
}

/** An endpoint as typed, without a trailing slash. @throws CliProblem when it is no http(s) URL */
export const endpointNamed = (text: string): string => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/u.test(url.protocol)) throw usage(`${text} is no http or https URL.`);
  if (url.username !== '' || url.password !== '') throw usage('The endpoint must hold no credentials.', 'Use --token.');
  return url.href.replace(/\/+$/u, '');
};

const defaultEndpoint = 'http://localhost:8080';

/** Flags win over the environment, which wins over what `login` stored. A stored key goes to its own server only. */
export const resolveProfile = async ({ endpoint, token }: ServerOptions, io: Io): Promise<Profile> => {
  const stored = await readProfile(io);
  const target = endpointNamed(endpoint ?? io.env['DSEM_ENDPOINT'] ?? stored?.endpoint ?? defaultEndpoint);
  const apiKey = token ?? io.env['DSEM_API_KEY'] ?? (stored?.endpoint === target ? stored.apiKey : undefined);
  return { endpoint: target, ...(apiKey !== undefined && apiKey !== '' && { apiKey }) };
};

/** The SDK for the server that options, environment or log-in name. */
export const connect = async (options: ServerOptions, io: Io): Promise<SchemaEvolutionManager> =>
  new SchemaEvolutionManager({
    ...(await resolveProfile(options, io)),
    ...(options.timeout !== undefined && { timeoutMs: options.timeout * 1000 }),
    logLevel: 'silent',
  });

/** Every route by its id. */
export const api = async (options: ServerOptions, io: Io): Promise<ApiClient> => (await connect(options, io)).client;
