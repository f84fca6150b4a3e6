import {
  foreignKinds,
  type MappingDefinition,
  openOptions,
  type ServerDefinition,
  type WrapperDefinition,
} from '../foreign.js';
import { definition, definitionOf } from '../objects.js';

import type { Normalizer } from './object.js';

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

/** Of wrappers, servers and user mappings. */
export const foreignNormalizers: { readonly [kind: string]: Normalizer } = {
  [foreignKinds.wrapper]: wrapper,
  [foreignKinds.server]: server,
  [foreignKinds.mapping]: mapping,
};
