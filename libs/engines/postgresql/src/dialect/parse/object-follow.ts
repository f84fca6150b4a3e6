import { type EngineObject, engineObjectPath, type Json } from '@dsem/schema';
import { typeTree } from '../grammar.js';
import { objectKinds } from '../objects.js';
import { nameSpelled, spelledName } from '../text-search.js';
import { rekeyed } from './code-objects.js';
import type { Draft } from './draft.js';
import { type Full, sameName } from './names.js';
import { routineTypeOf } from './routine-type.js';

/** Which parts of a definition name functions and types, by kind; one function with its arguments under `called`. */
interface Naming {
  readonly functions?: readonly string[];
  readonly types?: readonly string[];
  readonly called?: readonly string[];
  readonly members?: readonly string[];
}

const naming: { readonly [kind: string]: Naming | undefined } = {
  [objectKinds.wrapper.kind]: { functions: ['handler', 'validator'] },
  [objectKinds.eventTrigger.kind]: { functions: ['function'] },
  [objectKinds.parser.kind]: { functions: ['start', 'gettoken', 'end', 'lextypes', 'headline'] },
  [objectKinds.template.kind]: { functions: ['init', 'lexize'] },
  [objectKinds.operator.kind]: { functions: ['function', 'restrict', 'join'], types: ['left', 'right'] },
  [objectKinds.cast.kind]: { types: ['source', 'target'], called: ['with'] },
  [objectKinds.operatorClass.kind]: { types: ['type', 'storage'], members: ['operators', 'functions'] },
  [objectKinds.operatorFamily.kind]: { members: ['operators', 'functions'] },
  [objectKinds.conversion.kind]: { functions: ['function'] },
  [objectKinds.transform.kind]: { types: ['type'], called: ['fromSql', 'toSql'] },
};

type Change = (text: string) => string;

interface Changes {
  readonly inFunction: Change;
  readonly inType: Change;
}

const inText = (value: Json, change: Change): Json => (typeof value === 'string' ? change(value) : value);

const inCalled = (value: Json, { inFunction, inType }: Changes): Json => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { function: name = null, arguments: types } = value as { readonly [part: string]: Json };
  const all = Array.isArray(types) ? types.map((type: Json) => inText(type, inType)) : [];
  return { function: inText(name, inFunction), arguments: all };
};

const inMember = (value: Json, changes: Changes): Json => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { left = null, right = null, ...rest } = value as { readonly [part: string]: Json };
  const both = { left: inText(left, changes.inType), right: inText(right, changes.inType) };
  return { ...rest, ...both, ...('function' in rest ? (inCalled(rest, changes) as object) : {}) };
};

const changed = (object: EngineObject, changes: Changes): EngineObject => {
  const { functions = [], types = [], called = [], members = [] } = naming[object.kind] ?? {};
  const entries = Object.entries(object.definition).map(([part, value]): readonly [string, Json] => {
    if (functions.includes(part)) return [part, inText(value, changes.inFunction)];
    if (members.includes(part) && Array.isArray(value)) return [part, value.map((one: Json) => inMember(one, changes))];
    if (types.includes(part)) return [part, inText(value, changes.inType)];
    return [part, called.includes(part) ? inCalled(value, changes) : value];
  });
  return rekeyed({ ...object, definition: Object.fromEntries(entries) });
};

const change = (draft: Draft, changes: Changes): void => {
  for (const object of [...draft.others.values()]) {
    if (!naming[object.kind]) continue;
    draft.others.delete(engineObjectPath(object));
    const after = changed(object, changes);
    draft.others.set(engineObjectPath(after), after);
  }
};

/** Lets objects that only PostgreSQL has follow the new name of a function. O(objects). */
export const followFunction = (draft: Draft, from: Full, to: Full): void =>
  change(draft, {
    inFunction: (text) => (sameName(nameSpelled(text), from) ? spelledName(to) : text),
    inType: (native) => native,
  });

/** The same for a type; `rename` writes the name into a tree. */
export const followType = (draft: Draft, rename: (tree: unknown) => void): void =>
  change(draft, {
    inFunction: (text) => text,
    inType: (native) => {
      const tree = typeTree(native);
      rename(tree);
      return routineTypeOf(tree);
    },
  });

/** Objects that only PostgreSQL has, and that are about one of some types, told by `isOf`. */
export const objectsOfTypes = (draft: Draft, isOf: (native: string) => boolean): readonly EngineObject[] =>
  [...draft.others.values()].filter((object) =>
    (naming[object.kind]?.types ?? []).some((part) => {
      const native = object.definition[part];
      return typeof native === 'string' && isOf(native);
    }),
  );
