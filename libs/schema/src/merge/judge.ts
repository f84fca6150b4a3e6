import { equal } from '../equal.js';
import {
  aspectKey,
  type ConflictKind,
  type MergeConflict,
  type Place,
  placeKey,
  type Resolution,
  type Side,
  told,
  type Three,
} from './conflict.js';

/** What a dispute is about. */
export interface Dispute<Value> {
  readonly kind: ConflictKind;
  readonly aspect: string;
  readonly why: string;
  /** What the merge goes on with; ours, or else theirs, where there is nothing to propose. */
  readonly proposal: Value | undefined;
}

interface Settling<Value> extends Partial<Dispute<Value>> {
  /** Structural when absent. */
  readonly same?: (a: Value | undefined, b: Value | undefined) => boolean;
}

/** Decisions that concern a whole object: taken as it is on one side, or given. */
export interface Decisions {
  readonly sides: ReadonlyMap<string, Side>;
  readonly values: ReadonlyMap<string, unknown>;
}

/** The resolutions of one merge, and which of them decided something. */
export class Resolutions {
  private readonly byKey: ReadonlyMap<string, Resolution>;
  private readonly used = new Set<string>();

  constructor(resolutions: readonly Resolution[]) {
    this.byKey = new Map(resolutions.map((one) => [aspectKey(one, one.aspect), one]));
  }

  of(place: Place, aspect: string): Resolution | undefined {
    const key = aspectKey(place, aspect);
    const found = this.byKey.get(key);
    if (found !== undefined) this.used.add(key);
    return found;
  }

  /** Those that decided nothing. */
  unused(): readonly Resolution[] {
    return [...this.byKey].flatMap(([key, resolution]) => (this.used.has(key) ? [] : [resolution]));
  }
}

/** Settles aspect by aspect what the merged state holds, and keeps what it could not settle. */
export class Judge {
  readonly conflicts: MergeConflict[] = [];
  readonly notes: string[] = [];

  constructor(
    private readonly resolutions: Resolutions,
    private readonly decisions: Decisions,
  ) {}

  /** Whether anything was decided about a whole object. */
  get decides(): boolean {
    return this.decisions.sides.size + this.decisions.values.size > 0;
  }

  /** A decision about the whole object, made elsewhere in the merge. */
  decided<Value>(place: Place, three: Three<Value>): { readonly value: Value | undefined } | undefined {
    const key = placeKey(place);
    if (this.decisions.values.has(key)) return { value: this.decisions.values.get(key) as Value | undefined };
    const side = this.decisions.sides.get(key);
    return side === undefined ? undefined : { value: three[side] };
  }

  /** The value of an aspect: that of the side which changed it; both may have made the same change. */
  settle<Value>(
    place: Place,
    aspect: string,
    three: Three<Value>,
    { same = equal, ...dispute }: Settling<Value> = {},
  ): Value | undefined {
    const { base, ours, theirs } = three;
    if (same(ours, theirs)) return ours;
    if (same(base, ours)) return theirs;
    if (same(base, theirs)) return ours;
    const why = `both sides changed the ${aspect} of ${place.object}, each in its own way`;
    return this.dispute(place, three, { kind: 'same-attribute', why, proposal: ours, ...dispute, aspect });
  }

  /** What a person decided, or the proposal and a conflict. */
  dispute<Value>(
    place: Place,
    three: Three<Value>,
    { kind, aspect, why, proposal }: Dispute<Value>,
  ): Value | undefined {
    const resolution = this.resolutions.of(place, aspect);
    if (resolution?.take === 'edited') return (resolution.value ?? undefined) as Value | undefined;
    if (resolution !== undefined) return three[resolution.take];
    const { noun, object } = place;
    const values = { base: told(three.base), ours: told(three.ours), theirs: told(three.theirs) };
    const choices = ['ours', 'theirs', 'edited'] as const;
    this.conflicts.push({ kind, noun, object, aspect, ...values, proposal: told(proposal), why, choices });
    return proposal ?? three.ours ?? three.theirs;
  }
}
