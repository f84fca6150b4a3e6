import { Refusal } from '../errors.js';
import type { Json } from '../model.js';

/** The two states that are merged; their common ancestor is the base. */
export type Side = 'ours' | 'theirs';

/** How a conflict is decided. */
export type Choice = Side | 'edited';

/** What both sides did to one object that cannot both hold. */
export type ConflictKind =
  | 'same-attribute'
  | 'drop-modify'
  | 'drop-use'
  | 'rename'
  | 'rename-use'
  | 'add-add'
  | 'order'
  | 'name'
  | 'reference-type'
  | 'cycle'
  | 'inconsistent';

/** An object or a part of one: its noun, such as `column`, and its path, such as `public.users.email`. */
export interface Place {
  readonly noun: string;
  readonly object: string;
}

/** The three values of something; undefined where it is absent. */
export interface Three<Value> {
  readonly base: Value | undefined;
  readonly ours: Value | undefined;
  readonly theirs: Value | undefined;
}

/** One thing that a person has to decide. Values are those of the aspect, null where it is absent. */
export interface MergeConflict extends Place {
  readonly kind: ConflictKind;
  /** `existence`, `definition`, `name`, or the property that both changed, such as `type` or `attributes.storage`. */
  readonly aspect: string;
  readonly base: Json;
  readonly ours: Json;
  readonly theirs: Json;
  /** What would be taken unless somebody decides otherwise; null where there is nothing to propose. */
  readonly proposal: Json;
  /** The reason, as a sentence without its full stop. */
  readonly why: string;
  /** How it can be decided; none where only another change of one side helps. */
  readonly choices: readonly Choice[];
  /** Objects that need what the other side dropped. */
  readonly usedBy?: readonly string[];
}

/** A person's decision of one conflict: a side, or a value of the aspect in the same shape. */
export type Resolution = Place & { readonly aspect: string } & (
    { readonly take: Side } | { readonly take: 'edited'; readonly value: Json }
  );

/** Thrown when a resolution decides nothing: there is no such conflict, or it cannot be decided that way. */
export class UnusableResolution extends Refusal {
  readonly code = 'DSEM-2010';
  readonly title = 'A resolution decides nothing';
  readonly fix = 'Merge without it, and resolve the conflicts that are listed then by their noun, object and aspect.';
}

/** What resolutions and decisions are found by. */
export const placeKey = ({ noun, object }: Place): string => `${noun} ${object}`;

/** What conflicts and resolutions are found by. */
export const aspectKey = (place: Place, aspect: string): string => `${placeKey(place)} / ${aspect}`;

/** The value of an aspect as it is told. */
export const told = (value: unknown): Json => (value === undefined ? null : (value as Json));
