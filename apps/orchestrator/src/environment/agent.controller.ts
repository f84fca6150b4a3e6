import { deadLetterRoutes, type AgentLetters, type Page } from '@dsem/api';
import { Input, pageOf, Route, type Incoming } from '@dsem/service-host';
import { Controller, Inject } from '@nestjs/common';
import { ORCHESTRATOR, type Orchestrator } from '../orchestrator.context.js';
import { keptLetters } from './agent-letters.js';

type R = typeof deadLetterRoutes;

/** What agents tell of themselves, over REST. */
@Controller()
export class AgentController {
  constructor(@Inject(ORCHESTRATOR) private readonly orchestrator: Orchestrator) {}

  @Route(deadLetterRoutes.listAgentDeadLetters)
  letters(@Input() { query }: Incoming<R['listAgentDeadLetters']>): Promise<Page<AgentLetters>> {
    return pageOf(query, async (after, take) => {
      const kept = await keptLetters(this.orchestrator.service.pool, { agent: query.agent, after, take });
      return kept.map((item) => ({ key: item.agent, item }));
    });
  }
}
