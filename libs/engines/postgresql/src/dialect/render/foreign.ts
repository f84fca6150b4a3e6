import type { Statement } from '@dsem/engine';
import type { ChangeOf, EngineObject } from '@dsem/schema';
import {
  foreignKinds,
  type ForeignOptions,
  type MappingDefinition,
  type ServerDefinition,
  type WrapperDefinition,
} from '../foreign.js';
import { definitionOf } from '../objects.js';
import { finding } from '../hazards.js';
import { identifier, literal, qualified, splitName } from '../identifiers.js';
import { nameOf } from '../parse/names.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import type { ObjectRenderer } from './object.js';
import { cannot, locks, statement } from './statement.js';

/** OPTIONS of something that is made; empty where there are none. */
export const optionsClause = (options: ForeignOptions | undefined): string => {
  const pairs = Object.entries(options ?? {}).map(([name, value]) => `${identifier(name)} ${literal(value)}`);
  return pairs.length === 0 ? '' : ` OPTIONS (${pairs.join(', ')})`;
};

/** OPTIONS that bring one set to another; empty where both are the same. */
export const optionsChange = (from: ForeignOptions = {}, to: ForeignOptions = {}): string => {
  const gone = Object.keys(from).filter((name) => !(name in to));
  const changed = Object.entries(to).filter(([name, value]) => from[name] !== value);
  const parts = [
    ...gone.map((name) => `DROP ${identifier(name)}`),
    ...changed.map(([name, value]) => `${name in from ? 'SET' : 'ADD'} ${identifier(name)} ${literal(value)}`),
  ];
  return parts.length === 0 ? '' : ` OPTIONS (${parts.join(', ')})`;
};

const routineText = (name: string): string => qualified(nameOf(splitName(name)));

const target = (object: EngineObject): string => {
  const { user, server } = definitionOf<MappingDefinition>(object);
  switch (object.kind) {
    case foreignKinds.wrapper:
      return `FOREIGN DATA WRAPPER ${identifier(object.name)}`;
    case foreignKinds.server:
      return `SERVER ${identifier(object.name)}`;
    default:
      return `USER MAPPING FOR ${user === 'public' ? 'PUBLIC' : identifier(user)} SERVER ${identifier(server)}`;
  }
};

const routines = ({ handler, validator }: WrapperDefinition): string =>
  [
    ...(handler === undefined ? [] : [` HANDLER ${routineText(handler)}`]),
    ...(validator === undefined ? [] : [` VALIDATOR ${routineText(validator)}`]),
  ].join('');

const beside = (object: EngineObject): string => {
  if (object.kind === foreignKinds.wrapper) return routines(definitionOf<WrapperDefinition>(object));
  if (object.kind !== foreignKinds.server) return '';
  const { wrapper, type, version } = definitionOf<ServerDefinition>(object);
  return [
    ...(type === undefined ? [] : [` TYPE ${literal(type)}`]),
    ...(version === undefined ? [] : [` VERSION ${literal(version)}`]),
    ` FOREIGN DATA WRAPPER ${identifier(wrapper)}`,
  ].join('');
};

interface Optional {
  readonly options?: ForeignOptions;
}

const create = ({ value: object }: ChangeOf<'create-object'>): readonly Statement[] => [
  statement(`CREATE ${target(object)}${beside(object)}${optionsClause(definitionOf<Optional>(object).options)}`, {
    lock: locks.none,
  }),
  ...commentOn(target(object), object.comment),
];

const routineChange = (from: string | undefined, to: string | undefined, word: string): string => {
  if (from === to) return '';
  return to === undefined ? ` NO ${word}` : ` ${word} ${routineText(to)}`;
};

const alteredBeside = (change: ChangeOf<'alter-object'>): string => {
  const { from, to } = change;
  if (to.kind === foreignKinds.wrapper) {
    const [before, after] = [definitionOf<WrapperDefinition>(from), definitionOf<WrapperDefinition>(to)];
    return `${routineChange(before.handler, after.handler, 'HANDLER')}${routineChange(before.validator, after.validator, 'VALIDATOR')}`;
  }
  if (to.kind !== foreignKinds.server) return '';
  const [before, after] = [definitionOf<ServerDefinition>(from), definitionOf<ServerDefinition>(to)];
  if (before.wrapper !== after.wrapper || before.type !== after.type)
    return cannot(change, 'the wrapper and the type of a server cannot change; make a server with another name');
  if (before.version === after.version) return '';
  return ` VERSION ${after.version === undefined ? 'NULL' : literal(after.version)}`;
};

const alter = (change: ChangeOf<'alter-object'>): readonly Statement[] => {
  const { from, to, object } = change;
  const options = optionsChange(definitionOf<Optional>(from).options, definitionOf<Optional>(to).options);
  const text = `${alteredBeside(change)}${options}`;
  const hazards = [finding(hazardRules.changeForeign, object, `${object} changes.`)];
  return [
    ...(text === '' ? [] : [statement(`ALTER ${target(to)}${text}`, { lock: locks.none, hazards })]),
    ...commentOn(target(to), to.comment, from.comment),
  ];
};

const drop = ({ value: object, object: path }: ChangeOf<'drop-object'>): readonly Statement[] => [
  statement(`DROP ${target(object)}`, {
    lock: locks.none,
    hazards: [finding(hazardRules.dropForeign, path, `${path} is dropped.`)],
  }),
];

const renderer: ObjectRenderer = { create, alter, drop };

/** Of wrappers, servers and user mappings. */
export const foreignRenderers: { readonly [kind: string]: ObjectRenderer } = {
  [foreignKinds.wrapper]: renderer,
  [foreignKinds.server]: renderer,
  [foreignKinds.mapping]: renderer,
};
