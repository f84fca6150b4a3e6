import { type StructType, type TypeDefinition, equal } from '@dsem/schema';
import { typeTouches } from '../lookup.js';
import { type Hit, rule } from '../rule.js';

type Verdict = Pick<Hit, 'message' | 'severity' | 'breaks' | 'bump'>;

const structVerdict = (object: string, from: StructType, to: StructType): Verdict => {
  const kept = to.fields.slice(0, from.fields.length);
  return equal(kept, from.fields)
    ? { message: `Type ${object} gains fields`, breaks: ['OR'] }
    : { message: `Fields of type ${object} go or change`, severity: 'error', breaks: ['OR', 'OW'], bump: 'major' };
};

const verdict = (object: string, from: TypeDefinition, to: TypeDefinition): Verdict | undefined => {
  if (from.kind === 'struct' && to.kind === 'struct') {
    return equal(from.fields, to.fields) ? undefined : structVerdict(object, from, to);
  }
  if (from.kind === 'other' && to.kind === 'other') {
    return equal(from.definition, to.definition) ? undefined : { message: `Type ${object} is defined differently` };
  }
  if (from.kind !== 'domain' || to.kind !== 'domain') return undefined;
  const newCheck = to.checks.some(({ expression }) => !from.checks.some((old) => old.expression === expression));
  if (newCheck || (from.nullable && !to.nullable)) {
    return { message: `Domain ${object} accepts less`, severity: 'error', breaks: ['OW'], bump: 'major' };
  }
  const loosened = from.checks.length !== to.checks.length || from.nullable !== to.nullable;
  if (loosened) return { message: `Domain ${object} accepts more`, breaks: ['OR'] };
  return equal(from.base, to.base) && from.default === to.default
    ? undefined
    : { message: `Domain ${object} is defined differently` };
};

export const changeTypeDefinition = rule({
  id: 'change-type-definition',
  title: 'A type is defined differently',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: [],
  bump: 'minor',
  why: 'Every column of the type holds, accepts or refuses other values from then on.',
  fix: 'Make a new type beside it and move the columns one by one.',
  on: ['alter-type'],
  check: (change, context) => {
    const found = verdict(change.object, change.from, change.to);
    if (found === undefined) return [];
    return [{ object: change.object, ...found, touches: typeTouches(context.from, change.from) }];
  },
});
