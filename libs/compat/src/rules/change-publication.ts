import { equal, type Json } from '@dsem/schema';
import { rule } from '../rule.js';

type Definition = { readonly [part: string]: Json };

const listed = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Whether the one publishes everything that the other does, in the same way. */
const keeps = (from: Definition, to: Definition): boolean => {
  const { tables: _, schemas: __, ...manner } = from;
  const { tables: ___, schemas: ____, ...after } = to;
  const kept = (part: string): boolean =>
    listed(from[part]).every((one) => listed(to[part]).some((other) => equal(one, other)));
  return equal(manner, after) && kept('tables') && kept('schemas');
};

export const changePublication = rule({
  id: 'change-publication',
  title: 'What a publication tells its subscribers changes',
  severity: 'warning',
  hazard: 'breaks-clients',
  breaks: ['OR'],
  bump: 'major',
  why: 'Subscribers miss what happens from now on without an error.',
  fix: 'Tell whoever subscribes, and refresh subscriptions after the change.',
  on: ['alter-object'],
  check: ({ object, from, to }) =>
    to.kind === 'publication' && !keeps(from.definition, to.definition)
      ? [{ object, message: `What ${object} publishes changes` }]
      : [],
});
