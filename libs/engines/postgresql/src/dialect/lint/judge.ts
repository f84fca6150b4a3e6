import {
  type LintedStatement,
  type LintInput,
  type LintReport,
  type Note,
  type SourceText,
  withoutSilenced,
} from '@dsem/engine';
import { type Finding, type Location, Refusal } from '@dsem/schema';
import { loadGrammar } from '../grammar.js';
import { keyOf } from '../parse/draft.js';
import type { Act, ActKind } from './acts.js';
import { effectOf, type Effect, lockOf, together } from './effects.js';
import { type Found, findingOf } from './findings.js';
import type { Entry, Script, ScriptRule } from './rule.js';
import { rules } from './rules/index.js';
import type { Scene, Spot } from './scene.js';
import { type ReadScript, type ReadStatement, readScript } from './script.js';
import { afterControl, afterStatement, begun, holding, labelled, newSession, type Session } from './session.js';
import { kindOf, objectsOf, shown } from './told.js';
import { apply } from './world/apply.js';
import { seeded } from './world/seed.js';
import { forgetFreshness, tableIn, type World } from './world/world.js';

const byKind: ReadonlyMap<ActKind, readonly ScriptRule[]> = rules.reduce((map, rule) => {
  for (const kind of rule.on) map.set(kind, [...(map.get(kind) ?? []), rule]);
  return map;
}, new Map<ActKind, readonly ScriptRule[]>());

/** How deep calls of routines are followed. */
const callDepth = 8;

/** What is carried along while one script is judged. */
interface Run {
  readonly input: LintInput;
  readonly version: number;
  readonly acts: readonly Act[];
  readonly findings: Finding[];
  readonly entries: Entry[];
  readonly told: Set<string>;
  session: Session;
  /** Position among the acts of the script. */
  position: number;
}

/** Around which act it goes. */
interface Around {
  readonly world: World;
  readonly spot: Spot;
  readonly asleep: boolean;
  readonly inBlock: boolean;
  readonly within?: string;
  readonly depth: number;
}

const tell = (run: Run, rule: ScriptRule, findings: readonly Finding[]): void => {
  for (const finding of findings) {
    const place = `${finding.statement}:${finding.location?.line}:${finding.location?.column}`;
    const key = rule.once === true ? rule.id : `${rule.id} ${finding.object} ${place}`;
    if (run.told.has(key)) continue;
    run.told.add(key);
    run.findings.push(finding);
  }
};

const placeOf = (act: Act, { spot, within, depth }: Around): Location =>
  within !== undefined && depth > 0 ? spot.location : (act.at ?? spot.location);

const sceneOf = (run: Run, { world, spot, asleep, inBlock }: Around): Scene => {
  const { session, version, position } = run;
  return { world, session, version, spot, later: () => run.acts.slice(position + 1), asleep, inBlock };
};

const judgeAct = (run: Run, act: Act, around: Around): void => {
  const { world, spot, asleep } = around;
  const scene = sceneOf(run, around);
  const found: Found = {
    statement: spot.statement,
    location: placeOf(act, around),
    world,
    asleep,
    ...(around.within === undefined ? {} : { within: around.within }),
  };
  for (const rule of byKind.get(act.kind) ?? [])
    for (const hit of rule.check(act, scene)) tell(run, rule, findingOf(rule, hit, found, run.input.severities));
};

const isNewType = (world: World, act: Act): boolean =>
  act.kind === 'enum-add' && world.types.get(keyOf(act.type))?.fresh === true;

/** What an act leaves behind in the session. */
const carry = (run: Run, act: Act, around: Around, effect: Effect): void => {
  const { world, spot } = around;
  run.session = holding(
    run.session,
    effect.tables.map((table) => ({ table: tableIn(world, table).name, level: effect.level })),
  );
  if (act.kind === 'enum-add')
    run.session = labelled(run.session, { type: act.type, value: act.value, freshType: isNewType(world, act) });
  const controls = act.kind === 'set' || act.kind === 'reset-all' || (act.kind === 'transaction' && !around.inBlock);
  if (controls) run.session = afterControl(run.session, act, spot.location, spot.statement);
};

const inner = (run: Run, acts: readonly Act[], around: Around): Effect =>
  together(acts.map((act) => visit(run, act, around)));

/** A body that is only defined: its acts are judged against a copy and leave nothing behind. */
const asleep = (run: Run, acts: readonly Act[], around: Around, within: string): void => {
  const { session } = run;
  const world: World = {
    ...around.world,
    tables: new Map(around.world.tables),
    indexes: new Map(around.world.indexes),
    types: new Map(around.world.types),
    objects: new Map(around.world.objects),
    routines: new Map(),
  };
  run.session = newSession(false, around.spot.location);
  inner(run, acts, { ...around, world, asleep: true, inBlock: true, within, depth: 0 });
  run.session = session;
};

const called = (run: Run, act: Act, around: Around): readonly Effect[] => {
  const names = act.kind === 'query' ? act.routines : act.kind === 'run' && act.routine ? [act.routine] : [];
  if (around.asleep || around.depth >= callDepth) return [];
  return names.flatMap((name) => {
    const acts = around.world.routines.get(keyOf(name)) ?? [];
    return acts.length === 0
      ? []
      : [inner(run, acts, { ...around, inBlock: true, within: shown(name), depth: around.depth + 1 })];
  });
};

const block = (run: Run, acts: readonly Act[], around: Around): Effect => {
  const own = run.session.transaction === undefined;
  if (own) run.session = { ...run.session, transaction: begun(false, around.spot.location, around.spot.statement) };
  const effect = inner(run, acts, { ...around, inBlock: true });
  if (own) {
    const { transaction: _, ...session } = run.session;
    run.session = session;
  }
  return effect;
};

function visit(run: Run, act: Act, around: Around): Effect {
  judgeAct(run, act, around);
  const { world } = around;
  const effect = effectOf(act, sceneOf(run, around));
  carry(run, act, around, effect);
  if (act.kind === 'create-routine' && act.acts.length > 0) asleep(run, act.acts, around, shown(act.name));
  const parts = act.kind === 'run' && act.how === 'do' ? [block(run, act.acts, around)] : called(run, act, around);
  apply(world, act);
  if (!around.asleep) run.entries.push({ act, spot: around.spot, cost: effect.cost, inBlock: around.inBlock });
  return together([effect, ...parts]);
}

const finish = (run: Run, world: World, end: Location): void => {
  const script: Script = { entries: run.entries, world, session: run.session };
  const found: Found = { statement: -1, location: end, world, asleep: false };
  for (const rule of rules)
    for (const hit of rule.finish?.(script) ?? []) tell(run, rule, findingOf(rule, hit, found, run.input.severities));
};

interface Judged {
  readonly statements: readonly LintedStatement[];
  readonly findings: readonly Finding[];
}

const newRun = (script: ReadScript, source: SourceText, input: LintInput): Run => ({
  input,
  version: versionNumber(input.version),
  acts: script.statements.flatMap(({ acts }) => acts),
  findings: [],
  entries: [],
  told: new Set(),
  session: newSession(input.inTransaction, startOf(source)),
  position: -1,
});

const startOf = ({ file }: SourceText): Location => ({ ...(file === undefined ? {} : { file }), line: 1, column: 1 });

const judgeStatement = (run: Run, { acts, spot }: ReadStatement, index: number, world: World): LintedStatement => {
  const around: Around = { world, spot: { ...spot, statement: index }, asleep: false, inBlock: false, depth: 0 };
  const effect = together(
    acts.map((act) => {
      run.position += 1;
      return visit(run, act, around);
    }),
  );
  run.session = afterStatement(run.session);
  const { location } = spot;
  return { index, kind: kindOf(acts), objects: objectsOf(acts), lock: lockOf(effect), cost: effect.cost, location };
};

const judgeScript = (script: ReadScript, source: SourceText, input: LintInput, world: World, first: number): Judged => {
  const run = newRun(script, source, input);
  const statements = script.statements.map((one, at) => judgeStatement(run, one, first + at, world));
  finish(run, world, startOf(source));
  const spans = script.statements.map(({ lines }, at) => ({ statement: first + at, ...lines }));
  const findings = withoutSilenced(run.findings, script.comments, spans, rules, input.severities);
  return { statements, findings: inOrder(findings) };
};

const inOrder = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted(
    ({ location: one }, { location: other }) =>
      (one?.line ?? 0) - (other?.line ?? 0) || (one?.column ?? 0) - (other?.column ?? 0),
  );

/** `14.2` as 14.02, so that it compares as a number. */
const versionNumber = (text: string): number => {
  const [major = '0', minor = '0'] = text.split('.');
  return Number.parseInt(major, 10) + Number.parseInt(minor, 10) / 100;
};

/** Judges scripts one after the other, each against what the state and the scripts before it have made. O(text). */
export const judge = async (input: LintInput): Promise<LintReport> => {
  await loadGrammar();
  const world = seeded(input.state, input.sizes);
  const statements: LintedStatement[] = [];
  const findings: Finding[] = [];
  const broken: Refusal[] = [];
  const notes: Note[] = [];
  for (const source of input.sources) {
    try {
      const script = readScript(source);
      forgetFreshness(world);
      const judged = judgeScript(script, source, input, world, statements.length);
      statements.push(...judged.statements);
      findings.push(...judged.findings);
      notes.push(...script.notes);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      broken.push(error);
    }
  }
  return { statements, findings, broken, notes };
};
