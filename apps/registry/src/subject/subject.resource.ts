import type { SchemaResource, SchemaVersion } from '@dsem/api';
import type { StoredEvent } from '@dsem/event-store';
import type { SubjectEvent } from '@dsem/events';
import type { SchemaRow, VersionRow } from './subject.projection.js';
import { newestVersion, type SubjectState } from './subject.js';

const optional = <Key extends string, Value>(key: Key, value: Value | null | undefined) =>
  value === undefined || value === null ? {} : ({ [key]: value } as { [K in Key]: Value });

/** A subject as REST tells it, from its own stream. */
export const schemaOf = (state: SubjectState): SchemaResource => {
  // Nothing is to be brought to an archived schema, so that it has no version to go to.
  const newest = state.archived ? undefined : newestVersion(state);
  return {
    id: state.name,
    name: state.name,
    database: state.engine ?? 'postgresql',
    compatibility: state.compatibility,
    ...optional('owner', state.owner),
    ...optional('description', state.description),
    ...optional('labels', state.labels && { ...state.labels }),
    ...optional('newest', newest && { version: newest.version, number: newest.number, digest: newest.digest }),
    versions: state.versions.length,
    archived: state.archived,
  };
};

/** A subject as REST tells it, from the read model. */
export const schemaOfRow = (row: SchemaRow): SchemaResource => ({
  id: row.name,
  name: row.name,
  database: row.engine as SchemaResource['database'],
  compatibility: row.compatibility as SchemaResource['compatibility'],
  ...optional('owner', row.owner),
  ...optional('description', row.description),
  ...optional('labels', row.labels),
  ...(row.newest_version === null || row.newest_digest === null
    ? {}
    : { newest: { version: row.newest_version, number: row.versions, digest: row.newest_digest } }),
  versions: row.versions,
  archived: row.archived,
});

/** A version as REST tells it, from its event; undefined for other events. */
export const versionOf = (stored: StoredEvent): SchemaVersion | undefined => {
  const event = stored as unknown as SubjectEvent;
  if (event.type !== 'VersionRegistered') return undefined;
  const { subject, number, version, branch, digest, bump, bumpedBecause, reason, renamedFrom } = event.data;
  return {
    schema: subject,
    number,
    version,
    branch,
    digest,
    bump,
    bumpedBecause,
    author: stored.metadata.actor,
    ...optional('reason', reason),
    ...optional('renamedFrom', renamedFrom),
    registered: stored.time,
  };
};

/** A version as REST tells it, from the read model. */
export const versionOfRow = (row: VersionRow): SchemaVersion => ({
  schema: row.schema,
  number: row.number,
  version: row.version,
  branch: row.branch,
  digest: row.digest,
  bump: row.bump,
  bumpedBecause: row.bumped_because,
  author: row.author,
  ...optional('reason', row.reason),
  ...optional('renamedFrom', row.renamed_from),
  registered: row.registered,
});
