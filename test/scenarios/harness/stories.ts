import { basename, join } from 'node:path';
import { txtarCases } from '@dsem/testkit';
import { root } from './build.js';
import { environmentsOf, readScript } from './script.js';
import { environmentName, stageOf, type Stage } from './stage.js';
import { playLine } from './verbs.js';
import { openWorld, services, type Composition, type World } from './world.js';

const bootMs = 300_000;
const storyMs = 240_000;

const stories = txtarCases(join(root, 'test', 'scenarios')).map(({ name, comment, files }) => ({
  name: basename(name, '.txtar'),
  title: comment.split('\n')[0] ?? '',
  script: readScript(files['script'] ?? ''),
  files,
}));

const environments = stories.flatMap(({ name, script }) =>
  environmentsOf(script).map((each) => environmentName({ story: name }, each)),
);

/** Whatever a story broke off with: everything runs and can be reached again, so that the next one starts clean. */
const mend = async (stage: Stage): Promise<void> => {
  const { world, held } = stage;
  for (const release of held.values()) await release();
  for (const name of environments.filter((each) => each.startsWith(`${stage.story}-`))) world.proxy(name).set({});
  for (const program of new Set(services.map(world.process))) {
    if (!program.isRunning()) await program.start();
  }
};

const tell = async (world: World, story: (typeof stories)[number]): Promise<void> => {
  const stage = stageOf(world, story.name, story.files);
  world.clearLogs();
  try {
    for (const line of story.script) await playLine(stage, line);
  } catch (error) {
    process.stderr.write(`${story.name} in ${world.composition}: ${String(error)}\n${world.logs()}\n`);
    throw error;
  } finally {
    await mend(stage);
  }
};

/** Declares every story of this folder as a test in one composition, which boots once. */
export const tellStories = (composition: Composition): void => {
  let world: World | undefined;
  beforeAll(async () => {
    world = await openWorld(composition, environments);
  }, bootMs);
  afterAll(() => world?.close(), 60_000);
  it.each(stories.map((story) => [`${story.name}: ${story.title}`, story] as const))(
    '%s',
    async (_, story) => {
      if (world === undefined) throw new Error(`${composition} did not start`);
      await tell(world, story);
    },
    storyMs,
  );
};
