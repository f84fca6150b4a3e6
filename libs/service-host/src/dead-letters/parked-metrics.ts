import { metrics, type BatchObservableCallback } from '@opentelemetry/api';
import type { ServiceLetters } from './service-letters.js';

const observe = async (
  { service, lot, handlers }: ServiceLetters,
  tell: (consumer: Readonly<Record<string, string>>, letters: number, keys: number) => void,
): Promise<void> => {
  const counts = await lot.counts();
  const idle = [...handlers.keys()].filter((consumer) => counts.every((count) => count.consumer !== consumer));
  for (const { consumer, letters, keys } of counts) tell({ service, consumer }, letters, keys);
  for (const consumer of idle) tell({ service, consumer }, 0, 0);
};

/**
 * Tells at `/metrics` how many dead letters and parked keys each consumer has; 0 while there is none, so that an alert
 * can tell "none" from "not asked". Answers what ends it.
 */
export const watchParked = (watched: readonly ServiceLetters[]): (() => void) => {
  const meter = metrics.getMeter('@dsem/service-host');
  const letters = meter.createObservableGauge('dsem_dead_letters', {
    description: 'Messages that a consumer could not handle, those that wait behind them among them',
  });
  const keys = meter.createObservableGauge('dsem_parked_keys', {
    description: 'Keys whose messages wait behind one that could not be handled',
  });
  const callback: BatchObservableCallback = async (result) => {
    const tell = (attributes: Readonly<Record<string, string>>, waiting: number, parked: number): void => {
      result.observe(letters, waiting, attributes);
      result.observe(keys, parked, attributes);
    };
    // One service whose database is away must not hide the others.
    await Promise.allSettled(watched.map((each) => observe(each, tell)));
  };
  meter.addBatchObservableCallback(callback, [letters, keys]);
  return () => meter.removeBatchObservableCallback(callback, [letters, keys]);
};
