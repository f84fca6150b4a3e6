import type { EngineObject, FindTable } from '@dsem/schema';

/** Brings one kind of object that only PostgreSQL has into normal form; the tables are in normal form already. */
export type Normalizer = (object: EngineObject, find: FindTable) => EngineObject;
