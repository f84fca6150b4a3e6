import type { DomainType, EnumType, Grant, Index, Schema, StructType, TypeDefinition } from '../model.js';
import { type Slot, slots } from '../slot.js';
import type { MergeAnswers } from './answers.js';
import type { Place, Three } from './conflict.js';
import type { Judge } from './judge.js';
import { mergeNamed, type NamedRules } from './named.js';
import { mergeOrder } from './order.js';
import { mergeColumns, mergeTable } from './table.js';
import { type KeyRule, type KeyRules, mergeKeys, mergeSet, nested, wholeBut } from './values.js';

const byKeys =
  (rules: KeyRules = {}) =>
  <Value extends object>(judge: Judge, place: Place, three: Three<Value>): Value =>
    mergeKeys(judge, place, three, { attributes: nested, ...rules });

/** An order that says something: what both sides put at one place has to be decided. */
const decidedOrder = (
  judge: Judge,
  place: Place,
  aspect: string,
  order: Three<readonly string[]>,
): readonly string[] => {
  const { names, clash } = mergeOrder(order, mergeSet(order));
  if (!clash) return names;
  const why = `both sides put something at the same place among the ${aspect} of ${place.object}, where the order counts`;
  return judge.dispute(place, order, { kind: 'order', aspect, why, proposal: names }) ?? names;
};

const labels: KeyRule = (judge, place, aspect, three) =>
  decidedOrder(judge, place, aspect, three as Three<readonly string[]>);

const mergeStruct = (judge: Judge, place: Place, three: Three<StructType>, answers: MergeAnswers): StructType =>
  byKeys({
    fields: (_, __, aspect, values) =>
      mergeColumns(judge, place.object, values as Three<StructType['fields']>, answers, (order) =>
        decidedOrder(judge, place, aspect, order),
      ),
  })(judge, place, three);

const checks: KeyRule = (judge, place, _, three) =>
  mergeNamed(judge, three as Three<DomainType['checks']>, {
    noun: 'check',
    key: ({ name }) => name,
    object: ({ name }) => `${place.object}.${name}`,
    both: wholeBut(),
  }).toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** A type that both sides changed; one whose kind differs is one whole. */
const mergeType =
  (answers: MergeAnswers) =>
  (judge: Judge, place: Place, three: Three<TypeDefinition>): TypeDefinition => {
    const kinds = new Set([three.base?.kind, three.ours?.kind, three.theirs?.kind]);
    const [kind] = kinds;
    if (kinds.size > 1 || kind === undefined) return wholeBut()(judge, place, three);
    switch (kind) {
      case 'enum':
        return byKeys({ labels })(judge, place, three as Three<EnumType>);
      case 'struct':
        return mergeStruct(judge, place, three as Three<StructType>, answers);
      case 'domain':
        return byKeys({ checks })(judge, place, three as Three<DomainType>);
      case 'other':
        return byKeys({ definition: nested })(judge, place, three);
      default:
        return kind satisfies never;
    }
  };

const viewIndexes: KeyRule = (judge, place, _, three) => {
  const merged = mergeNamed(judge, three as Three<readonly Index[]>, {
    noun: 'index',
    key: ({ name }) => name,
    object: ({ name }) => `${place.object}.${name}`,
    both: wholeBut(),
  });
  return merged.length === 0 ? undefined : merged.toSorted((a, b) => (a.name < b.name ? -1 : 1));
};

const strings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Privileges are sets, and so is what an engine lists beside them, such as those that may be handed on. */
const privilegeSets: KeyRule = (judge, place, aspect, three) =>
  [three.base, three.ours, three.theirs].every((value) => value === undefined || strings(value))
    ? mergeSet(three as Three<readonly string[]>).toSorted()
    : judge.settle(place, aspect, three);

const grantAttributes: KeyRule = (judge, place, aspect, three) => {
  const entries = three as Three<Readonly<Record<string, unknown>>>;
  const keys = Object.keys({ ...entries.ours, ...entries.theirs });
  const merged = mergeKeys(
    judge,
    place,
    entries,
    Object.fromEntries(keys.map((key) => [key, privilegeSets])),
    `${aspect}.`,
  );
  const kept = Object.entries(merged).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
};

const mergeGrant = (judge: Judge, place: Place, three: Three<Grant>): Grant =>
  mergeKeys(judge, place, three, { privileges: privilegeSets, attributes: grantAttributes });

/** What one side took away stays away: the safe side of two wishes. */
const revoked = (judge: Judge, { object }: Place, { ours, theirs }: Three<Grant>): Grant | undefined => {
  const [taker, giver] = ours === undefined ? ['ours', 'theirs'] : ['theirs', 'ours'];
  if ((ours ?? theirs)?.privileges.length === 0) return ours ?? theirs;
  judge.notes.push(`${taker} revoked ${object}, which ${giver} changed: it stays revoked`);
  return undefined;
};

const merging = <Value>(
  slot: Slot<Schema, Value>,
  rules: Pick<NamedRules<Value>, 'both'> & Partial<NamedRules<Value>>,
): ((judge: Judge, three: Three<Schema>, into: Schema) => Schema) => {
  const all: NamedRules<Value> = { noun: slot.noun, key: slot.path, object: slot.path, ...rules };
  return (judge, { base, ours, theirs }, into) => {
    const lists = { base: base && slot.read(base), ours: ours && slot.read(ours), theirs: theirs && slot.read(theirs) };
    return slot.write(into, mergeNamed(judge, lists, all));
  };
};

/** Every collection of the three states, merged object by object; the result is not in normal order yet. O(objects). */
export const mergeObjects = (judge: Judge, three: Three<Schema>, into: Schema, answers: MergeAnswers): Schema =>
  [
    merging(slots.namespace, { both: byKeys() }),
    merging(slots.extension, { both: byKeys() }),
    merging(slots.type, { both: mergeType(answers) }),
    merging(slots.sequence, { both: byKeys({ options: nested }) }),
    merging(slots.table, { both: (_, place, tables) => mergeTable(judge, place, tables, answers) }),
    merging(slots.routine, { both: wholeBut() }),
    merging(slots.view, { both: wholeBut({ attributes: nested, indexes: viewIndexes }) }),
    merging(slots.trigger, { both: wholeBut() }),
    merging(slots.policy, { both: wholeBut() }),
    merging(slots.grant, { both: mergeGrant, added: mergeGrant, dropped: revoked }),
    merging(slots.object, { both: byKeys({ definition: nested }) }),
  ].reduce((state, merge) => merge(judge, three, state), into);
