import type { Blocks, Cost } from '@dsem/engine';
import type { Plan, Step } from '@dsem/plan';
import type { Paint } from '../output/paint.js';
import { printable } from '../output/printable.js';
import { count, indent } from '../output/table.js';
import { findingLines } from './findings.js';

const blocking: Record<Blocks, string> = {
  none: 'nobody waits',
  brief: 'others wait for a moment',
  writes: 'writers wait until it is done',
  all: 'everybody waits until it is done',
};
const costs: Record<Cost, string> = {
  meta: 'catalogue only',
  scan: 'reads the table',
  build: 'builds an index',
  rewrite: 'rewrites the table',
  hidden: 'work that goes on behind',
};

const statements = (texts: readonly string[]): string => texts.map((text) => `${printable(text)};`).join('\n');

const reverse = ({ reverse: back, irreversibleBecause, reverseLosses = [] }: Step, paint: Paint): string => {
  if (back === null) return paint.magenta(`none: ${printable(irreversibleBecause ?? 'it cannot be taken back')}`);
  const lost = reverseLosses.map(({ message }) => paint.magenta(`! ${printable(message)}`));
  return [back.length === 0 ? 'nothing to do' : statements(back), ...lost].join('\n');
};

const row = (label: string, text: string): string => {
  const [head = '', ...tail] = text.split('\n');
  return [`     ${label.padEnd(9)}${head}`, ...tail.map((line) => `              ${line}`)].join('\n');
};

const step = (one: Step, at: number, paint: Paint): string => {
  const { phase, kind, object, lock, cost, timeouts, transactional, hazards } = one;
  const seconds = (ms: number): string => `${ms / 1000} s`;
  const waits = `lock ${seconds(timeouts.lockMs)}, statement ${seconds(timeouts.statementMs)}`;
  return [
    `${paint.bold(`${String(at + 1).padStart(3)}. ${kind.replaceAll('-', ' ')} ${printable(object)}`)}  (${phase})`,
    row('run', paint.cyan(statements(one.statements))),
    row('lock', `${lock.level}: ${blocking[lock.blocks]}; ${costs[cost]}`),
    row('limits', `${waits}; ${transactional ? 'in one transaction' : 'outside a transaction'}`),
    row('undo', reverse(one, paint)),
    ...(hazards.length === 0 ? [] : [indent(findingLines(hazards, paint), 5).trimEnd()]),
    '',
  ].join('\n');
};

/** The findings that no step tells already. */
const beyondSteps = ({ findings, steps }: Plan): Plan['findings'] => {
  const told = new Set(steps.flatMap(({ hazards }) => hazards.map(({ rule, object }) => `${rule} ${object}`)));
  return findings.filter(({ rule, object }) => !told.has(`${rule} ${object}`));
};

/** A plan that is understood without documentation. */
export const planText = (plan: Plan, paint: Paint): string => {
  const { engine, engineVersion, steps, changes, destructive, hash } = plan;
  if (steps.length === 0) return `Nothing to do: both states are the same (${plan.to.digest}).\n`;
  const way = steps.every(({ reverse: back }) => back !== null)
    ? 'every step can be undone'
    : 'not every step can be undone';
  return [
    `${paint.bold(`Plan for ${engine} ${engineVersion}`)}: ${count(steps.length, 'step')} for ${count(changes.length, 'change')}, ${way}`,
    destructive ? paint.magenta('! Data can be lost: see the findings.') : 'No data is lost.',
    '',
    ...steps.map((one, at) => step(one, at, paint)),
    ...(beyondSteps(plan).length === 0 ? [] : [paint.bold('Findings'), findingLines(beyondSteps(plan), paint)]),
    paint.dim(`from ${plan.from.digest}\nto   ${plan.to.digest}\nplan ${hash}`),
    '',
  ].join('\n');
};

/** Forward statements as a script, with transactions where a step has one. */
export const planSql = ({ steps }: Plan): string =>
  steps
    .map(({ id, kind, object, transactional, statements: texts }) => {
      const body = texts.map((text) => `${text};`);
      const lines = transactional && body.length > 1 ? ['BEGIN;', ...body, 'COMMIT;'] : body;
      return `-- ${id}: ${kind} ${printable(object).replaceAll('\n', ' ')}\n${lines.join('\n')}\n`;
    })
    .join('\n');
