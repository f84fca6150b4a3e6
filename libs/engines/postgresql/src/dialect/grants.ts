import { type Grant, InconsistentDefinition, pathOf } from '@dsem/schema';
import { defaultNamespace } from './types.js';

/** Who is meant by everybody; no role can have the name. */
export const everybody = 'public';

interface Full {
  readonly namespace: string;
  readonly name: string;
}

/**
 * What a grant stands on, as `Grant.on` says it: a table or view and a column by their paths, everything else with the
 * kind in front. `sequence of public.t.id` is the sequence behind an identity column.
 */
export type GrantTarget =
  | ({ readonly kind: 'relation' } & Full)
  | ({ readonly kind: 'sequence' | 'type' } & Full)
  | ({ readonly kind: 'column'; readonly column: string } & Full)
  | ({ readonly kind: 'sequence of'; readonly column: string } & Full)
  | ({ readonly kind: 'routine'; readonly signature: string } & Full)
  | { readonly kind: 'schema' | 'server' | 'foreign-data-wrapper'; readonly name: string };

type Kind = GrantTarget['kind'];

/** All privileges of each kind of object; `ALL` stands for them. */
export const allPrivileges: { readonly [Each in Kind]: readonly string[] } = {
  relation: ['DELETE', 'INSERT', 'MAINTAIN', 'REFERENCES', 'SELECT', 'TRIGGER', 'TRUNCATE', 'UPDATE'],
  column: ['INSERT', 'REFERENCES', 'SELECT', 'UPDATE'],
  sequence: ['SELECT', 'UPDATE', 'USAGE'],
  'sequence of': ['SELECT', 'UPDATE', 'USAGE'],
  type: ['USAGE'],
  routine: ['EXECUTE'],
  schema: ['CREATE', 'USAGE'],
  server: ['USAGE'],
  'foreign-data-wrapper': ['USAGE'],
};

/**
 * What everybody may do when nothing is said. On the schema `public` the right to create came with the server before 15
 * and comes no more, so only USAGE is part of a definition there.
 */
export const defaultPrivileges = (target: GrantTarget, grantee: string): readonly string[] => {
  if (grantee !== everybody) return [];
  if (target.kind === 'type' || target.kind === 'routine') return allPrivileges[target.kind];
  return target.kind === 'schema' && target.name === defaultNamespace ? ['USAGE'] : [];
};

/** The text by which a grant names what it stands on. */
export const onText = (target: GrantTarget): string => {
  switch (target.kind) {
    case 'relation':
      return pathOf(target);
    case 'column':
      return pathOf(target, target.column);
    case 'sequence of':
      return `sequence of ${pathOf(target, target.column)}`;
    case 'routine':
      return `routine ${pathOf(target)}(${target.signature})`;
    case 'sequence':
    case 'type':
      return `${target.kind} ${pathOf(target)}`;
    default:
      return `${target.kind} ${pathOf({ name: target.name })}`;
  }
};

const part = /"(?:[^"\\]|\\.)*"|[^".]+/gy;

/** The parts of a path as `pathOf` writes it; undefined where it is none. */
export const partsOf = (path: string): readonly string[] | undefined => {
  const parts: string[] = [];
  for (let at = 0; at < path.length; at += 1) {
    part.lastIndex = at;
    const found = part.exec(path)?.[0];
    if (found === undefined) return undefined;
    parts.push(found.startsWith('"') ? (JSON.parse(found) as string) : found);
    at = part.lastIndex;
    if (at < path.length && path[at] !== '.') return undefined;
  }
  return parts;
};

const named =
  /^(?:(sequence of|sequence|type|routine|schema|server|foreign-data-wrapper) )?(.*?)(?:\(([^"]*(?:"[^"]*"[^"]*)*)\))?$/s;

const inNamespace = (parts: readonly string[]): Full =>
  parts.length === 1
    ? { namespace: defaultNamespace, name: parts[0] ?? '' }
    : { namespace: parts[0] ?? '', name: parts[1] ?? '' };

/** What a grant stands on. @throws InconsistentDefinition when the text names nothing that can carry privileges */
export const targetOf = ({ on, name }: Pick<Grant, 'on' | 'name'>): GrantTarget => {
  const [, word, path = '', signature] = named.exec(on) ?? [];
  const parts = partsOf(path) ?? [];
  const column = parts.length === 3 ? { ...inNamespace(parts), column: parts[2] ?? '' } : undefined;
  const whole = parts.length === 1 || parts.length === 2 ? inNamespace(parts) : undefined;
  if (word === 'routine' && whole && signature !== undefined) return { kind: word, ...whole, signature };
  if (signature === undefined) {
    if (word === undefined && whole) return { kind: 'relation', ...whole };
    if (word === undefined && column) return { kind: 'column', ...column };
    if (word === 'sequence of' && column) return { kind: word, ...column };
    if ((word === 'sequence' || word === 'type') && whole) return { kind: word, ...whole };
    const [only, ...more] = parts;
    if ((word === 'schema' || word === 'server' || word === 'foreign-data-wrapper') && only && more.length === 0)
      return { kind: word, name: only };
  }
  throw new InconsistentDefinition(`The grant ${name} does not say what it stands on: ${on}`, { object: name });
};

/** The privileges of a grant that may be handed on. */
export const grantableOf = ({ attributes }: Pick<Grant, 'attributes'>): readonly string[] =>
  (attributes?.['grantable'] ?? []) as readonly string[];

/** A grant in the model's form. */
export const grantOf = (
  grantee: string,
  on: string,
  privileges: readonly string[],
  grantable: readonly string[],
): Grant => ({
  name: `${grantee} on ${on}`,
  grantee,
  on,
  privileges,
  ...(grantable.length === 0 ? {} : { attributes: { grantable } }),
});
