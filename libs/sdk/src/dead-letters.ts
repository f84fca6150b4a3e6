import { consumingServices, type ConsumingService, type RouteInput, type Routes } from '@dsem/api';
import type { ApiClient, ItemOf } from './client.js';

type QueryOf<Id extends 'listDeadLetters' | 'listParkedKeys'> = NonNullable<RouteInput<Routes[Id]>['query']>;

/** Which dead letters; without a service those of all services, one service after the other. */
export type DeadLetterQuery = QueryOf<'listDeadLetters'> & { readonly service?: ConsumingService };

/** Which parked keys; without a service those of all services, one service after the other. */
export type ParkedKeyQuery = QueryOf<'listParkedKeys'> & { readonly service?: ConsumingService };

const named = (service: ConsumingService | undefined): readonly ConsumingService[] =>
  service === undefined ? consumingServices : [service];

/** Walks through dead letters; the server lists them by service. */
export async function* deadLettersOf(
  client: ApiClient,
  { service, ...query }: DeadLetterQuery = {},
): AsyncGenerator<ItemOf<'listDeadLetters'>, void, undefined> {
  for (const each of named(service)) yield* client.list('listDeadLetters', { params: { service: each }, query });
}

/** Walks through parked keys; the server lists them by service. */
export async function* parkedKeysOf(
  client: ApiClient,
  { service, ...query }: ParkedKeyQuery = {},
): AsyncGenerator<ItemOf<'listParkedKeys'>, void, undefined> {
  for (const each of named(service)) yield* client.list('listParkedKeys', { params: { service: each }, query });
}
