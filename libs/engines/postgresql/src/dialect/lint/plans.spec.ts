import { join } from 'node:path';
import { type Plan, plan, type Step } from '@dsem/plan';
import { type Finding, onTablePath, pathOf, type Rename, type Schema, UnsupportedChange } from '@dsem/schema';
import { type TxtarCase, txtarCases } from '@dsem/testkit';
import { postgresqlDialect } from '../index.js';
import { judge } from './judge.js';

const cases = txtarCases(join(__dirname, '..', '..', '..', 'testdata', 'plan'));

const read = async (text: string | undefined): Promise<Schema> =>
  (await postgresqlDialect.parse([{ text: text ?? '' }])).schema;

const planOf = (from: Schema, to: Schema, renames: readonly Rename[]): Plan | undefined => {
  try {
    return plan({ dialect: postgresqlDialect, from, to, version: '18', style: 'online', renames });
  } catch (error) {
    if (error instanceof UnsupportedChange) return undefined;
    throw error;
  }
};

/** The script of a step, and how many statements it has. */
const scriptOf = ({ statements, transactional }: Step): readonly string[] =>
  transactional && statements.length > 1 ? ['BEGIN', ...statements, 'COMMIT'] : statements;

const caseOf = async ({ files }: TxtarCase) => {
  const [from, to] = [await read(files['from.sql']), await read(files['to.sql'])];
  const made = planOf(from, to, JSON.parse(files['renames.json'] ?? '[]') as Rename[]);
  return { from, steps: made?.steps ?? [] };
};

/** Whether a constraint or policy of the state before carries the path: a step that has to drop it makes it again. */
const stoodBefore = (path: string, { tables, policies }: Schema): boolean =>
  policies.some((policy) => onTablePath(policy) === path) ||
  tables.some((table) =>
    [...table.uniques, ...table.foreignKeys, ...table.checks].some(({ name }) => pathOf(table, name) === path),
  );

const isOfParts = (hazard: Finding['hazard']): boolean => hazard === 'data-dependent' || hazard === 'security';

/** The name of an identity's sequence is the server's, so its privileges are given by a name that it tells. */
const isOfIdentity = (rule: string, { kind }: Step): boolean => rule === 'dynamic-sql' && kind.endsWith('-grant');

/** The plan names the rule, the kind of harm, or that others wait until the work of the whole step is done. */
const isNamed = ({ rule, hazard, object }: Finding, step: Step | undefined, from: Schema): boolean => {
  if (step === undefined) return false;
  const { blocks } = step.lock;
  const works = step.cost === 'rewrite' || step.cost === 'build';
  const waits = hazard === 'lock' && works && (blocks === 'all' || blocks === 'writes');
  const known = step.hazards.some((own) => own.rule === rule || own.hazard === hazard);
  return waits || known || isOfIdentity(rule, step) || (isOfParts(hazard) && stoodBefore(object, from));
};

describe('lint finds no error in what the planner prints online that the plan does not name itself', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    const { from, steps } = await caseOf(one);
    const owners = steps.flatMap((step) => scriptOf(step).map(() => step));
    const text = steps.flatMap(scriptOf).map((statement) => `${statement};\n`);
    const { findings, broken } = await judge({
      sources: [{ text: text.join('') }],
      state: from,
      version: '18',
      inTransaction: false,
    });
    const surprises = findings
      .filter((finding) => finding.severity === 'error' && !isNamed(finding, owners[finding.statement!], from))
      .map(({ rule, object, statement }) => [rule, object, owners[statement!]?.kind]);
    expect([broken, surprises]).toEqual([[], []]);
  });
});
