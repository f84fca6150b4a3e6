import type { Actor, ConsumerHit } from '@dsem/schema';
import type { ConsumerContract } from './report.js';

/** A contract names an object or one of its columns; either end of the change may be the finer one. */
const meets = (declared: string, touched: string): boolean =>
  declared === touched || declared.startsWith(`${touched}.`) || touched.startsWith(`${declared}.`);

const meetsAny = (declared: readonly string[], touches: readonly string[]): boolean =>
  declared.some((path) => touches.some((touched) => meets(path, touched)));

const usesOf = (reads: boolean, writes: boolean): ConsumerHit['uses'] =>
  reads && writes ? 'reads and writes' : reads ? 'reads' : 'writes';

/** The live consumers that are among the old readers and writers a change breaks, by name. O(consumers x paths). */
export const consumersHit = (
  consumers: readonly ConsumerContract[],
  touches: readonly string[],
  breaks: readonly Actor[],
): readonly ConsumerHit[] =>
  consumers
    .flatMap(({ name, version, lastSeen, ...contract }): readonly ConsumerHit[] => {
      const reads = breaks.includes('OR') && meetsAny(contract.reads, touches);
      const writes = breaks.includes('OW') && meetsAny(contract.writes, touches);
      if (!reads && !writes) return [];
      return [{ name, ...(version && { version }), uses: usesOf(reads, writes), ...(lastSeen && { lastSeen }) }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** `; billing 2.1 reads it, shop writes it`, or nothing. */
export const consumersSaid = (hits: readonly ConsumerHit[]): string =>
  hits
    .map(({ name, version, uses }, at) => {
      const who = version === undefined ? name : `${name} ${version}`;
      return `${at === 0 ? '; ' : ', '}${who} ${uses} it`;
    })
    .join('');
