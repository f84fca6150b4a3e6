import type { RenderContext } from '@dsem/engine';
import type { Change } from '@dsem/schema';
import { cannot } from './statement.js';

interface Need {
  readonly version: number;
  readonly what: string;
}

const needOf = (name: string, value: unknown): Need | undefined => {
  if (name === 'nullsNotDistinct' && value === true) return { version: 15, what: 'NULLS NOT DISTINCT' };
  if (name === 'security_invoker') return { version: 15, what: 'security_invoker' };
  if (name === 'compression') return { version: 14, what: 'COMPRESSION of a column' };
  if (name === 'onDeleteColumns') return { version: 15, what: 'ON DELETE SET NULL with columns' };
  if (name === 'notEnforced' && value === true) return { version: 18, what: 'NOT ENFORCED' };
  if (name === 'withoutOverlaps' && value === true) return { version: 18, what: 'WITHOUT OVERLAPS' };
  if (name === 'period' && value === true) return { version: 18, what: 'PERIOD of a foreign key' };
  if (name === 'multirange') return { version: 14, what: 'a name for multiranges' };
  const isVirtual = name === 'generated' && (value as { readonly stored?: boolean } | undefined)?.stored === false;
  return isVirtual ? { version: 18, what: 'a virtual generated column' } : undefined;
};

const needsOf = (value: unknown): readonly Need[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, held]) => {
    const need = name === 'from' ? undefined : needOf(name, held);
    return [...(need ? [need] : []), ...(name === 'from' ? [] : needsOf(held))];
  });
};

/** @throws UnsupportedChange when the change makes something that the target's version does not know yet. */
export const checkVersion = (change: Change, { version }: RenderContext): void => {
  if (Number(version) >= 18 || change.kind.startsWith('drop-')) return;
  const missing = needsOf(change).find((need) => Number.parseInt(version, 10) < need.version);
  if (missing) cannot(change, `${missing.what} needs PostgreSQL ${missing.version}, the target has ${version}`);
};
