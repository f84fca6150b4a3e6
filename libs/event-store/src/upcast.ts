import type { StoredEvent, Upcaster } from './event-store.js';

const key = (type: string, version: number): string => `${type}@${version}`;

/**
 * Turns stored events into their current versions, one step at a time. An event without an upcaster stays as it is.
 * @throws when two upcasters start from the same version
 */
export const upcasting = (upcasters: readonly Upcaster[] = []): ((event: StoredEvent) => StoredEvent) => {
  const steps = new Map<string, Upcaster>();
  for (const step of upcasters) {
    if (steps.has(key(step.type, step.from))) throw new Error(`two upcasters from ${step.type} version ${step.from}`);
    steps.set(key(step.type, step.from), step);
  }
  return (event) => {
    let current = event;
    for (
      let step = steps.get(key(current.type, current.version));
      step;
      step = steps.get(key(current.type, current.version))
    )
      current = { ...current, version: current.version + 1, data: step.upcast(current.data) };
    return current;
  };
};
