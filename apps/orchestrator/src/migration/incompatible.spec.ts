import { ApiProblem } from '@dsem/api';
import { digest, emptySchema } from '@dsem/schema';
import { defaultPolicy, environment, type EnvironmentState } from '../environment/environment.js';
import { incompatible } from './incompatible.js';

const key = (letter: string): string => `sha256:${letter.repeat(64)}`;
const draft = {
  migration: 'm',
  subject: 'shop',
  engine: 'postgresql' as const,
  version: '3.0.0',
  digest: key('c'),
  environments: [],
  style: 'online' as const,
};
const revisionOf = (name: string, held: string): EnvironmentState['revisions'][string] => ({
  environment: name,
  subject: 'shop',
  version: `of-${held.at(-1)}`,
  digest: held,
  migration: 'm0',
  rollout: 'm0',
});
const running = (name: string, held?: string, validation: 'strict' | 'relaxed' = 'strict'): EnvironmentState => ({
  ...environment.initialState,
  exists: true,
  name,
  policy: { ...defaultPolicy('staging'), validation },
  revisions: held === undefined ? {} : { shop: revisionOf(name, held) },
});
const finding = {
  rule: 'drop-column',
  severity: 'error' as const,
  hazard: 'data-loss' as const,
  object: 'public.users.email',
  message: 'Column email is dropped.',
  why: 'w',
  fix: 'f',
  consumers: [{ name: 'mailer', version: '2.0', uses: 'reads' }],
};
const report = (compatible: boolean, mode = 'backward'): object => ({
  engine: 'postgresql',
  mode,
  compatible,
  backwardCompatible: compatible,
  forwardCompatible: compatible,
  score: compatible ? 100 : 60,
  arithmetic: { liveBreaks: compatible ? 0 : 1, potentialBreaks: 0, warnings: 0 },
  semver: 'major',
  findings: compatible ? [] : [finding],
  ruleset: 'r',
});

/** A validator that answers by the state from which it is asked, and the requests that it got. */
const answering = (answer: (from: string) => object) => {
  const asked: URLSearchParams[] = [];
  const now = (path: string): Promise<unknown> => {
    const { searchParams } = new URL(path, 'http://validator');
    asked.push(searchParams);
    return Promise.resolve().then(() => answer(searchParams.get('from') ?? ''));
  };
  return { asked, orchestrator: { validator: { get: now, now } } };
};
const fine = { compatible: true, findings: [] };
const broken = { compatible: false, findings: [] };

describe('whether a version may go where validation is strict', () => {
  it('is asked for each state that runs there, and refused for those it breaks', async () => {
    const { asked, orchestrator } = answering((from) => report(from !== key('a')));
    const states = [running('one', key('a')), running('two', key('b')), running('three', key('a'))];
    const refused = await incompatible(orchestrator, fine, draft, states);
    expect(asked.map((query) => Object.fromEntries(query))).toEqual([
      { schema: 'shop', version: '3.0.0', from: key('a'), fromVersion: 'of-a' },
      { schema: 'shop', version: '3.0.0', from: key('b'), fromVersion: 'of-b' },
    ]);
    expect(refused).toMatchObject({ code: 'DSEM-4006', findings: [finding] });
    expect(refused?.why).toBe(
      'shop 3.0.0 is not backward compatible: Column email is dropped. Live consumers: mailer. Strict environments: one, three',
    );
  });

  it.each([
    ['relaxed', running('one', key('a'), 'relaxed')],
    ['untouched', running('one')],
    ['taken back to nothing', running('one', digest(emptySchema('postgresql')))],
  ])('is not asked where an environment is %s', async (_, state) => {
    const { asked, orchestrator } = answering(() => report(false));
    expect(await incompatible(orchestrator, broken, draft, [state])).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it.each([
    ['backward', false],
    ['full-transitive', true],
  ])('is decided in mode %s by its own assessment as well: %s', async (mode, counts) => {
    const { orchestrator } = answering(() => report(true, mode));
    const refused = await incompatible(orchestrator, broken, draft, [running('one', key('a'))]);
    expect(refused !== undefined).toBe(counts);
  });

  it.each([
    ['does not answer', new ApiProblem('DSEM-9003', 'gone'), 'DSEM-9003'],
    ['has not heard of it', new ApiProblem('DSEM-4001', 'no such version'), 'DSEM-9002'],
  ])('is not taken for granted while the validator %s', async (_, problem, code) => {
    const { orchestrator } = answering(() => {
      throw problem;
    });
    const verdict = incompatible(orchestrator, fine, draft, [running('one', key('a'))]);
    await expect(verdict).rejects.toMatchObject({ code });
  });

  it('is not taken for granted when the answer is no verdict', async () => {
    const { orchestrator } = answering(() => ({ compatible: true }));
    await expect(incompatible(orchestrator, fine, draft, [running('one', key('a'))])).rejects.toThrow();
  });
});
