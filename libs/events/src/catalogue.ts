import type { z } from 'zod';
import * as assessment from './assessment.js';
import * as consumer from './consumer.js';
import type { EventDefinition } from './define-event.js';
import { parseTypeName, type Envelope } from './envelope.js';
import * as environment from './environment.js';
import * as execution from './execution.js';
import * as identity from './identity.js';
import * as ledger from './ledger.js';
import * as letter from './letter.js';
import * as migration from './migration.js';
import * as rollout from './rollout.js';
import * as schemaChange from './schema-change.js';
import * as subject from './subject.js';

type AnyDefinition = EventDefinition<string, number, z.ZodType>;

const isDefinition = (value: unknown): value is AnyDefinition =>
  typeof value === 'object' && value !== null && 'shape' in value && 'of' in value;

const modules = [
  assessment,
  consumer,
  environment,
  execution,
  identity,
  ledger,
  letter,
  migration,
  rollout,
  schemaChange,
  subject,
];

/** Every event and command of the product, newest and older versions alike, by `<Name>.v<major>`. */
export const catalogue: ReadonlyMap<string, AnyDefinition> = new Map(
  modules
    .flatMap((module) => Object.values(module) as unknown[])
    .filter(isDefinition)
    .map((definition) => [`${definition.type}.v${definition.version}`, definition]),
);

/** Thrown when a message has a type or major version this reader does not know: it must stop, not skip. */
export class UnknownEventType extends Error {
  readonly code = 'DSEM-4010';
  constructor(readonly type: string) {
    super(`unknown event type ${type}`);
    this.name = 'UnknownEventType';
  }
}

/** An envelope's checked body. */
export interface ReceivedEvent {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}

/**
 * The checked body of a message. Additive fields are tolerated.
 * @throws UnknownEventType, or ZodError when the data does not have its declared shape.
 */
export const openEnvelope = (envelope: Envelope): ReceivedEvent => {
  const name = parseTypeName(envelope.type);
  const definition = name === undefined ? undefined : catalogue.get(`${name.event}.v${name.version}`);
  if (definition === undefined) throw new UnknownEventType(envelope.type);
  return { type: definition.type, version: definition.version, data: definition.shape.parse(envelope.data) };
};
