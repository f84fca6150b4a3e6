import { firstRow } from './databases.js';
import { as, environmentName, expectThat, until } from './stage.js';
import type { Verb } from './verbs.js';

/** How environments, schemas and consumers come to their end, and what is left of them. */
export const endVerbs: Readonly<Record<string, Verb>> = {
  /** retire ENVIRONMENT [by PERSON] [forced] */
  retire: async (stage, [name = '', ...how]) => {
    const person = how[0] === 'by' ? (how[1] ?? '') : 'administrator';
    const query = how.at(-1) === 'forced' ? { force: 'true' as const, reason: 'the story asks for it' } : {};
    await as(stage, person).call('retireEnvironment', {
      params: { id: environmentName(stage, name) },
      query,
      ifMatch: '*',
    });
  },
  /** again ENVIRONMENT TYPE: adds it under the name that was retired */
  again: async (stage, [name = '', type = '']) => {
    const body = { name: environmentName(stage, name), type: type as 'staging', database: 'postgresql' as const };
    await as(stage, 'administrator').call('addEnvironment', { body });
  },
  /** known-to-hold ENVIRONMENT COUNT: waits until the registry has heard of so many schemas there that it holds */
  'known-to-hold': async (stage, [name = '', count = '']) => {
    const sql = `SELECT count(*) FROM registry.holdings
      WHERE environment = '${environmentName(stage, name)}' AND version IS NOT NULL`;
    await until(sql, async () => ((await firstRow(stage.world.databaseUrl, sql)) === count ? true : undefined));
  },
  /** leaves CONSUMER: none of its versions uses anything any more */
  leaves: async (stage, [consumer = '']) => {
    const params = { id: `${stage.story}-${consumer}` };
    await as(stage, 'administrator').call('retireConsumer', { params, body: {} });
  },
  /** archive: the story's schema */
  archive: async (stage) => {
    await as(stage, 'administrator').call('deleteSchema', { params: { id: stage.story }, ifMatch: '*' });
  },
  /** archived yes|no: what its schema says of itself, and whether it is listed */
  archived: async (stage, [wanted = '']) => {
    const ada = as(stage, 'ada');
    const { archived } = await ada.call('getSchema', { params: { id: stage.story } });
    expectThat(archived === (wanted === 'yes'), `the schema says archived: ${String(archived)}`);
    await until('the list of schemas', async () => {
      const { items } = await ada.call('listSchemas', { query: { search: stage.story } });
      return items.some(({ id }) => id === stage.story) === archived ? undefined : true;
    });
  },
};
