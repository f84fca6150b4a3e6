import type { MigrationProgress, RouteOutput, Routes } from '@dsem/api';
import type { Plan } from '@dsem/plan';
import colors from 'picocolors';

type Report = RouteOutput<Routes['listReports']>['items'][number];

const out = (line = ''): void => void process.stdout.write(`${line}\n`);

let stage = 0;

/** The head line of a stage. */
export const heading = (title: string, what: string): void => {
  stage += 1;
  out();
  out(`${colors.bold(colors.cyan(`${stage}. ${title}`))}  ${what}`);
};

/** One line below a heading. */
export const line = (text: string): void => out(`   ${text}`);

/** A line with a tick. */
export const done = (text: string): void => line(`${colors.green('✓')} ${text}`);

/** A line with a cross, for what was refused as it should be. */
export const refused = (text: string): void => line(`${colors.red('✗')} ${text}`);

/** The first characters of a digest. */
export const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12);

const mark = (severity: string): string =>
  severity === 'error' ? colors.red('!') : severity === 'warning' ? colors.yellow('~') : colors.dim('·');

/** A verdict with its score and its findings. */
export const showReport = (report: Report): void => {
  const verdict = report.compatible ? colors.green('compatible') : colors.red('incompatible');
  line(`${report.mode}: ${verdict}, score ${report.score} of 100, version step: ${report.semver}`);
  for (const finding of report.findings) {
    const who = (finding.consumers ?? []).map((consumer) => consumer.name).join(', ');
    line(`  ${mark(finding.severity)} ${finding.rule}: ${finding.message}${who === '' ? '' : ` [${who}]`}`);
  }
};

const statementLines = (statements: readonly string[]): string[] =>
  statements.flatMap((statement) => statement.trim().split('\n'));

/** A plan, step by step: statements, lock, cost, and the way back. */
export const showPlan = (plan: Plan): void => {
  for (const step of plan.steps) {
    const { level, blocks } = step.lock;
    const mode = step.transactional ? '' : ', outside a transaction';
    line(`${colors.bold(step.id)} ${step.kind} ${step.object}`);
    line(colors.dim(`   lock ${level} (blocks ${blocks}), cost ${step.cost}${mode}`));
    for (const text of statementLines(step.statements)) line(`   ${colors.green('→')} ${text}`);
    const back = step.reverse === null ? [`irreversible: ${step.irreversibleBecause ?? ''}`] : step.reverse;
    for (const text of statementLines(back)) line(`   ${colors.yellow('←')} ${colors.dim(text)}`);
  }
};

const stepText = (target: MigrationProgress['targets'][number]): string => {
  const { step } = target;
  if (step === undefined) return '';
  return step.of === 0 ? step.state : `${step.index}/${step.of} ${step.object} ${step.state}`;
};

/** Prints each environment's line whenever it says something new. */
export const progressPrinter = (): ((progress: MigrationProgress) => void) => {
  const said = new Map<string, string>();
  return (progress) => {
    for (const target of progress.targets) {
      const text = `${target.environment.padEnd(12)} ${target.status.padEnd(11)} ${stepText(target)}`.trimEnd();
      if (target.attempt === 0 || said.get(target.environment) === text) continue;
      said.set(target.environment, text);
      line(text);
    }
  };
};
