import type { Statement } from '@dsem/engine';
import { equal, type Finding, type Routine } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, literal, qualified } from '../identifiers.js';
import { settingText } from '../parse/settings.js';
import { dollarQuoted, routineHead, routineWord } from '../routine-text.js';
import { hazardRules } from '../rules.js';
import { attributesAs, type RoutineArgument, type RoutineAttributes } from '../types/code.js';
import { aggregateText, keepsAggregate } from './aggregates.js';
import { commentOn } from './comments.js';
import { locks, type Renderers, statement } from './statement.js';

const words = (routine: Routine): readonly (string | undefined)[] => {
  const held = attributesAs<RoutineAttributes>(routine);
  const { transforms = [], settings = {} } = held;
  return [
    transforms.length === 0 ? undefined : `TRANSFORM ${transforms.map((type) => `FOR TYPE ${type}`).join(', ')}`,
    held.window && 'WINDOW',
    held.volatility?.toUpperCase(),
    held.leakproof && 'LEAKPROOF',
    held.strict && 'STRICT',
    held.securityDefiner && 'SECURITY DEFINER',
    held.parallel && `PARALLEL ${held.parallel.toUpperCase()}`,
    held.cost && `COST ${held.cost}`,
    held.rows && `ROWS ${held.rows}`,
    held.support && `SUPPORT ${held.support}`,
    ...Object.entries(settings).map(([name, value]) => `SET ${settingName(name)} TO ${settingText(name, value)}`),
  ];
};

const settingName = (name: string): string => name.split('.').map(identifier).join('.');

const codeText = (routine: Routine): string => {
  const { sqlBody, library } = attributesAs<RoutineAttributes>(routine);
  if (sqlBody) return routine.body.normal;
  if (library !== undefined) return `AS ${literal(library)}, ${literal(routine.body.normal)}`;
  return `AS ${dollarQuoted(routine.body.normal)}`;
};

const functionText = (routine: Routine, create: string): string =>
  [
    `${create} ${routineHead(routine)}`,
    `LANGUAGE ${identifier(routine.language ?? 'sql')}`,
    ...words(routine).filter((word) => word !== undefined && word !== ''),
    codeText(routine),
  ].join(' ');

const routineText = (routine: Routine, create: string): string =>
  routine.kind === 'aggregate' ? aggregateText(routine, create) : functionText(routine, create);

const inputs = ({ kind, signature }: Routine): string => (kind === 'aggregate' && signature === '' ? '*' : signature);

/** A routine as other statements name it: with the types of its arguments. */
export const routineTarget = (routine: Routine): string =>
  `${routineWord(routine)} ${qualified(routine)}(${inputs(routine)})`;

/** The text that makes a routine. */
export const createRoutine = (routine: Routine): string => routineText(routine, 'CREATE');

const create = (routine: Routine): readonly Statement[] => [
  statement(createRoutine(routine), { lock: locks.none }),
  ...commentOn(routineTarget(routine), routine.comment),
];

const argumentsOf = (routine: Routine): readonly RoutineArgument[] =>
  attributesAs<RoutineAttributes>(routine).arguments ?? [];

const keepsArgument = (from: RoutineArgument, to: RoutineArgument | undefined): boolean =>
  to !== undefined &&
  from.type === to.type &&
  from.mode === to.mode &&
  (from.name === undefined || from.name === to.name) &&
  (from.default === undefined || to.default !== undefined);

/**
 * Whether CREATE OR REPLACE will do: kind and result stay (with the state of an aggregate), arguments keep their names,
 * types and modes, and defaults are only added or changed.
 */
export const isReplaceableRoutine = (from: Routine, to: Routine): boolean => {
  const [before, after] = [argumentsOf(from), argumentsOf(to)];
  return (
    from.kind === to.kind &&
    from.returns === to.returns &&
    (from.kind !== 'aggregate' || keepsAggregate(from, to)) &&
    before.length === after.length &&
    before.every((one, at) => keepsArgument(one, after[at]))
  );
};

const withoutComment = ({ comment: _, ...rest }: Routine): Routine => rest;

/** Whether anything but the comment differs. */
export const routineChanges = (from: Routine, to: Routine): boolean => !equal(withoutComment(from), withoutComment(to));

/** Whether the server has to drop and make it to change it. */
export const isMadeAnew = (from: Routine, to: Routine): boolean =>
  routineChanges(from, to) && !isReplaceableRoutine(from, to);

const changed = (from: Routine, to: Routine, object: string): readonly Statement[] => {
  const hazards: readonly Finding[] = [finding(hazardRules.replaceView, object, `The ${to.kind} ${object} changes.`)];
  if (isReplaceableRoutine(from, to)) {
    return [
      statement(routineText(to, 'CREATE OR REPLACE'), { lock: locks.none, hazards }),
      ...commentOn(routineTarget(to), to.comment, from.comment),
    ];
  }
  return [statement(`DROP ${routineTarget(from)}`, { hazards }), ...create(to)];
};

const alter = (from: Routine, to: Routine, object: string): readonly Statement[] =>
  routineChanges(from, to) ? changed(from, to, object) : commentOn(routineTarget(to), to.comment, from.comment);

/** Functions, procedures and aggregates. */
export const routineRenderers: Renderers<'create-routine' | 'drop-routine' | 'alter-routine'> = {
  'create-routine': ({ routine }) => create(routine),
  'drop-routine': ({ routine, object }) => [
    statement(`DROP ${routineTarget(routine)}`, {
      lock: locks.none,
      hazards: [finding(hazardRules.dropRoutine, object, `The ${routine.kind} ${object} is dropped.`)],
    }),
  ],
  'alter-routine': ({ from, to, object }) => alter(from, to, object),
};
