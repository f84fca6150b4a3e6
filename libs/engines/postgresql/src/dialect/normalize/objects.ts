import { type EngineObject, type FindTable, pathOf, UnsupportedDefinition } from '@dsem/schema';
import { objectKinds } from '../objects.js';
import { codeNormalizers, withPartners } from './code-objects.js';
import { collationNormalizer } from './collations.js';
import { defaultPrivilegesNormalizers } from './default-privileges.js';
import { eventTriggerNormalizer } from './event-triggers.js';
import { foreignNormalizers } from './foreign.js';
import type { Normalizer } from './object.js';
import { operatorClassNormalizers, withSharedMembers } from './operator-classes.js';
import { publicationNormalizer } from './publications.js';
import { textSearchNormalizers } from './text-search.js';

/** The normal form of each kind of object that only PostgreSQL has. */
const normalizers: { readonly [kind: string]: Normalizer | undefined } = {
  ...foreignNormalizers,
  ...defaultPrivilegesNormalizers,
  [objectKinds.publication.kind]: publicationNormalizer,
  [objectKinds.collation.kind]: collationNormalizer,
  [objectKinds.eventTrigger.kind]: eventTriggerNormalizer,
  ...codeNormalizers,
  ...operatorClassNormalizers,
  ...textSearchNormalizers,
};

/** Objects that only PostgreSQL has in normal form. @throws UnsupportedDefinition for kinds without one */
export const normalObjects = (objects: readonly EngineObject[], find: FindTable): readonly EngineObject[] =>
  withSharedMembers(withPartners(objects.map((object) => normalObject(object, find))));

const normalObject = (object: EngineObject, find: FindTable): EngineObject => {
  const normalizer = normalizers[object.kind];
  if (normalizer) return normalizer(object, find);
  const path = pathOf(object);
  throw new UnsupportedDefinition(`An object of kind ${object.kind} is not supported: ${path}`, { object: path });
};
