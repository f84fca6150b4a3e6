import type { ConsumingService } from '@dsem/api';
import { SdkError, type ItemOf } from 'schema-evolution-sdk';
import { proposalText } from './public-topic.js';
import { as, expectThat, fileOf, until, type Stage } from './stage.js';
import type { Verb } from './verbs.js';

type Letter = ItemOf<'listDeadLetters'>;

/** Letters of the story's own key, oldest first. */
const lettersOf = async (stage: Stage, service: string): Promise<Letter[]> => {
  const input = { params: { service: service as ConsumingService }, query: { key: stage.story, limit: 200 } };
  return (await as(stage, 'administrator').call('listDeadLetters', input)).items;
};

const countedAs = async (stage: Stage, event: string, service: string): Promise<number> => {
  let found = 0;
  const query = { event, limit: 200 };
  for await (const { envelope } of as(stage, 'administrator').list('listAuditEntries', { query })) {
    const { data } = envelope as { data?: { service?: string; key?: string } };
    if (data?.service === service && data.key === stage.story) found++;
  }
  return found;
};

/** A service that has just begun asks to be asked again. */
const untilReady = (error: unknown): undefined => {
  if (error instanceof SdkError && error.code === 'DSEM-9002') return undefined;
  throw error;
};

/** What outsiders send on the public topic, under the story's key, and what people do when it cannot be handled. */
export const deadLetterVerbs: Readonly<Record<string, Verb>> = {
  /** publish FILE: its text, as it is */
  publish: (stage, [file = '']) => stage.world.publishOutside(stage.story, fileOf(stage, file)),
  /** propose FILE: as the next version of the story's schema */
  propose: (stage, [file = '']) =>
    stage.world.publishOutside(stage.story, proposalText(stage.story, fileOf(stage, file))),
  /** proposed FILE SEMVER: waits until it is a version */
  proposed: async (stage, [file = '', version = '']) => {
    const params = { id: stage.story, version };
    const registered = await until(`${file} ${version}`, async () =>
      as(stage, 'ada')
        .call('getVersion', { params })
        .catch(() => undefined),
    );
    stage.versions.set(file, registered);
  },
  /** dead SERVICE COUNT: waits until it keeps so many letters of the story's key, and no more */
  dead: async (stage, [service = '', wanted = '']) => {
    let found = 0;
    await until(
      `${wanted} dead letters in ${service}`,
      async () => {
        found = (await lettersOf(stage, service)).length;
        return found === Number(wanted) ? true : undefined;
      },
      () => `It keeps ${found}.`,
    );
  },
  /** replay SERVICE REPLAYED REMAINING: ada hands the story's key over again, with that outcome */
  replay: async (stage, [service = '', replayed = '', remaining = '']) => {
    const [letter] = await lettersOf(stage, service);
    const body = { consumer: letter?.consumer ?? 'nobody', key: stage.story };
    const params = { service: service as ConsumingService };
    const done = await until(`a ready ${service}`, () =>
      as(stage, 'ada').call('replayParkedKey', { params, body }).catch(untilReady),
    );
    const said = `${done.replayed} ${done.remaining}`;
    expectThat(said === `${replayed} ${remaining}`, `replayed and remaining are ${said}: ${done.failed?.cause}`);
  },
  /** discard SERVICE: ada gives the oldest letter of the story's key up */
  discard: async (stage, [service = '']) => {
    const [letter] = await lettersOf(stage, service);
    const params = { service: service as ConsumingService, id: letter?.id ?? '0' };
    await as(stage, 'ada').call('discardDeadLetter', { params, body: { reason: 'the story asks for it' } });
  },
  /** settled SERVICE EVENT COUNT: the trail tells so often what was done about letters of the story's key */
  settled: async (stage, [service = '', event = '', wanted = '']) => {
    let found = 0;
    await until(
      `${wanted} ${event} of ${service}`,
      async () => ((found = await countedAs(stage, event, service)) === Number(wanted) ? true : undefined),
      () => `The trail holds ${found}.`,
    );
  },
};
