import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type Column, type Finding, pathOf } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier } from '../identifiers.js';
import { recomputed } from '../recomputed.js';
import { hazardRules } from '../rules.js';
import { alter, columnTarget } from './alter.js';
import { columnText } from './column-text.js';
import { tuneColumn } from './column-tuning.js';
import { commentOn } from './comments.js';
import { refuseFixed } from './partitions.js';
import { locks, statement } from './statement.js';

type Change = ChangeOf<'change-generated'>;

const hazardsOf = ({ table, from, to }: Change): readonly Finding[] => {
  const path = pathOf(table, to.name);
  if (!to.generated) return [finding(hazardRules.dropGenerated, path, `${path} is no longer computed.`)];
  if (from.generated) return [finding(hazardRules.changeGenerated, path, `${path} is computed in another way.`)];
  return [finding(hazardRules.dropColumn, path, `The values of ${path} give way to computed ones.`)];
};

const long = (rewrites: boolean, path: string) =>
  rewrites
    ? {
        lock: locks.exclusiveLong,
        cost: 'rewrite' as const,
        hazards: [finding(hazardRules.storedGenerated, path, `The table is rewritten to store ${path}.`)],
      }
    : {};

const dropExpression = ({ table, to }: Change): string =>
  alter(table, `ALTER COLUMN ${identifier(to.name)} DROP EXPRESSION`);

/** The column as it is added first: what was virtual is stored for a moment, so that its values stay. */
const added = ({ from, to }: Change): Column =>
  to.generated || !from.generated ? to : { ...to, generated: { ...from.generated, stored: true } };

/** The column goes and comes back computed in the other way, in one transaction. */
const anew = (change: Change, context: RenderContext): readonly Statement[] => {
  const { table, from, to } = change;
  refuseFixed(change, table, from.name, context);
  const column = added(change);
  return [
    statement(alter(table, `DROP COLUMN ${identifier(from.name)}`), { hazards: hazardsOf(change) }),
    statement(
      alter(table, `ADD COLUMN ${columnText(column, context.state)}`),
      long(column.generated?.stored === true, pathOf(table, to.name)),
    ),
    ...(to.generated ? [] : [statement(dropExpression(change))]),
    ...tuneColumn(table, {}, to, context),
    ...commentOn(columnTarget(table, to.name), to.comment),
  ];
};

/** A column becomes computed, is computed in another way, or is computed no more. */
export const changeGenerated = (change: Change, context: RenderContext): readonly Statement[] => {
  const { table, from, to } = change;
  if (recomputed(from, to, context.version)) return anew(change, context);
  const hazards = hazardsOf(change);
  if (!to.generated) return [statement(dropExpression(change), { hazards })];
  const text = alter(table, `ALTER COLUMN ${identifier(to.name)} SET EXPRESSION AS (${to.generated.expression})`);
  return [statement(text, to.generated.stored ? { lock: locks.exclusiveLong, cost: 'rewrite', hazards } : { hazards })];
};
