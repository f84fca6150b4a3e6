import { holdOutbox, outboxBacklog } from './databases.js';
import { expectThat, StoryFailed, until, type Stage } from './stage.js';
import type { Verb } from './verbs.js';
import { services, type Service } from './world.js';

const serviceOf = (name: string): Service => {
  const found = services.find((each) => each === name);
  if (found === undefined) throw new StoryFailed(`no service is called ${name}`);
  return found;
};

const processOf = ({ world }: Stage, name: string) => world.process(serviceOf(name));

/** What stories do to the product's processes. In standalone every service is in the same one. */
export const processVerbs: Readonly<Record<string, Verb>> = {
  /** kill SERVICE: SIGKILL */
  kill: (stage, [name = '']) => processOf(stage, name).kill(),
  /** stop SERVICE: SIGTERM, drained */
  stop: (stage, [name = '']) => processOf(stage, name).stop(),
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
