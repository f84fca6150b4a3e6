import { routes, type RouteId, type RouteInput, type RouteOutput, type Routes } from '@dsem/api';
import { Transport, type Answered, type CallOptions, type TransportOptions } from './transport.js';

/** Ids of the routes that answer in pages. */
export type ListId = {
  [Id in RouteId]: RouteOutput<Routes[Id]> extends { items: unknown[]; nextCursor?: string | undefined } ? Id : never;
}[RouteId];

/** What a list holds. */
export type ItemOf<Id extends ListId> = RouteOutput<Routes[Id]> extends { items: (infer Item)[] } ? Item : never;

/** The input of a route; may be left out when nothing in it is required. */
export type Arguments<Id extends RouteId> =
  object extends RouteInput<Routes[Id]>
    ? [input?: RouteInput<Routes[Id]>, options?: CallOptions]
    : [input: RouteInput<Routes[Id]>, options?: CallOptions];

/** Every route of the server by its id, with its types; a new route needs no code here. */
export class ApiClient {
  readonly #transport: Transport;

  constructor(options: TransportOptions) {
    this.#transport = new Transport(options);
  }

  /** Calls a route and answers its body. @throws SdkError, ConnectionError */
  async call<Id extends RouteId>(id: Id, ...args: Arguments<Id>): Promise<RouteOutput<Routes[Id]>> {
    return (await this.request(id, ...args)).body;
  }

  /** Calls a route and answers body, status, ETag and location. @throws SdkError, ConnectionError */
  request<Id extends RouteId>(id: Id, ...args: Arguments<Id>): Promise<Answered<RouteOutput<Routes[Id]>>> {
    const [input = {}, options] = args as unknown as [object?, CallOptions?];
    return this.#transport.send<Routes[Id]>(routes[id], input as RouteInput<Routes[Id]>, options);
  }

  /** Walks through all pages of a list, page by page as it is read. */
  async *list<Id extends ListId>(id: Id, ...args: Arguments<Id>): AsyncGenerator<ItemOf<Id>, void, undefined> {
    const [input, options] = args as [{ query?: object } | undefined, CallOptions | undefined];
    let cursor: string | undefined;
    do {
      const query = { ...input?.query, ...(cursor === undefined ? {} : { cursor }) };
      const page = await this.call(id, ...([{ ...input, query }, options] as unknown as Arguments<Id>));
      const { items, nextCursor } = page as { items: ItemOf<Id>[]; nextCursor?: string };
      yield* items;
      cursor = nextCursor;
    } while (cursor !== undefined);
  }
}
