import type { AlterEventTrigStmt, CreateEventTrigStmt } from '@pgsql/types';
import type { EventTriggerDefinition } from '../event-triggers.js';
import { definition, definitionOf, objectKinds } from '../objects.js';
import { nameParts } from '../type-names.js';
import { functionNamed } from './aggregates.js';
import { type Draft, refuse, type Site } from './draft.js';
import { addObject, findObject, putObject } from './objects.js';
import { elementsOf } from './options.js';

const { kind } = objectKinds.eventTrigger;

/** CREATE EVENT TRIGGER. */
export const createEventTrigger = (draft: Draft, statement: CreateEventTrigStmt, site: Site): void => {
  const { trigname: name = '', eventname: event = '', funcname = [] } = statement;
  const filters = elementsOf(statement.whenclause);
  const other = filters.find(({ defname }) => defname !== 'tag');
  if (other) refuse(`The filter ${other.defname ?? ''} of an event trigger is not supported`, name, site);
  const tags = filters.flatMap(({ arg }) => (arg && 'List' in arg ? nameParts(arg.List.items) : []));
  const held = definition({
    event: event.toLowerCase(),
    tags: tags.length === 0 ? undefined : tags,
    function: functionNamed(draft, { List: { items: funcname } }),
  });
  addObject(draft, { kind, name, definition: held }, false, site);
};

const states: { readonly [letter: string]: EventTriggerDefinition['enabled'] } = {
  D: 'disabled',
  R: 'replica',
  A: 'always',
};

/** ALTER EVENT TRIGGER ... ENABLE or DISABLE. */
export const alterEventTrigger = (draft: Draft, statement: AlterEventTrigStmt, site: Site): void => {
  const object = findObject(draft, kind, { name: statement.trigname ?? '' }, site);
  const { enabled: _, ...held } = definitionOf<EventTriggerDefinition>(object);
  putObject(draft, { ...object, definition: definition({ ...held, enabled: states[statement.tgenabled ?? ''] }) });
};
