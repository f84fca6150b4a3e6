import { holdOutbox, outboxBacklog } from './databases.js';
import { expectThat, StoryFailed, until, type Stage } from './stage.js';
import type { Verb } from './verbs.js';
import { services, type Service } from './world.js';

const serviceOf = (name: string): Service => {
  const found = services.find((each) => each === name);
  if (found === undefined) throw new StoryFailed(`no service is called ${name}`);
  return found;
};

/** What a process has to be over in, by what it is told and by what most platforms wait. */
const drainMs = 10_000;

const processOf = ({ world }: Stage, name: string) => world.process(serviceOf(name));

/** What stories do to the product's processes. In standalone every service is in the same one. */
export const processVerbs: Readonly<Record<string, Verb>> = {
  /** kill SERVICE: SIGKILL */
  kill: (stage, [name = '']) => processOf(stage, name).kill(),
  /** stop SERVICE: SIGTERM, drained */
  stop: (stage, [name = '']) => processOf(stage, name).stop(),
  /** drained SERVICE...: all get SIGTERM at once, and each ends in order within ten seconds */
  drained: async (stage, names) => {
    const programs = [...new Set(names.map((name) => processOf(stage, name)))];
    const ends = programs.map(async (program) => ({ name: program.name, ...(await program.drain(drainMs)) }));
    for (const { name, how, ms } of await Promise.all(ends))
      expectThat(how === 'exit 0', `${name} after ${Math.round(ms)} ms: ${how}`);
  },
  /** restarted SERVICE...: all that do not run start at once */
  restarted: async (stage, names) => {
    const programs = [...new Set(names.map((name) => processOf(stage, name)))];
    await Promise.all(programs.filter((program) => !program.isRunning()).map((program) => program.start()));
  },
  /** start SERVICE [FAILPOINT] */
  start: (stage, [name = '', failpoint]) =>
    failpoint === undefined
      ? processOf(stage, name).start()
      : processOf(stage, name).start({ DSEM_FAILPOINT: failpoint }, true),
  /** dies SERVICE: waits until it was killed by its failpoint */
  dies: async (stage, [name = '']) => {
    const how = await processOf(stage, name).death(60_000);
    expectThat(how === 'SIGKILL', `${name}: ${how}`);
  },
  /** hold outbox SERVICE: what it appends from now on is not published */
  hold: async (stage, [, name = '']) => {
    stage.held.set(name, await holdOutbox(stage.world.databaseUrl, serviceOf(name)));
  },
  /** unpublished SERVICE: it has appended what nobody has heard of */
  unpublished: async (stage, [name = '']) => {
    const waiting = await outboxBacklog(stage.world.databaseUrl, serviceOf(name));
    expectThat(waiting > 0, `the outbox of ${name} is empty`);
  },
  /** release outbox SERVICE */
  release: async (stage, [, name = '']) => {
    await stage.held.get(name)?.();
    stage.held.delete(name);
  },
  /** published SERVICE: its outbox is empty again */
  published: async (stage, [name = '']) => {
    await until(`the outbox of ${name} empty`, async () => {
      const waiting = await outboxBacklog(stage.world.databaseUrl, serviceOf(name));
      return waiting === 0 ? true : undefined;
    });
  },
};
