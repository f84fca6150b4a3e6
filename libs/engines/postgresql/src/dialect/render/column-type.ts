import type { RenderContext, Statement } from '@dsem/engine';
import { type ChangeOf, type Column, type Finding, type ObjectName, pathOf } from '@dsem/schema';
import { converted, type Outcome, outcomeOf } from '../conversion.js';
import { cutsSilently, typeChange } from '../diff.js';
import { expressionTree } from '../grammar.js';
import { finding } from '../hazards.js';
import { identifier } from '../identifiers.js';
import { columnsIn } from '../normalize/tree.js';
import { hazardRules } from '../rules.js';
import { alter } from './alter.js';
import { collationOf, collationText } from './column-text.js';
import { tuneColumn } from './column-tuning.js';
import { refuseFixed } from './partitions.js';
import { cannot, locks, statement } from './statement.js';

/** Another kind of value: either every value has a counterpart, or the rows decide. */
const familyHazards = (path: string, message: string, { always, query }: Outcome): readonly Finding[] => [
  finding(hazardRules.lossyType, path, `${message}${always ? ' Every value converts.' : ''}`),
  ...(always
    ? []
    : [finding(hazardRules.narrowType, path, `${path} may hold values that do not convert.`, look(query))]),
  finding(hazardRules.typeRewrite, path, message),
];

const look = (query: string | undefined): string | undefined =>
  query === undefined ? undefined : `Look for rows that do not fit: ${query}`;

const typeHazards = (
  { from, to, table }: ChangeOf<'change-column-type'>,
  { version }: RenderContext,
): readonly Finding[] => {
  const path = pathOf(table, to.name);
  const { effect, rewrite } = typeChange(from.type, to.type);
  const message = `${path} changes from ${from.type.native} to ${to.type.native}.`;
  const outcome = outcomeOf(table, from, to, version);
  switch (effect) {
    case 'same':
      return [];
    case 'widen':
      return [finding(rewrite ? hazardRules.widenRewrite : hazardRules.typeVisible, path, message)];
    case 'narrow':
      return [
        finding(
          cutsSilently(from.type, to.type) ? hazardRules.lossyType : hazardRules.narrowType,
          path,
          message,
          look(outcome.query),
        ),
        ...(rewrite ? [finding(hazardRules.typeRewrite, path, message)] : []),
      ];
    case 'family':
      return familyHazards(path, message, outcome);
    default:
      return effect satisfies never;
  }
};

const computedFrom = (state: RenderContext['state'], table: ObjectName, column: string): string | undefined =>
  state.tables
    .find((one) => pathOf(one) === pathOf(table))
    ?.columns.find(({ generated }) => generated && columnsIn(expressionTree(generated.expression)).includes(column))
    ?.name;

/** A column right after its type has changed: storage and compression are the new type's own. */
export const retyped = ({ attributes }: Column): Pick<Column, 'attributes'> => {
  const { storage: _, compression: __, ...rest } = attributes ?? {};
  return { attributes: rest };
};

/** A column becomes of another type. */
export const changeType = (change: ChangeOf<'change-column-type'>, context: RenderContext): readonly Statement[] => {
  const { from, to, table } = change;
  refuseFixed(change, table, from.name, context);
  const { state } = context;
  const reader = computedFrom(state, table, from.name);
  if (reader) return cannot(change, `the generated column ${reader} is computed from it`);
  const { effect, rewrite } = typeChange(from.type, to.type);
  const name = identifier(to.name);
  const collation = collationOf(to);
  const collate = collation === undefined ? '' : ` COLLATE ${collationText(collation, state)}`;
  const using = effect !== 'family' || to.generated ? '' : ` USING ${converted(name, from.type, to.type)}`;
  const facts = rewrite ? { lock: locks.exclusiveLong, cost: 'rewrite' as const } : {};
  const text = alter(table, `ALTER COLUMN ${name} TYPE ${to.type.native}${collate}${using}`);
  return [
    statement(text, { ...facts, hazards: typeHazards(change, context) }),
    ...tuneColumn(table, retyped(from), to, context),
  ];
};
