import type { EngineObject } from '@dsem/schema';
import { codeObjects, codeQuery, type CodeRow } from './code-objects.js';
import { collationQuery, type CollationRow, collations } from './collations.js';
import { defaultPrivileges, defaultPrivilegesQuery, type DefaultPrivilegesRow } from './default-privileges.js';
import { eventTriggerQuery, type EventTriggerRow, eventTriggers } from './event-triggers.js';
import { foreignObjects, foreignQuery, type ForeignRow } from './foreign.js';
import { operatorClasses, operatorClassQuery, type OperatorClassRow } from './operator-classes.js';
import { publicationQuery, type PublicationRow, publications } from './publications.js';
import { statisticsObjects, statisticsQuery, type StatisticsRow } from './statistics.js';
import { textSearchObjects, textSearchQuery, type TextSearchRow } from './text-search.js';

/** What each query about objects that only PostgreSQL has answers. */
export interface ObjectRows {
  readonly foreign: ForeignRow;
  readonly publications: PublicationRow;
  readonly collations: CollationRow;
  readonly statistics: StatisticsRow;
  readonly textSearch: TextSearchRow;
  readonly eventTriggers: EventTriggerRow;
  readonly code: CodeRow;
  readonly operatorClasses: OperatorClassRow;
  readonly defaults: DefaultPrivilegesRow;
}

/** The queries about objects that only PostgreSQL has, by kind or group of kinds. */
export const objectQueries: { readonly [Name in keyof ObjectRows]: string } = {
  foreign: foreignQuery,
  publications: publicationQuery,
  collations: collationQuery,
  statistics: statisticsQuery,
  textSearch: textSearchQuery,
  eventTriggers: eventTriggerQuery,
  code: codeQuery,
  operatorClasses: operatorClassQuery,
  defaults: defaultPrivilegesQuery,
};

/** All objects that only PostgreSQL has, as nouns. */
export const engineObjects = (rows: {
  readonly [Name in keyof ObjectRows]: readonly ObjectRows[Name][];
}): readonly EngineObject[] => [
  ...foreignObjects(rows.foreign),
  ...publications(rows.publications),
  ...collations(rows.collations),
  ...statisticsObjects(rows.statistics),
  ...textSearchObjects(rows.textSearch),
  ...eventTriggers(rows.eventTriggers),
  ...codeObjects(rows.code),
  ...operatorClasses(rows.operatorClasses),
  ...defaultPrivileges(rows.defaults),
];
