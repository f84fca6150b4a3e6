import type { Node } from '@pgsql/types';
import type { Draft, Site } from './draft.js';

type KeyOf<Union> = Union extends unknown ? keyof Union : never;
/** The kinds of nodes that pgsql's grammar makes. */
export type NodeKind = KeyOf<Node> & string;
/** What stands in a node of one kind. */
export type NodeOf<Kind extends NodeKind> =
  Extract<Node, { readonly [Each in Kind]: unknown }> extends { readonly [Each in Kind]: infer Held } ? Held : never;

/** Adds one statement to the draft. */
export type Reader<Kind extends NodeKind> = (draft: Draft, statement: NodeOf<Kind>, site: Site) => void;

/** A group of readers by kind of statement. */
export type Readers = { readonly [Kind in NodeKind]?: Reader<Kind> };
