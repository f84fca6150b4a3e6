import { type EngineObject, type FindTable, pathOf, UnsupportedDefinition } from '@dsem/schema';
import { objectKinds } from '../objects.js';
import { codeNormalizers, withPartners } from './code-objects.js';
import { collationNormalizer } from './collations.js';
import { defaultPrivilegesNormalizers } from './default-privileges.js';
import { eventTriggerNormalizer } from './event-triggers.js';
import { foreignNormalizers } from './foreign.js';
import { needTexts, type Normalizer } from './object.js';
import { operatorClassNormalizers, withSharedMembers } from './operator-classes.js';
import { publicationNormalizer } from './publications.js';
import { statisticsNormalizer } from './statistics.js';
import { textSearchNormalizers } from './text-search.js';

/** The normal form of each kind of object that only PostgreSQL has. */
const normalizers: { readonly [kind: string]: Normalizer | undefined } = {
  ...foreignNormalizers,
  ...defaultPrivilegesNormalizers,
  [objectKinds.publication.kind]: publicationNormalizer,
  [objectKinds.collation.kind]: collationNormalizer,
  [objectKinds.statistics.kind]: statisticsNormalizer,
  [objectKinds.eventTrigger.kind]: eventTriggerNormalizer,
  ...codeNormalizers,
  ...operatorClassNormalizers,
  ...textSearchNormalizers,
};

/** Parts without which an object cannot be read; a definition may be given as JSON. */
const needed: { readonly [kind: string]: readonly string[] | undefined } = {
  [objectKinds.eventTrigger.kind]: ['event', 'function'],
  [objectKinds.operator.kind]: ['operator', 'function'],
  [objectKinds.cast.kind]: ['source', 'target'],
  [objectKinds.conversion.kind]: ['from', 'to', 'function'],
  [objectKinds.transform.kind]: ['type', 'language'],
  [objectKinds.operatorClass.kind]: ['class', 'method', 'type', 'family'],
  [objectKinds.operatorFamily.kind]: ['family', 'method'],
};

/** Objects that only PostgreSQL has in normal form. @throws UnsupportedDefinition for kinds without one */
export const normalObjects = (objects: readonly EngineObject[], find: FindTable): readonly EngineObject[] =>
  withSharedMembers(withPartners(objects.map((object) => normalObject(object, find))));

const normalObject = (object: EngineObject, find: FindTable): EngineObject => {
  const normalizer = normalizers[object.kind];
  const needs = needed[object.kind];
  if (needs) needTexts(object.kind, pathOf(object), object.definition, needs);
  if (normalizer) return normalizer(object, find);
  const path = pathOf(object);
  throw new UnsupportedDefinition(`An object of kind ${object.kind} is not supported: ${path}`, { object: path });
};
