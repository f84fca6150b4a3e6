import { loadState } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { consumer } from '../consumer/consumer.js';
import { holdersOf } from '../holding/holding.store.js';
import type { Registry } from '../registry.context.js';
import type { SubjectState } from './subject.js';

/** The versions of services that still use a schema, as their streams tell it. */
const liveConsumers = async ({ service }: Registry, schema: string): Promise<readonly string[]> => {
  const select = 'SELECT name FROM consumers WHERE $1 = ANY (schemas) ORDER BY name';
  const { rows } = await service.pool.query<{ name: string }>(select, [schema]);
  const live = rows.map(async ({ name }) => {
    const { state } = await loadState(service.store, consumer, streams.consumer(name));
    return state.contracts
      .filter((each) => each.subject === schema && !each.retired)
      .map((c) => `${name} ${c.version}`);
  });
  return (await Promise.all(live)).flat();
};

/** What stands in the way of archiving a schema: the environments that hold it, the live consumers declared on it. */
export const neededBy = async (registry: Registry, { name, engine }: SubjectState): Promise<readonly string[]> => {
  const holders = engine === undefined ? [] : await holdersOf(registry.service.pool, name, engine);
  return [
    ...holders.map((held) => `environment ${held} holds it`),
    ...(await liveConsumers(registry, name)).map((each) => `consumer ${each} uses it`),
  ];
};
