import { definitionRoutes, notFound, type RouteOutput } from '@dsem/api';
import { Input, reply, Route, type Incoming, type Reply } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { REGISTRY, type Registry } from '../registry.context.js';

type GetDefinition = typeof definitionRoutes.getDefinition;

/** Immutable definitions by digest: the one thing services fetch from each other. */
@Controller()
export class DefinitionController {
  constructor(@Inject(REGISTRY) private readonly registry: Registry) {}

  @Route(definitionRoutes.getDefinition)
  async get(@Input() { params }: Incoming<GetDefinition>): Promise<Reply<RouteOutput<GetDefinition>>> {
    const schema = await this.registry.definitions.get(params.digest);
    if (schema === undefined) throw notFound('definition', params.digest);
    const headers = { 'cache-control': 'private, max-age=31536000, immutable' };
    return reply({ ...schema }, { etag: params.digest, headers });
  }
}
