import type { Driver } from '@dsem/engine';
import { type EngineName, Refusal } from '@dsem/schema';

/** The one list of drivers; each is loaded when it is first asked for, since vendor clients are large. */
export const drivers = {
  postgresql: async () => (await import('@dsem/engine-postgresql/driver')).postgresqlDriver,
} satisfies Partial<Record<EngineName, () => Promise<Driver>>>;

const loaders: Partial<Record<EngineName, () => Promise<Driver>>> = drivers;

/** Thrown when no driver can open databases of the engine. */
export class NoDriver extends Refusal {
  readonly code = 'DSEM-2006';
  readonly title = 'The engine is not known';
  readonly fix = `Use one of: ${Object.keys(drivers).join(', ')}.`;
}

/** Whether databases of the engine can be opened, without loading what opens them. */
export const hasDriver = (engine: EngineName): boolean => loaders[engine] !== undefined;

/** The driver of an engine. @throws NoDriver naming the engine */
export const driverFor = async (engine: EngineName): Promise<Driver> => {
  const load = loaders[engine];
  if (load === undefined) throw new NoDriver(`There is no driver for ${engine} yet`);
  return load();
};

const schemes: { readonly [scheme: string]: EngineName | undefined } = {
  'postgres:': 'postgresql',
  'postgresql:': 'postgresql',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'mongodb:': 'mongodb',
  'mongodb+srv:': 'mongodb',
  'cassandra:': 'cassandra',
  'sqlserver:': 'sqlserver',
  'mssql:': 'sqlserver',
  'oracle:': 'oracle',
};

/** The engine that a connection URL speaks to; undefined when the text is no such URL. */
export const engineOfUrl = (url: string): EngineName | undefined => schemes[/^[a-z+]+:/.exec(url)?.[0] ?? ''];
