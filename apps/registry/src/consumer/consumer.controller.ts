import { consumerRoutes, type ConsumerResource, type Page } from '@dsem/api';
import { handleCommand, loadState } from '@dsem/event-store';
import { streams } from '@dsem/events';
import { Input, pageOf, reply, Route, type Incoming, type Reply } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { REGISTRY, type Registry } from '../registry.context.js';
import { consumer, ConsumerNotFound, type ConsumerState } from './consumer.js';
import { ConsumerRow } from './consumer.projection.js';

type R = typeof consumerRoutes;

const resourceOf = (state: ConsumerState): ConsumerResource => ({
  id: state.name,
  name: state.name,
  contracts: state.contracts.map(({ subject, reads, writes, environments, ...rest }) => ({
    ...rest,
    schema: subject,
    reads: [...reads],
    writes: [...writes],
    environments: [...environments],
  })),
});

/** Services and their contracts over REST. */
@Controller()
export class ConsumerController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @Route(consumerRoutes.declareConsumer)
  async declare(@Input() { body, context }: Incoming<R['declareConsumer']>): Promise<Reply<ConsumerResource>> {
    const { name, schema, ...contract } = body;
    const command = { kind: 'declare-contract', consumer: name, subject: schema, ...contract } as const;
    const { store } = this.registry.service;
    const handled = await handleCommand(store, consumer, streams.consumer(name), command, { metadata: context });
    return reply(resourceOf(handled.state), { status: handled.events.length > 0 ? 201 : 200 });
  }

  @Route(consumerRoutes.listConsumers)
  async list(@Input() { query }: Incoming<R['listConsumers']>): Promise<Page<ConsumerResource>> {
    const { dataSource } = this.registry.service;
    return pageOf(query, async (after, take) => {
      const rows = dataSource.getRepository(ConsumerRow).createQueryBuilder('c').orderBy('c.name').take(take);
      if (after !== undefined) rows.andWhere('c.name > :after', { after });
      if (query.schema !== undefined) rows.andWhere(':schema = ANY (c.schemas)', { schema: query.schema });
      const names = (await rows.getMany()).map((row) => row.name);
      return Promise.all(names.map(async (name) => ({ key: name, item: resourceOf(await this.load(name)) })));
    });
  }

  @Route(consumerRoutes.getConsumer)
  async get(@Input() { params }: Incoming<R['getConsumer']>): Promise<ConsumerResource> {
    return resourceOf(await this.load(params.id));
  }

  @Route(consumerRoutes.retireConsumer)
  async retire(@Input() { params, body, context }: Incoming<R['retireConsumer']>): Promise<ConsumerResource> {
    await this.load(params.id);
    const command = { kind: 'retire', ...body } as const;
    const { store } = this.registry.service;
    const handled = await handleCommand(store, consumer, streams.consumer(params.id), command, { metadata: context });
    return resourceOf(handled.state);
  }

  private async load(name: string): Promise<ConsumerState> {
    const { state } = await loadState(this.registry.service.store, consumer, streams.consumer(name));
    if (!state.exists) throw new ConsumerNotFound(`consumer ${name} does not exist`);
    return state;
  }
}
