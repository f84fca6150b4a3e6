import type { ObjectName } from '@dsem/schema';
import { identifier, shortest, splitName } from './identifiers.js';

const catalogue = 'pg_catalog';

/** The name of an operator inside a definition: that of one of the server stands alone. */
export const spelledOperator = ({ namespace, name }: ObjectName): string =>
  namespace === undefined || namespace === catalogue ? name : `${shortest(namespace)}.${name}`;

/** The same the other way round; no operator has a dot in its name. */
export const operatorSpelled = (text: string): { readonly namespace: string; readonly name: string } => {
  const dot = text.lastIndexOf('.');
  if (dot < 0) return { namespace: catalogue, name: text };
  return { namespace: splitName(text.slice(0, dot))[0] ?? '', name: text.slice(dot + 1) };
};

/** An operator as SQL names it where its schema counts. */
export const operatorText = (text: string): string => {
  const { namespace, name } = operatorSpelled(text);
  return `OPERATOR(${identifier(namespace)}.${name})`;
};
