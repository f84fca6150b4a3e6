import { finding } from '../hazards.js';
import { identifier, literal } from '../identifiers.js';
import { hazardRules } from '../rules.js';
import { commentOn } from './comments.js';
import { locks, type Renderers, statement } from './statement.js';

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
  'alter-extension': ({ from, to }) => [
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
  ],
};
