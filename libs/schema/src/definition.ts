import type { z } from 'zod';
import { objectShapes } from './definition-shape.js';
import { DefinitionShapeError } from './errors.js';
import { limits } from './definition-size.js';
import { type EngineName, type Schema, emptySchema, engineNames } from './model.js';
import { normalizeSchema } from './normalize.js';
import { engineNameShape } from './shapes.js';

type Place = readonly (string | number)[];

const shown = (place: Place): string =>
  place.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? clipped(part) : `${text}.${clipped(part)}`,
    '',
  ) || 'the definition';

const clipped = (text: string): string => (text.length > 100 ? `${text.slice(0, 100)}…` : text);

const refuse = (place: Place, detail: string): never => {
  throw new DefinitionShapeError(`${shown(place)} ${detail}.`, { object: shown(place) });
};

const forbiddenKeys = new Set(['__proto__']);

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const checkScalar = (value: unknown, place: Place): void => {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) refuse(place, 'holds half a surrogate pair, which is not text');
      return;
    case 'number':
      if (!Number.isFinite(value)) refuse(place, 'is not a finite number');
      return;
    case 'boolean':
    case 'undefined':
      return;
    default:
      refuse(place, `is a ${typeof value}, which JSON does not have`);
  }
};

interface Budget {
  values: number;
}

const checkKey = (key: string, place: Place): void => {
  if (forbiddenKeys.has(key) || !key.isWellFormed()) refuse(place, `holds the forbidden key ${JSON.stringify(key)}`);
};

const checkArray = (value: readonly unknown[], place: Place): void => {
  const limit = place.length <= 1 ? limits.objects : limits.parts;
  if (value.length > limit) refuse(place, `holds ${value.length} values, more than ${limit}`);
};

/** Refuses what is no JSON, too deep or too large before any shape is compared. O(values). */
const checkJson = (value: unknown, place: Place, budget: Budget): void => {
  budget.values -= 1;
  if (budget.values < 0) refuse([], `holds more than ${limits.values} values`);
  if (place.length > limits.depth) refuse(place.slice(0, 8), `is nested deeper than ${limits.depth} levels`);
  if (value === null) return;
  if (typeof value !== 'object') return checkScalar(value, place);
  if (Array.isArray(value)) {
    checkArray(value, place);
    value.forEach((item, at) => checkJson(item, [...place, at], budget));
    return;
  }
  if (!isPlain(value)) refuse(place, 'is not a plain object');
  for (const [key, item] of Object.entries(value)) {
    checkKey(key, place);
    checkJson(item, [...place, key], budget);
  }
};

type Issue = z.core.$ZodIssue;

/** The most telling issue: of a union the branch that got furthest. */
const deepest = (issue: Issue): Issue => {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.flatMap((errors) => errors.slice(0, 1).map((inner) => deepest(inner)));
  const best = branches.toSorted((a, b) => b.path.length - a.path.length)[0];
  return best === undefined ? issue : { ...best, path: [...issue.path, ...best.path] };
};

const said = (issue: Issue): string => {
  if (issue.code === 'unrecognized_keys') return `holds the unknown key ${issue.keys.map(clipped).join(', ')}`;
  const message = clipped(issue.message);
  return `is wrong: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
};

const read = <Output>(shape: z.ZodType<Output>, value: unknown, place: Place): Output => {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  if (first === undefined) return refuse(place, 'is wrong');
  const issue = deepest(first);
  return refuse([...place, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))], said(issue));
};

type Collection = keyof typeof objectShapes;
const collections = Object.keys(objectShapes) as readonly Collection[];

const collection = (value: unknown, key: Collection): readonly unknown[] => {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return refuse([key], 'must be an array');
  return value.map((item, at) => read<unknown>(objectShapes[key], item, [key, at]));
};

const engineOf = (value: unknown): EngineName => {
  const engine = engineNameShape.safeParse(value);
  if (engine.success) return engine.data;
  return refuse(['engine'], `must be one of ${engineNames.join(', ')}`);
};

/**
 * Reads the canonical JSON of a state: absent arrays are empty, unknown keys are refused, the result is in normal form.
 * Names and types stay as they are; `dialect.normalize` brings them into the engine's form. O(values).
 * @throws DefinitionShapeError naming the first place that is wrong, for any value at all.
 */
export const parseDefinition = (value: unknown): Schema => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse([], 'must be an object');
  checkJson(value, [], { values: limits.values });
  const given = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => key !== 'engine' && !collections.includes(key as Collection));
  if (unknown !== undefined) refuse([], `holds the unknown key ${clipped(unknown)}`);
  const read = Object.fromEntries(collections.map((key) => [key, collection(given[key], key)]));
  return normalizeSchema({ ...emptySchema(engineOf(given['engine'])), ...read });
};
