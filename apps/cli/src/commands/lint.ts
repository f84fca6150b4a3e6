import { atLeast, type LintSeverities } from '@dsem/engine';
import type { EngineName, Severity } from '@dsem/schema';
import type { LintAnswer } from '../answers/lint.js';
import { action, type Call, type Verb } from '../context.js';
import type { Result } from '../output/emit.js';
import { problemText } from '../output/problem.js';
import { paint } from '../output/paint.js';
import { problemJson } from '../output/problem.js';
import { usage } from '../problem.js';
import { engineNamed, engineOfTexts, engineUnknown } from '../state/engine.js';
import { readSources, type SourceFile } from '../state/files.js';
import { readStates, type State } from '../state/read-state.js';
import { type EngineOptions, tellNotes, withStates } from './inputs.js';

const failLevels = ['error', 'warning', 'info', 'never'] as const;
type FailLevel = (typeof failLevels)[number];

type Options = EngineOptions & {
  readonly state?: string;
  readonly engineVersion?: string;
  readonly inTransaction?: true;
  readonly failLevel: string;
  readonly rule?: LintSeverities;
  readonly rules?: true;
};

const severities: readonly (Severity | 'off')[] = ['off', 'info', 'warning', 'error'];

const ruleOption = (text: string, before: LintSeverities = {}): LintSeverities => {
  const [id = '', word] = text.split('=');
  const severity = severities.find((each) => each === word);
  if (severity === undefined) throw usage(`--rule wants <id>=off|info|warning|error, not ${text}.`);
  return { ...before, [id]: severity };
};

const failLevelNamed = (text: string): FailLevel => {
  const found = failLevels.find((level) => level === text);
  if (found === undefined) throw usage(`--fail-level wants ${failLevels.join(', ')}, not ${text}.`);
  return found;
};

const readScripts = async (inputs: readonly string[], { io }: Call<Options>): Promise<readonly SourceFile[]> => {
  if (inputs.length === 0) throw usage('There is no script to judge.', 'Name files, folders, or - for standard input.');
  if (inputs.filter((input) => input === '-').length > 1) throw usage('Only one script can come from standard input.');
  const read = [];
  for (const input of inputs) read.push(...(await readSources(input, io)));
  return read;
};

const readBefore = async (engine: EngineName | undefined, call: Call<Options>): Promise<State | undefined> => {
  const { io, options, tell } = call;
  if (options.state === undefined) return undefined;
  const states = await readStates([options.state], io, { ...options, ...(engine && { engine }), sizes: true });
  tellNotes(states, tell);
  return states[0];
};

const fails = ({ findings }: LintAnswer, level: FailLevel): boolean =>
  level !== 'never' && findings.some(({ severity }) => atLeast(severity, level));

const listRules = async ({ options }: Call<Options>): Promise<Result> => {
  const [{ listedRules }, { rulesText }] = await Promise.all([
    import('../answers/lint.js'),
    import('../human/lint.js'),
  ]);
  const engine = options.engine === undefined ? undefined : engineNamed(options.engine);
  const rules = listedRules(engine, options.rule ?? {});
  return { json: { rules }, human: () => rulesText(rules) };
};

const answerOf = async (scripts: readonly SourceFile[], call: Call<Options>): Promise<LintAnswer> => {
  const { options } = call;
  const named = options.engine === undefined ? engineOfTexts(scripts) : engineNamed(options.engine);
  const before = await readBefore(named, call);
  const engine = named ?? before?.engine;
  if (engine === undefined) throw engineUnknown(scripts[0]?.file ?? 'the scripts');
  const { lintAnswer } = await import('../answers/lint.js');
  return lintAnswer(engine, {
    sources: scripts,
    ...(before && { state: before.schema }),
    ...(before?.sizes && { sizes: before.sizes }),
    version: options.engineVersion,
    inTransaction: options.inTransaction === true,
    severities: options.rule ?? {},
  });
};

const judge = async (inputs: readonly string[], call: Call<Options>): Promise<Result> => {
  const level = failLevelNamed(call.options.failLevel);
  const scripts = await readScripts(inputs, call);
  const answer = await answerOf(scripts, call);
  const [{ unreadable }, { lintText }] = await Promise.all([import('../answers/lint.js'), import('../human/lint.js')]);
  const { errors, ...rest } = answer;
  for (const error of errors) call.io.stderr.write(problemText(error, paint(false)));
  return {
    exit: errors.length > 0 ? 'refused' : fails(answer, level) ? 'incompatible' : 'fine',
    json: { ...rest, errors: errors.map((error) => (problemJson(error) as { error: object }).error) },
    findings: [...errors.map(unreadable), ...answer.findings],
    title: 'Lint',
    human: (colors) => lintText(answer, scripts.length - errors.length, colors),
  };
};

/** `dsem lint FILE...` */
export const lint: Verb = (command, run) => {
  withStates(command)
    .argument('[script...]', 'files, folders (their files in name order), or - for standard input')
    .option('--state <state>', 'the state the first script runs against; a live one also tells how large tables are')
    .option('--in-transaction', 'whoever runs the scripts wraps each in a transaction')
    .option('--engine-version <version>', 'the version of the server (default: the newest supported)')
    .option('--rule <id=severity>', 'another severity for a rule: off, info, warning or error; several', ruleOption)
    .option('--fail-level <level>', 'end with 3 from this severity on: error, warning, info or never', 'error')
    .option('--rules', 'list the rules with their severities')
    .action(
      action<Options, [readonly string[]]>(run, (call, inputs) =>
        call.options.rules === true ? listRules(call) : judge(inputs, call),
      ),
    );
};
