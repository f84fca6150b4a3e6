import { type EngineObject, engineObjectPath, type ObjectName, pathOf } from '@dsem/schema';
import type { ObjectKind } from '../objects.js';
import { type Draft, missing, type Site, twice } from './draft.js';
import type { Full } from './names.js';

/** A kind as errors call it. */
export const kindWord = (kind: string): string => kind.replaceAll('-', ' ');

/** The object of that kind and name. @throws NotYetDefined when there is none */
export const findObject = (draft: Draft, kind: string, name: ObjectName, site: Site): EngineObject =>
  draft.others.get(engineObjectPath({ kind, ...name })) ?? missing(kindWord(kind), name, site);

/** Adds an object or replaces its earlier shape. */
export const putObject = (draft: Draft, object: EngineObject): void => {
  draft.others.set(engineObjectPath(object), object);
};

/** Adds an object. @throws AlreadyDefined where it is there already and may not be */
export const addObject = (draft: Draft, object: EngineObject, ifNotExists: boolean | undefined, site: Site): void => {
  const path = engineObjectPath(object);
  if (!draft.others.has(path)) return putObject(draft, object);
  if (!ifNotExists) twice(`The ${kindWord(object.kind)} ${pathOf(object)}`, path, site);
};

/** How an object of a kind is named, of which only some stand in a schema. */
export const nameIn = ({ placed }: Pick<ObjectKind, 'placed'>, name: Full): ObjectName =>
  placed ? name : { name: name.name };
