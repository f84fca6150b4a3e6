import type { Change } from '@dsem/schema';
import { objectKinds } from '../objects.js';
import { codeRenderers } from './code-objects.js';
import { collationRenderer } from './collations.js';
import { defaultPrivilegesRenderers } from './default-privileges.js';
import { eventTriggerRenderer } from './event-triggers.js';
import { foreignRenderers } from './foreign.js';
import type { ObjectRenderer } from './object.js';
import { operatorClassRenderers } from './operator-classes.js';
import { publicationRenderer } from './publications.js';
import { statisticsRenderer } from './statistics.js';
import { textSearchRenderers } from './text-search.js';
import { cannot, type Renderers } from './statement.js';

/** How each kind of object that only PostgreSQL has is made, changed and dropped. */
const renderers: { readonly [kind: string]: ObjectRenderer | undefined } = {
  ...foreignRenderers,
  ...defaultPrivilegesRenderers,
  [objectKinds.publication.kind]: publicationRenderer,
  [objectKinds.collation.kind]: collationRenderer,
  [objectKinds.statistics.kind]: statisticsRenderer,
  [objectKinds.eventTrigger.kind]: eventTriggerRenderer,
  ...codeRenderers,
  ...operatorClassRenderers,
  ...textSearchRenderers,
};

const of = (kind: string, change: Change): ObjectRenderer =>
  renderers[kind] ?? cannot(change, `an object of kind ${kind} is not supported`);

/** Objects that only PostgreSQL has. */
export const objectRenderers: Renderers<'create-object' | 'drop-object' | 'alter-object'> = {
  'create-object': (change, context) => of(change.value.kind, change).create(change, context),
  'drop-object': (change, context) => of(change.value.kind, change).drop(change, context),
  'alter-object': (change, context) => of(change.to.kind, change).alter(change, context),
};
