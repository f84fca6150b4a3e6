import type { EventTriggerDefinition } from '../event-triggers.js';
import { definition, definitionOf } from '../objects.js';
import { nameSpelled, spelledName } from '../text-search.js';
import type { Normalizer } from './object.js';

/** An event trigger: each command once, in capitals and in name order. */
export const eventTriggerNormalizer: Normalizer = (object) => {
  const { event, tags = [], function: called, enabled } = definitionOf<EventTriggerDefinition>(object);
  const named = [...new Set(tags.map((tag) => tag.toUpperCase()))].sort();
  return {
    ...object,
    definition: definition({
      event: event.toLowerCase(),
      tags: named.length === 0 ? undefined : named,
      function: spelledName(nameSpelled(called)),
      enabled,
    }),
  };
};
