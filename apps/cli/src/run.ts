import { Command, CommanderError, Option } from 'commander';
import { verbs, type ListedVerb } from './commands/index.js';
import type { Run } from './context.js';
import { exitCodes, exitOf, type Exit } from './exit-codes.js';
import type { Io } from './io.js';
import { formats, type Format } from './output/emit.js';
import { jsonText } from './output/order.js';
import { paint, wantsColor } from './output/paint.js';
import { problemJson, problemText } from './output/problem.js';
import { problemOf, usage } from './problem.js';
import { version } from './version.js';

const defaultFormat = (env: Io['env']): Format => formats.find((format) => format === env['DSEM_OUTPUT']) ?? 'human';

const seconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw usage(`--timeout wants seconds, not ${text}.`);
  return value;
};

const globalOptions = (env: Io['env']): readonly Option[] => [
  new Option('-o, --output <format>', 'form of the answer').choices(formats).default(defaultFormat(env)),
  new Option('--output-file <path>', 'write the answer there instead of standard output'),
  new Option('--endpoint <url>', 'server to speak to (DSEM_ENDPOINT, or what login stored)'),
  new Option('--token <key>', 'API key (DSEM_API_KEY, or what login stored)'),
  new Option('--timeout <seconds>', 'how long one call of a server may take').argParser(seconds),
  new Option('--no-color', 'no colours (also NO_COLOR, CI, and output that is no terminal)'),
  new Option('--no-input', 'never ask; what needs an answer is refused'),
  new Option('-y, --yes', 'answer every question with yes'),
  new Option('-q, --quiet', 'nothing on standard error but problems'),
  new Option('-v, --verbose', 'tell causes of problems'),
];

/** Global options may stand before the verb, so the first word that is neither option nor value is the verb. */
const verbAt = (argv: readonly string[], options: readonly Option[]): number => {
  const takesValue = new Set(options.filter(({ required }) => required).flatMap(({ short, long }) => [short, long]));
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-') || word === '-') return at;
    if (takesValue.has(word)) at += 1;
  }
  return argv.length;
};

const verbIn = (argv: readonly string[], options: readonly Option[]): string | undefined => {
  const at = verbAt(argv, options);
  return argv[at] === 'help' ? argv[at + 1] : argv[at];
};

/** After a verb `--version` is the verb's own: the version of a schema or a service, never the program's. */
const isOfVerb = (argv: readonly string[], options: readonly Option[]): boolean =>
  argv.indexOf('--version') > verbAt(argv, options);

const describeVerb = (program: Command, { name, summary }: ListedVerb): Command =>
  program
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);

const programFor = async (argv: readonly string[], run: Run): Promise<Command> => {
  const { io } = run;
  const options = globalOptions(io.env);
  const program = new Command('dsem');
  const wanted = verbIn(argv, options);
  program.description('Distributed Schema Evolution Manager').exitOverride();
  if (!isOfVerb(argv, options)) program.version(version, '--version');
  program.configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: () => undefined,
    getOutHelpWidth: () => (io.stdout.isTTY ? (process.stdout.columns ?? 100) : 100),
    getOutHasColors: () => wantsColor(io.env, io.stdout.isTTY, true),
  });
  program.showSuggestionAfterError(true);
  options.forEach((option) => program.addOption(option));
  for (const verb of verbs) {
    const command = describeVerb(program, verb);
    if (verb.name === wanted) (await verb.load())(command, run);
  }
  const { addHelp } = await import('./commands/help.js');
  addHelp(program, run);
  return program;
};

const shown = new Set(['commander.helpDisplayed', 'commander.version']);

/** Commander's own complaints are the usage errors; its help is no error. */
const asProblem = (error: unknown, argv: readonly string[], env: Io['env']): unknown => {
  if (!(error instanceof CommanderError)) return error;
  const options = globalOptions(env);
  const verb = verbIn(argv, options);
  const fix = `See \`dsem help${verbs.some(({ name }) => name === verb) ? ` ${verb}` : ''}\`.`;
  if (error.message.includes("unknown option '--version"))
    return usage(
      `${argv[verbAt(argv, options)]} has no option --version.`,
      `${fix} \`dsem --version\` prints the program's version.`,
    );
  if (error.code === 'commander.help') return usage(`${verb} needs one of its own verbs.`, fix);
  return usage(error.message.replace(/^error: /u, ''), fix);
};

const wantsJson = (argv: readonly string[], env: Io['env']): boolean => {
  const at = argv.findIndex((word) => /^(-o|--output)(=|$)/u.test(word) || /^-o./u.test(word));
  if (at < 0) return env['DSEM_OUTPUT'] === 'json';
  return /json$/u.test(argv[at] ?? '') || argv[at + 1] === 'json';
};

const tellProblem = (thrown: unknown, argv: readonly string[], io: Io): Exit => {
  const problem = problemOf(asProblem(thrown, argv, io.env));
  const color = wantsColor(io.env, io.stderr.isTTY, !argv.includes('--no-color'));
  if (wantsJson(argv, io.env)) io.stdout.write(jsonText(problemJson(problem)));
  else io.stderr.write(problemText(problem, paint(color)));
  if (argv.includes('-v') || argv.includes('--verbose')) io.stderr.write(`${causes(thrown)}\n`);
  return exitOf(problem.code);
};

const causes = (error: unknown): string =>
  error instanceof Error
    ? `${error.stack ?? error.message}${error.cause === undefined ? '' : `\ncaused by ${causes(error.cause)}`}`
    : String(error);

/** Runs one command line; every outcome is an exit code, nothing is thrown. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const state: Run = { io, exit: 'fine' };
  try {
    const program = await programFor(argv, state);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    const isHelp = error instanceof CommanderError && shown.has(error.code);
    state.exit = isHelp ? 'fine' : tellProblem(error, argv, io);
  }
  return exitCodes[state.exit].code;
};
