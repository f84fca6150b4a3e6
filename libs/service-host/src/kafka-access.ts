import { z } from 'zod';
import { InvalidConfig } from './config.js';

/** The variables that say how a process reaches Kafka, beside `KAFKA_BROKERS`. Names and meaning: docs/configuration.md. */
export const kafkaVariables = {
  KAFKA_SSL: z.enum(['true', 'false']).default('false').describe('true or false'),
  KAFKA_SASL_MECHANISM: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .default('scram-sha-512')
    .describe('plain, scram-sha-256 or scram-sha-512'),
  KAFKA_SASL_USERNAME: z.string().optional().describe('the name that the brokers know this process by'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('its password'),
};

type KafkaVariables = z.output<z.ZodObject<typeof kafkaVariables>>;

interface By<Mechanism> {
  readonly mechanism: Mechanism;
  readonly username: string;
  readonly password: string;
}

/** How to reach Kafka, as kafkajs takes it. */
export interface KafkaAccess {
  readonly brokers: string[];
  readonly ssl: boolean;
  readonly sasl?: By<'plain'> | By<'scram-sha-256'> | By<'scram-sha-512'>;
}

const saslOf = (config: KafkaVariables): Pick<KafkaAccess, 'sasl'> => {
  const { KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password, KAFKA_SASL_MECHANISM: mechanism } = config;
  if (username === undefined && password === undefined) return {};
  if (username === undefined || password === undefined)
    throw new InvalidConfig('KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD belong together: set both or neither');
  const by = {
    plain: { mechanism: 'plain', username, password },
    'scram-sha-256': { mechanism: 'scram-sha-256', username, password },
    'scram-sha-512': { mechanism: 'scram-sha-512', username, password },
  } as const;
  return { sasl: by[mechanism] };
};

/**
 * Where the brokers are, and as whom they are spoken to.
 * @throws InvalidConfig where a name has no password, or a password no name
 */
export const kafkaAccess = (brokers: string, config: KafkaVariables): KafkaAccess => ({
  brokers: brokers.split(',').map((each) => each.trim()),
  ssl: config.KAFKA_SSL === 'true',
  ...saslOf(config),
});
