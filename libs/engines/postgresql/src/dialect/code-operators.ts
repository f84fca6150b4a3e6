import { objectReference, type Reference, type Routine } from '@dsem/schema';
import { splitName } from './identifiers.js';
import { objectKinds } from './objects.js';
import { spelledOperator } from './operators.js';
import { nameOf } from './parse/names.js';
import { isServerOperator } from './server-routines.js';

const silent = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g;
const named = /\boperator\s*\(\s*((?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\s*\.\s*)?([-+*/<>=~!@#%^&|`?]+)\s*\)/giu;
const inConstant = /'((?:[^']|'')+)'\s*(?:::\s*|\bas\s+)(?:pg_catalog\s*\.\s*)?regoper(?:ator)?\b/giu;
const bare = /[-+*/<>=~!@#%^&|`?]+/gu;

/** `public.||==(text, text)` without the operands. */
const inText = (text: string): string => {
  const name = text.replaceAll("''", "'").replace(/\(.*$/s, '').trim();
  const dot = name.lastIndexOf('.');
  return dot < 0 ? spelledInPublic(name) : spelled(name.slice(0, dot), name.slice(dot + 1));
};

const spelled = (schema: string, name: string): string =>
  spelledOperator({ namespace: splitName(schema.trim())[0] ?? '', name });

const spelledInPublic = (name: string): string => spelledOperator(isServerOperator(name) ? { name } : nameOf([name]));

const found = (text: string): readonly string[] => {
  const code = text.replace(silent, ' ');
  return [
    ...[...text.matchAll(inConstant)].map(([, held = '']) => inText(held)),
    ...[...code.matchAll(named)].map(([, schema, name = '']) =>
      schema === undefined ? spelledInPublic(name) : spelled(schema.replace(/\s*\.\s*$/, ''), name),
    ),
    ...[...code.replace(named, ' ').matchAll(bare)].map(([name]) => spelledInPublic(name)),
  ];
};

const known = new WeakMap<Routine, readonly Reference[]>();

/** Operators of the user that code in a string names; those of the server go without saying. Remembered per routine. */
export const operatorsInCode = (routine: Routine): readonly Reference[] => {
  const before = known.get(routine);
  if (before !== undefined) return before;
  const isCode = routine.language === 'sql' || routine.language === 'plpgsql';
  const names = isCode ? found(routine.body.text).filter((name) => name.includes('.')) : [];
  const made = [...new Set(names)].map((name) => objectReference(objectKinds.operator.kind, { name }));
  known.set(routine, made);
  return made;
};
