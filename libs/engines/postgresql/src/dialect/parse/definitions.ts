import type { DefineStmt } from '@pgsql/types';
import { pathOf } from '@dsem/schema';
import { nameParts } from '../type-names.js';
import { createAggregate } from './aggregates.js';
import { createOperator } from './code-objects.js';
import { createCollation } from './collations.js';
import { type Draft, refuse, type Site } from './draft.js';
import { nameOf } from './names.js';
import { createConfiguration, createDictionary, createParser, createTemplate } from './text-search.js';

type Definer = (draft: Draft, statement: DefineStmt, site: Site) => void;

/** What is defined by a list of properties in brackets. */
const definers: { readonly [objectType: string]: Definer | undefined } = {
  OBJECT_AGGREGATE: createAggregate,
  OBJECT_OPERATOR: createOperator,
  OBJECT_COLLATION: createCollation,
  OBJECT_TSPARSER: createParser,
  OBJECT_TSTEMPLATE: createTemplate,
  OBJECT_TSDICTIONARY: createDictionary,
  OBJECT_TSCONFIGURATION: createConfiguration,
};

/** CREATE COLLATION and the like. */
export const define = (draft: Draft, statement: DefineStmt, site: Site): void => {
  const kind = statement.kind ?? '';
  const definer = definers[kind];
  if (definer) return definer(draft, statement, site);
  const word = kind.replace('OBJECT_', '');
  refuse(`CREATE ${word} is not supported`, pathOf(nameOf(nameParts(statement.defnames))), site);
};
