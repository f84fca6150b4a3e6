import { logLevel, type KafkaConfig } from 'kafkajs';

/** How much a line of the bus's client matters to an operator. */
export type BusLogLevel = 'warn' | 'info' | 'debug' | 'trace';

/** Takes a line of the bus's client: what it is about, and its words. */
export type BusLog = (level: BusLogLevel, fields: Readonly<Record<string, unknown>>, message: string) => void;

/** kafkajs calls an error what it tries again by itself: that is no more than a warning; who gives up says so himself. */
const levels: Readonly<Record<logLevel, BusLogLevel>> = {
  [logLevel.NOTHING]: 'trace',
  [logLevel.ERROR]: 'warn',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'debug',
  [logLevel.DEBUG]: 'trace',
};

/** Stacks of kafkajs name no line of ours, and the time is the logger's own. */
const told = ({ message: _message, timestamp: _timestamp, stack: _stack, ...fields }: Record<string, unknown>) =>
  fields;

/** The part of a client's configuration that leads its words to `log`; without one it is silent. */
export const logging = (log: BusLog | undefined): Pick<KafkaConfig, 'logLevel' | 'logCreator'> =>
  log === undefined
    ? { logLevel: logLevel.NOTHING }
    : {
        logLevel: logLevel.INFO,
        logCreator:
          () =>
          ({ level, namespace, log: line }) =>
            log(levels[level], { namespace, ...told({ ...line }) }, line.message),
      };
