import { postgresTransaction, VersionConflict, type EventMetadata } from '@dsem/event-store';
import { checkpointSigned, typeName } from '@dsem/events';
import { frontierRoot, signCheckpoint } from '@dsem/ledger';
import type { RequestContext } from '@dsem/service-host';
import type { Audit } from '../audit.context.js';
import { frontierOf } from './ledger.store.js';

interface Unsigned {
  readonly size: string;
  readonly peaks: readonly string[];
  readonly due: boolean;
}

// That a checkpoint was signed becomes an entry as well: it alone is no reason to sign again, or signing never ended.
const unsigned = `SELECT size, peaks,
    EXISTS (SELECT FROM entries WHERE index >= signed_size AND type <> $1) AS due FROM head`;
const ownType = typeName(checkpointSigned.type, checkpointSigned.version);

const metadataOf = (id: string, asked: RequestContext | undefined): EventMetadata =>
  asked === undefined
    ? { tenant: 'default', actor: 'service:audit', correlationId: id, causationId: id }
    : { ...asked, actor: 'service:audit', onBehalfOf: asked.actor };

/**
 * Signs the ledger as it is now, and tells it as `CheckpointSigned`: row and event come together or not at all.
 * Nothing happens when nothing but checkpoints was added since the last one, or when another process signs this size.
 */
export const signNow = async ({ service, origin, signer }: Audit, asked?: RequestContext): Promise<void> => {
  const { rows } = await service.pool.query<Unsigned>(unsigned, [ownType]);
  const [head] = rows;
  if (head?.due !== true) return;
  const frontier = frontierOf(head);
  const { size } = frontier;
  const root = frontierRoot(frontier);
  const note = signCheckpoint({ origin, size, root, extensions: [] }, signer);
  const id = service.newId();
  const signed = checkpointSigned.of({ size, root: Buffer.from(root).toString('base64'), note });
  const also = async (transaction: unknown): Promise<void> => {
    const client = postgresTransaction(transaction);
    const at = service.clock().toISOString();
    await client.query('INSERT INTO checkpoints (size, note, signed_at) VALUES ($1, $2, $3)', [size, note, at]);
    await client.query('UPDATE head SET signed_size = GREATEST(signed_size, $1)', [size]);
  };
  const event = { ...signed, id, metadata: metadataOf(id, asked) };
  await service.store.append(`checkpoint-${size}`, 0, [event], { also }).catch((error: unknown) => {
    if (!(error instanceof VersionConflict)) throw error;
  });
};
