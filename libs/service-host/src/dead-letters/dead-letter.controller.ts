import {
  ApiProblem,
  consumingServices,
  deadLetterRoutes,
  notFound,
  type ConsumingService,
  type DeadLetter,
  type OpenedDeadLetter,
  type Page,
  type ParkedKey,
  type Replay,
} from '@dsem/api';
import { handleCommand, handledBefore, loadState } from '@dsem/event-store';
import { streams } from '@dsem/events';
import type { DeadLetter as Letter, Handler } from '@dsem/messaging';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import type { IdempotencyStore } from '../idempotency.js';
import { redact } from '../logging.js';
import { numberedPageOf, pageOf } from '../paging.js';
import type { RequestContext } from '../request-context.js';
import { Input, Route, type Incoming } from '../route.decorator.js';
import { SERVICE_CONTEXT } from '../tokens.js';
import { deadLetter, type LetterCommand } from './letter.js';
import type { AuditedLetters, ServiceLetters } from './service-letters.js';
import { shownBodyOf } from './shown-body.js';

type R = typeof deadLetterRoutes;

/** Nest token of the letters of the services in this process. */
const LETTERS = Symbol('dsem:letters');

const isConsuming = (letters: ServiceLetters): letters is AuditedLetters =>
  'store' in letters && (consumingServices as readonly string[]).includes(letters.service);

const resourceOf = (service: ConsumingService, { id, consumer, topic, key, cause, at }: Letter): DeadLetter => ({
  service,
  id,
  consumer,
  topic,
  key,
  cause: redact(cause),
  at,
});

const commandOf = (service: string, letter: Letter, { actor }: RequestContext) => ({
  service,
  letter: letter.id,
  consumer: letter.consumer,
  topic: letter.topic,
  key: letter.key,
  cause: redact(letter.cause).slice(0, 1000),
  by: actor,
});

const pairOf = (after: string): readonly [string, string] => {
  const pair: unknown = ((): unknown => {
    try {
      return JSON.parse(after);
    } catch {
      return undefined;
    }
  })();
  const [consumer, key] = Array.isArray(pair) ? (pair as unknown[]) : [];
  if (typeof consumer !== 'string' || typeof key !== 'string')
    throw new ApiProblem('DSEM-1013', 'the cursor is not one of ours');
  return [consumer, key];
};

/** Appends what a person did about a letter, and takes the letter away in the same transaction where it ends. */
const record = async (of: AuditedLetters, command: LetterCommand, metadata: RequestContext): Promise<void> => {
  const { service, letter, kind } = command;
  const also = async (transaction: unknown): Promise<void> => {
    if (kind === 'failed-again' || (await of.lot.discard(letter, transaction))) return;
    throw notFound('dead letter', letter);
  };
  await handleCommand(of.store, deadLetter, streams.letter(service, letter), command, { metadata, also });
};

/** @throws ApiProblem DSEM-9002 while the service starts, DSEM-4003 when the consumer is no more */
const handlerOf = ({ service, handlers, isStarting }: AuditedLetters, consumer: string): Handler => {
  const handler = handlers.get(consumer);
  if (handler !== undefined) return handler;
  if (isStarting()) throw new ApiProblem('DSEM-9002', `the consumers of ${service} are only starting`);
  throw new ApiProblem('DSEM-4003', `${service} has no consumer ${consumer} any more; its letters can be discarded`);
};

/** What could not be handled, over REST: each service's own, whichever of them this process is made of. */
@Controller()
export class DeadLetterController {
  constructor(@Inject(LETTERS) private readonly services: readonly AuditedLetters[]) {}

  @Route(deadLetterRoutes.listDeadLetters)
  async list(@Input() { params, query }: Incoming<R['listDeadLetters']>): Promise<Page<DeadLetter>> {
    const { service } = params;
    const { lot } = this.of(service);
    return numberedPageOf(query, async (after, take) => {
      const letters = await lot.list({ consumer: query.consumer, topic: query.topic, key: query.key, after, take });
      return letters.map((letter) => ({ key: letter.id, item: resourceOf(service, letter) }));
    });
  }

  @Route(deadLetterRoutes.getDeadLetter)
  async get(@Input() { params }: Incoming<R['getDeadLetter']>): Promise<OpenedDeadLetter> {
    const letter = await this.letter(params.service, params.id);
    const shown = { body: shownBodyOf(letter.body), bodyLength: letter.body.length };
    return { ...resourceOf(params.service, letter), ...shown };
  }

  @Route(deadLetterRoutes.discardDeadLetter)
  async discard(@Input() { params, body, context }: Incoming<R['discardDeadLetter']>): Promise<void> {
    const { service, id } = params;
    if (await handledBefore(this.of(service).store, streams.letter(service, id), context)) return;
    const letter = await this.letter(service, id);
    const command = { kind: 'discard', ...commandOf(service, letter, context), reason: body.reason } as const;
    await record(this.of(service), command, context);
  }

  @Route(deadLetterRoutes.listParkedKeys)
  async keys(@Input() { params, query }: Incoming<R['listParkedKeys']>): Promise<Page<ParkedKey>> {
    const { service } = params;
    const { lot } = this.of(service);
    return pageOf(query, async (after, take) => {
      const from = after === undefined ? undefined : pairOf(after);
      const keys = await lot.keys({ consumer: query.consumer, after: from, take });
      return keys.map((parked) => ({
        key: JSON.stringify([parked.consumer, parked.key]),
        item: { service, ...parked },
      }));
    });
  }

  @Route(deadLetterRoutes.replayParkedKey)
  async replay(@Input() { params, body, context }: Incoming<R['replayParkedKey']>): Promise<Replay> {
    const { service } = params;
    const { consumer, key, limit } = body;
    const of = this.of(service);
    const [waiting] = await of.lot.list({ consumer, key, take: 1 });
    if (waiting === undefined) throw new ApiProblem('DSEM-4001', `no letter of key ${key} waits for ${consumer}`);
    const handler = handlerOf(of, consumer);
    const settle = (letter: Letter): Promise<void> => this.settle(of, letter, context);
    const { replayed, remaining, failed } = await of.lot.replay(consumer, key, handler, { most: limit, settle });
    if (failed === undefined) return { replayed, remaining };
    await record(of, { kind: 'failed-again', ...commandOf(service, failed, context) }, context);
    return { replayed, remaining, failed: resourceOf(service, failed) };
  }

  /** A letter that somebody discarded while it was being handled is settled already. */
  private async settle(of: AuditedLetters, letter: Letter, context: RequestContext): Promise<void> {
    try {
      await record(of, { kind: 'replayed', ...commandOf(of.service, letter, context) }, context);
    } catch (error) {
      if (!(error instanceof ApiProblem && error.code === 'DSEM-4013')) throw error;
    }
  }

  private of(service: string): AuditedLetters {
    const found = this.services.find((each) => each.service === service);
    if (found === undefined) throw notFound('service here named', service);
    return found;
  }

  /** @throws ApiProblem DSEM-4013 when the letter has ended, DSEM-4001 when there never was one */
  private async letter(service: string, id: string): Promise<Letter> {
    const { lot, store } = this.of(service);
    const letter = /^[1-9]\d{0,14}$/.test(id) ? await lot.letter(id) : undefined;
    if (letter !== undefined) return letter;
    const { ended } = (await loadState(store, deadLetter, streams.letter(service, id))).state;
    if (ended === undefined) throw notFound('dead letter', id);
    throw new ApiProblem('DSEM-4013', `dead letter ${id} of ${service} was ${ended}`);
  }
}

/** A service as a process holds it. */
export interface WithLetters {
  readonly letters?: ServiceLetters;
  readonly idempotency: IdempotencyStore;
}

/** The routes of dead letters for the consuming services among these; none where there is none. */
export const deadLetterModules = (services: readonly WithLetters[]): DynamicModule[] => {
  const consuming = services.filter(({ letters }) => letters !== undefined && isConsuming(letters));
  const [first] = consuming;
  if (first === undefined) return [];
  const providers = [
    { provide: LETTERS, useValue: consuming.map(({ letters }) => letters) },
    { provide: SERVICE_CONTEXT, useValue: first },
  ];
  return [{ module: DeadLetterModule, controllers: [DeadLetterController], providers }];
};

@Module({})
class DeadLetterModule {}
