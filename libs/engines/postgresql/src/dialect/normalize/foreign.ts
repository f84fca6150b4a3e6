import { type EngineObject, pathOf, UnsupportedDefinition } from '@dsem/schema';
import {
  definition,
  definitionOf,
  foreignKinds,
  type MappingDefinition,
  openOptions,
  type ServerDefinition,
  type WrapperDefinition,
} from '../foreign.js';

type Normalizer = (object: EngineObject) => EngineObject;

const wrapper: Normalizer = (object) => {
  const { options, handler, validator } = definitionOf<WrapperDefinition>(object);
  return { ...object, definition: definition({ handler, validator, options: openOptions(options) }) };
};

const server: Normalizer = (object) => {
  const { wrapper: of, type, version, options } = definitionOf<ServerDefinition>(object);
  return { ...object, definition: definition({ wrapper: of, type, version, options: openOptions(options) }) };
};

const mapping: Normalizer = (object) => {
  const { user, server: of, options } = definitionOf<MappingDefinition>(object);
  const name = `${user} on ${of}`;
  return { ...object, name, definition: definition({ user, server: of, options: openOptions(options) }) };
};

/** The normal form of each kind of object that only PostgreSQL has. */
const normalizers: { readonly [kind: string]: Normalizer | undefined } = {
  [foreignKinds.wrapper]: wrapper,
  [foreignKinds.server]: server,
  [foreignKinds.mapping]: mapping,
};

/** An object that only PostgreSQL has in normal form. @throws UnsupportedDefinition for kinds without one */
export const normalObject = (object: EngineObject): EngineObject => {
  const normalizer = normalizers[object.kind];
  if (normalizer) return normalizer(object);
  const path = pathOf(object);
  throw new UnsupportedDefinition(`An object of kind ${object.kind} is not supported: ${path}`, { object: path });
};
