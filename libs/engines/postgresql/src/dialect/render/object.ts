import type { Renderers } from './statement.js';

type Verbs = Renderers<'create-object' | 'alter-object' | 'drop-object'>;

/** How objects of one kind that only PostgreSQL has are made, changed and dropped. */
export interface ObjectRenderer {
  readonly create: Verbs['create-object'];
  readonly alter: Verbs['alter-object'];
  readonly drop: Verbs['drop-object'];
}
