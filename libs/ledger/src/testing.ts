import { createPrivateKey } from 'node:crypto';
import { signCheckpoint } from './checkpoint.js';
import { nextEntry, type LedgerEntry, type Received } from './entry.js';
import { writeExport, type ExportSource } from './export.js';
import { addLeaf, emptyFrontier, frontierRoot } from './merkle.js';
import { signerOf, type Signer } from './note.js';

/** The log's name in samples. */
export const sampleOrigin = 'dsem.test/audit';

/** A signer with a fixed key, so that samples are the same in every run; never for anything but tests. */
export const sampleSigner = (name = sampleOrigin, seedByte = '42'): Signer =>
  signerOf(
    name,
    createPrivateKey({
      key: Buffer.from(`302e020100300506032b657004220420${seedByte.repeat(32)}`, 'hex'),
      format: 'der',
      type: 'pkcs8',
    }),
  );

/** A plausible event; `data` may be anything JSON holds. */
export const sampleEvent = (number: number, data: unknown = { table: 'orders', number }): Received => ({
  topic: number % 2 === 0 ? 'registry.events' : 'agent.events',
  envelope: { specversion: '1.0', id: `e${number}`, type: 'dsem.StepApplied.v1', subject: 'orders', data },
  receivedAt: new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString(),
});

/** Chains events into entries. */
export const sampleEntries = (events: readonly Received[]): LedgerEntry[] => {
  const entries: LedgerEntry[] = [];
  for (const event of events) entries.push(nextEntry(entries.at(-1), event));
  return entries;
};

/** The checkpoint note of the first `size` entries. */
export const sampleCheckpoint = (entries: readonly LedgerEntry[], size: number, signer: Signer): string => {
  let frontier = emptyFrontier;
  for (const { hash } of entries.slice(0, size)) ({ frontier } = addLeaf(frontier, Buffer.from(hash, 'hex')));
  return signCheckpoint({ origin: signer.name, size, root: frontierRoot(frontier), extensions: [] }, signer);
};

/** Everything an iterable yields. */
export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** An export's lines, with a checkpoint behind every `every` entries. */
export const sampleExport = async (
  entries: readonly LedgerEntry[],
  { every = 4, signer = sampleSigner() }: { every?: number; signer?: Signer } = {},
): Promise<string[]> => {
  const sizes = entries.map((_, i) => i + 1).filter((size) => size % every === 0);
  const checkpoints = sizes.map((size) => ({ size, note: sampleCheckpoint(entries, size, signer) }));
  const exportedAt = '2026-01-02T03:04:05.000Z';
  const source: ExportSource = { origin: signer.name, exportedAt, signer, size: entries.length, entries, checkpoints };
  return collect(writeExport(source));
};
