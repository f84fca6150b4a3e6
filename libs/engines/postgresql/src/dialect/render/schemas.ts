import type { Statement } from '@dsem/engine';
import type { ChangeOf } from '@dsem/schema';
import { finding } from '../hazards.js';
import { identifier, literal } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { cannot, locks, type Renderers, statement } from './statement.js';

const isOlder = (version: string, than: string): boolean => version.localeCompare(than, 'en', { numeric: true }) < 0;

/** Extensions bring scripts for the way up only. */
const alterExtension = (change: ChangeOf<'alter-extension'>): readonly Statement[] => {
  const { from, to } = change;
  if (from.version !== undefined && (to.version === undefined || isOlder(to.version, from.version))) {
    return cannot(change, `it cannot go back from version ${from.version} to ${to.version ?? 'the default one'}`);
  }
  return [
    ...(from.namespace === to.namespace || to.namespace === undefined
      ? []
      : [statement(`ALTER EXTENSION ${identifier(to.name)} SET SCHEMA ${identifier(to.namespace)}`)]),
    ...(from.version === to.version
      ? []
      : [
          statement(
            `ALTER EXTENSION ${identifier(to.name)} UPDATE${to.version === undefined ? '' : ` TO ${literal(to.version)}`}`,
          ),
        ]),
  ];
};

/** Schemas and extensions. */
export const schemaRenderers: Renderers<
  'create-namespace' | 'drop-namespace' | 'alter-namespace' | 'create-extension' | 'drop-extension' | 'alter-extension'
> = {
  'create-namespace': ({ namespace }) => [
    statement(`CREATE SCHEMA ${identifier(namespace.name)}`, { lock: locks.none }),
    ...commentOn(`SCHEMA ${identifier(namespace.name)}`, namespace.comment),
  ],
  'drop-namespace': ({ namespace, object }) => [
    statement(`DROP SCHEMA ${identifier(namespace.name)}`, {
      hazards: [finding(hazardRules.dropSchema, object, `The schema ${object} is dropped.`)],
    }),
  ],
  'alter-namespace': ({ from, to }) => commentOn(`SCHEMA ${identifier(to.name)}`, to.comment, from.comment),
  'create-extension': ({ extension: { name, namespace, version } }) => [
    statement(
      `CREATE EXTENSION ${identifier(name)}${namespace === undefined ? '' : ` SCHEMA ${identifier(namespace)}`}` +
        (version === undefined ? '' : ` VERSION ${literal(version)}`),
      { lock: locks.none },
    ),
  ],
  'drop-extension': ({ extension, object }) => [
    statement(`DROP EXTENSION ${identifier(extension.name)}`, {
      hazards: [finding(hazardRules.dropExtension, object, `The extension ${object} is dropped.`)],
    }),
  ],
  'alter-extension': (change) => alterExtension(change),
};
