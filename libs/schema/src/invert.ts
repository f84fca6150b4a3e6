import type { Change, ChangeKind, ChangeOf } from './change.js';
import { pathOf } from './model.js';

/** Kinds whose reverse is another kind with the same operands. */
type Opposite<Kind extends ChangeKind> = Kind extends `create-${infer Noun}`
  ? Extract<ChangeKind, `drop-${Noun}`>
  : Kind extends `add-${infer Noun}`
    ? Extract<ChangeKind, `drop-${Noun}`>
    : Kind;

const opposites = {
  'create-namespace': 'drop-namespace',
  'create-extension': 'drop-extension',
  'create-type': 'drop-type',
  'create-sequence': 'drop-sequence',
  'create-table': 'drop-table',
  'create-index': 'drop-index',
  'create-view': 'drop-view',
  'create-routine': 'drop-routine',
  'create-trigger': 'drop-trigger',
  'create-policy': 'drop-policy',
  'create-grant': 'drop-grant',
  'create-object': 'drop-object',
  'add-column': 'drop-column',
  'add-primary-key': 'drop-primary-key',
  'add-unique': 'drop-unique',
  'add-foreign-key': 'drop-foreign-key',
  'add-check': 'drop-check',
} as const satisfies { readonly [Kind in Extract<ChangeKind, `${'create' | 'add'}-${string}`>]: Opposite<Kind> };

const aspects = {
  'set-not-null': 'drop-not-null',
  'set-default': 'drop-default',
  'attach-partition': 'detach-partition',
  'inherit-parent': 'leave-parent',
} as const;

const bothWays: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...opposites, ...aspects }).flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);

const renamed = (change: ChangeOf<'rename-table' | 'rename-column'>): Change =>
  change.kind === 'rename-table'
    ? { ...change, object: pathOf(change.to), from: change.to, to: change.from }
    : { ...change, object: pathOf(change.table, change.to), from: change.to, to: change.from };

/** The change that undoes `change` on the model; `applyChange` of both is the state before. O(1). */
export const invert = (change: Change): Change => {
  if (change.kind === 'rename-table' || change.kind === 'rename-column') return renamed(change);
  const kind = bothWays.get(change.kind) ?? change.kind;
  const operands = 'from' in change ? { from: change.to, to: change.from } : {};
  return { ...change, ...operands, kind } as Change;
};
