import { type Schema, build, emptySchema } from '@dsem/schema';
import { schemaSample } from '@dsem/testkit';
import fc from 'fast-check';
import {
  type AssessmentInput,
  type CompatibilityMode,
  type CompatibilityReport,
  type ConsumerContract,
  assess,
  compatibilityModes,
  scoreOf,
} from './index.js';

const { column, schema, table } = build;

const dialect: AssessmentInput['dialect'] = {
  diff: { sameType: (a, b) => a.native === b.native },
  typeChange: (a, b) => ({ effect: a.native === b.native ? 'same' : 'family', rewrite: true }),
};
const judge = (from: readonly Schema[], to: Schema, more: Partial<AssessmentInput> = {}): CompatibilityReport =>
  assess({ dialect, from, to, mode: 'full', ...more });

const state = (...columns: readonly build.TablePart[]): Schema =>
  schema('postgresql', table('public.users', ...columns));
const [id, mail, age] = [column('id', 'bigint'), column('mail', 'text'), column('age', 'integer')];
const reader: ConsumerContract = { name: 'billing', reads: ['public.users.mail'], writes: [] };
const writer: ConsumerContract = { name: 'shop', reads: [], writes: ['public.users.mail'] };

describe('the verdict', () => {
  const required = state(id, column('mail', 'text', { nullable: false }));
  it.each<[string, Schema, Schema, Partial<Record<CompatibilityMode, boolean>>]>([
    [
      'a new nullable column suits every mode',
      state(id),
      state(id, mail),
      { backward: true, forward: true, full: true },
    ],
    ['a dropped column suits backward', state(id, mail), state(id), { backward: true, forward: false, full: false }],
    [
      'a new required column suits none',
      state(id),
      required,
      { none: true, backward: false, forward: false, full: false },
    ],
    ['NOT NULL suits backward', state(id, mail), required, { backward: true, forward: false, full: false }],
    ['a dropped NOT NULL suits backward', required, state(id, mail), { backward: true, forward: false, full: false }],
  ])('%s', (_title, from, to, modes) => {
    for (const [mode, compatible] of Object.entries(modes) as [CompatibilityMode, boolean][]) {
      expect([mode, judge([from], to, { mode }).compatible]).toEqual([mode, compatible]);
    }
  });

  it('is no in every mode but none when a live consumer breaks, and the message names the consumer', () => {
    const verdict = (mode: CompatibilityMode): CompatibilityReport =>
      judge([state(id, mail)], state(id), { mode, consumers: [writer, reader] });
    expect(compatibilityModes.filter((mode) => verdict(mode).compatible)).toEqual(['none']);
    const report = verdict('backward');
    expect(report.findings.map(({ message }) => message)).toEqual([
      'Column public.users.mail is dropped; billing reads it, shop writes it.',
    ]);
    expect(report.findings[0]?.consumers).toEqual([
      { name: 'billing', uses: 'reads' },
      { name: 'shop', uses: 'writes' },
    ]);
    expect(report).toMatchObject({ score: 60, arithmetic: { liveBreaks: 1, potentialBreaks: 0, warnings: 0 } });
  });

  it('sees a type change over two versions only when it is transitive', () => {
    const [v1, v2, v3] = [state(id, mail), state(id), state(id, column('mail', 'integer'))];
    expect(judge([v1, v2], v3).compatible).toBe(true);
    const report = judge([v1, v2], v3, { mode: 'full-transitive' });
    expect(report.compatible).toBe(false);
    expect(report.findings.map(({ rule }) => rule)).toEqual(['lossy-type']);
    expect(report.semver).toBe('minor');
  });

  it('of a first version is yes, and asks for no bump', () => {
    expect(judge([], state(id))).toMatchObject({ compatible: true, score: 100, semver: 'none', findings: [] });
  });

  it('refuses to compare two engines', () => {
    expect(() => judge([emptySchema('mysql')], state(id))).toThrow(expect.objectContaining({ code: 'DSEM-2005' }));
  });
});

describe('settings', () => {
  it('can lower, raise or switch off a rule, and the ruleset tells', () => {
    const of = (severity: 'info' | 'warning' | 'off'): CompatibilityReport =>
      judge([state(id, mail)], state(id), { severities: { 'drop-column': severity }, consumers: [reader] });
    expect(of('info')).toMatchObject({ compatible: true, score: 100, forwardCompatible: true });
    expect(of('info').findings).toHaveLength(1);
    expect(of('warning')).toMatchObject({ compatible: false, score: 95 });
    expect(of('off')).toMatchObject({ compatible: true, score: 100, findings: [] });
    expect(new Set([of('info'), of('warning'), of('off'), judge([], state())].map(({ ruleset }) => ruleset)).size).toBe(
      4,
    );
  });

  it('apply declared renames to the newest baseline only', () => {
    const renames = [{ kind: 'column', from: 'public.users.age', to: 'public.users.mail' }] as const;
    const report = judge([state(id), state(id, age)], state(id, column('mail', 'integer')), {
      mode: 'full-transitive',
      renames,
    });
    expect(report.findings.map(({ rule }) => rule)).toEqual(['rename-column']);
  });
});

describe('laws', () => {
  const state3 = fc.tuple(schemaSample(), schemaSample(), schemaSample());
  const everybody: readonly ConsumerContract[] = [
    'public.a',
    'public.b',
    'sales.a.name',
    'public.mood',
    'public.v',
  ].map((path) => ({ name: path, reads: [path], writes: [path] }));
  const plain = (mode: CompatibilityMode): CompatibilityMode => mode.replace('-transitive', '') as CompatibilityMode;

  it('a state is fully compatible with itself', () => {
    fc.assert(
      fc.property(schemaSample(), (a) => {
        const report = judge([a], structuredClone(a), { mode: 'full-transitive', consumers: everybody });
        expect(report).toMatchObject({ compatible: true, score: 100, semver: 'none', findings: [] });
      }),
    );
  });

  it('a transitive verdict is the conjunction of the verdicts against each baseline', () => {
    fc.assert(
      fc.property(state3, fc.constantFrom(...compatibilityModes), fc.boolean(), ([a, b, to], mode, live) => {
        const consumers = live ? everybody : [];
        const each = [a, b].map((from) => judge([from], to, { mode: plain(mode), consumers }).compatible);
        const transitive = mode.endsWith('-transitive');
        expect(judge([a, b], to, { mode, consumers }).compatible).toBe(transitive ? each.every(Boolean) : each[1]);
      }),
    );
  });

  it('full is backward and forward', () => {
    fc.assert(
      fc.property(state3, ([a, , to]) => {
        const verdict = (mode: CompatibilityMode): boolean => judge([a], to, { mode }).compatible;
        expect(verdict('full')).toBe(verdict('backward') && verdict('forward'));
        expect(judge([a], to)).toMatchObject({
          backwardCompatible: verdict('backward'),
          forwardCompatible: verdict('forward'),
        });
      }),
    );
  });

  it('more consumers or more baselines never raise the score', () => {
    fc.assert(
      fc.property(state3, ([a, b, to]) => {
        const mode = 'full-transitive';
        const alone = judge([b], to, { mode }).score;
        expect(judge([b], to, { mode, consumers: everybody }).score).toBeLessThanOrEqual(alone);
        expect(judge([a, b], to, { mode }).score).toBeLessThanOrEqual(alone);
      }),
    );
  });

  it('the score falls with every break and warning, down to 0', () => {
    const count = fc.nat(20);
    fc.assert(
      fc.property(count, count, count, (liveBreaks, potentialBreaks, warnings) => {
        const score = scoreOf({ liveBreaks, potentialBreaks, warnings });
        expect(score).toBeGreaterThanOrEqual(0);
        expect(scoreOf({ liveBreaks: liveBreaks + 1, potentialBreaks, warnings })).toBeLessThanOrEqual(score);
        expect(scoreOf({ liveBreaks, potentialBreaks: potentialBreaks + 1, warnings })).toBeLessThanOrEqual(score);
      }),
    );
    expect(scoreOf({ liveBreaks: 1, potentialBreaks: 1, warnings: 1 })).toBe(40);
  });
});
