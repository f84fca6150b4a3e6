import fc from 'fast-check';
import { canonicalJson, entryHash, genesisHash, nextEntry, type LedgerEntry } from './entry.js';
import { InvalidLedgerKey, InvalidNote, LedgerGap, UnrecordableEnvelope } from './errors.js';
import { writeExport, type ExportLine } from './export.js';
import { exportLines } from './lines.js';
import {
  collect,
  sampleCheckpoint,
  sampleEntries,
  sampleEvent,
  sampleExport,
  sampleOrigin,
  sampleSigner,
} from './testing.js';
import { verifyExport, type ExportVerdict } from './verify.js';

const signer = sampleSigner();
const publicKey = signer.verifierKey;
const events = (count: number): ReturnType<typeof sampleEvent>[] =>
  Array.from({ length: count }, (_, i) => sampleEvent(i));
const entries = sampleEntries(events(11));
const fileOf = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));
const verifyFile = (file: Uint8Array, trust = { publicKey }): Promise<ExportVerdict> =>
  verifyExport(exportLines([file]), trust);
const entryLine = (entry: LedgerEntry): string => canonicalJson({ kind: 'entry', ...entry });
const kindOf = (line: string | undefined): string => (JSON.parse(line ?? '{}') as ExportLine).kind;
/** The line (from 0) that holds entry `index` in an export with a checkpoint behind every fourth. */
const lineOfEntry = (index: number): number => 1 + index + Math.floor(index / 4);

/** Entry a byte of the file belongs to, if it belongs to one. */
const indexOfLine = (lines: readonly string[], line: number): number | undefined =>
  kindOf(lines[line]) === 'entry' ? (JSON.parse(lines[line] ?? '') as LedgerEntry).index : undefined;

describe('a clean export', () => {
  it('is valid, and says how much was verified with whose key', async () => {
    const lines = await sampleExport(entries);
    expect(await verifyExport(lines, { publicKey })).toEqual({
      valid: true,
      entries: 11,
      checkpoints: 2,
      keySource: 'given',
      publicKey,
    });
    expect(await verifyExport(lines)).toEqual({
      valid: true,
      entries: 11,
      checkpoints: 2,
      keySource: 'header',
      publicKey,
    });
  });

  it('is never refused, whatever the events hold, however the file is cut into chunks', async () => {
    const anything = fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 9 });
    await fc.assert(
      fc.asyncProperty(
        anything,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 99 }),
        async (data, every, cut) => {
          const chain = sampleEntries(data.map((value, i) => sampleEvent(i, value)));
          const file = fileOf(await sampleExport(chain, { every }));
          const chunks = Array.from({ length: Math.ceil(file.length / cut) }, (_, i) =>
            file.subarray(i * cut, (i + 1) * cut),
          );
          const verdict = await verifyExport(exportLines(chunks), { publicKey });
          expect(verdict).toMatchObject({ valid: true, entries: data.length });
        },
      ),
    );
  });

  it('holds keys and texts that careless JSON code loses', async () => {
    const data = JSON.parse(
      '{"__proto__":{"a":1},"toString":"x","é":"\\u2028\\u0000😀","1e21":1e21,"n":-0.1,"b":1e-7}',
    ) as unknown;
    const chain = sampleEntries([sampleEvent(0, data)]);
    const lines = await sampleExport(chain);
    expect(lines[1]).toContain('"__proto__"');
    expect(await verifyExport(lines, { publicKey })).toMatchObject({ valid: true, entries: 1 });
  });
});

describe('a changed export', () => {
  it('is found for every single byte, at its exact line and entry', async () => {
    const lines = await sampleExport(sampleEntries(events(5)), { every: 2 });
    const file = fileOf(lines);
    let line = 0;
    for (let i = 0; i < file.length; i += 1) {
      const changed = Buffer.from(file);
      changed[i] = (changed[i] as number) ^ (1 << (i % 8));
      const verdict = await verifyFile(changed);
      const firstBadEntry = indexOfLine(lines, line);
      expect({ i, ...verdict }).toMatchObject({ i, valid: false, firstBadLine: line + 1 });
      if (firstBadEntry !== undefined) expect({ i, ...verdict }).toMatchObject({ firstBadEntry });
      if (file[i] === 0x0a) line += 1;
    }
  }, 120_000);

  const place = fc.nat({ max: 10 });
  const mutated = async (change: (lines: string[]) => string[]): Promise<ExportVerdict> =>
    verifyExport(change(await sampleExport(entries)), { publicKey });

  it('is found when an entry is missing, doubled, or swapped with another', async () => {
    await fc.assert(
      fc.asyncProperty(place, place, async (a, b) => {
        const [at, other] = [lineOfEntry(a), lineOfEntry(b)];
        expect(await mutated((l) => l.toSpliced(at, 1))).toMatchObject({
          valid: false,
          firstBadEntry: a,
          firstBadLine: at + 1,
        });
        expect(await mutated((l) => l.toSpliced(at, 0, l[at] as string))).toMatchObject({
          valid: false,
          firstBadEntry: a + 1,
          firstBadLine: at + 2,
        });
        fc.pre(a !== b);
        expect(await mutated((l) => l.with(at, l[other] as string).with(other, l[at] as string))).toMatchObject({
          valid: false,
          firstBadEntry: Math.min(a, b),
          firstBadLine: Math.min(at, other) + 1,
        });
      }),
    );
  });

  it('is found wherever the file is cut off', async () => {
    const file = fileOf(await sampleExport(entries));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: file.length - 1 }), async (length) => {
        expect(await verifyFile(file.subarray(0, length))).toMatchObject({ valid: false });
      }),
      { numRuns: 300 },
    );
  });

  it('is found when checkpoints are removed, doubled or moved, also when they are numbered anew', async () => {
    const lines = await sampleExport(entries, { every: 2 });
    const places = lines.map((_, i) => i).filter((i) => kindOf(lines[i]) === 'checkpoint');
    const renumbered = (changed: readonly string[]): string[] => {
      let number = 0;
      return changed.map((line) =>
        kindOf(line) === 'checkpoint' ? canonicalJson({ ...(JSON.parse(line) as object), number: number++ }) : line,
      );
    };
    for (const at of places) {
      const without = lines.toSpliced(at, 1);
      const variants = [
        without,
        lines.toSpliced(at, 0, lines[at] as string),
        without.toSpliced(at + 1, 0, lines[at] as string),
      ];
      for (const variant of variants.flatMap((v) => [v, renumbered(v)])) {
        expect(await verifyExport(variant, { publicKey })).toMatchObject({ valid: false });
      }
    }
  });

  it('is found when an entry is rewritten and everything behind it is computed anew, without the key', async () => {
    await fc.assert(
      fc.asyncProperty(place, async (index) => {
        const forged = sampleEntries(
          events(11).map((event, i) => (i === index ? { ...event, topic: 'forged' } : event)),
        );
        const verdict = await mutated((lines) =>
          lines.map((line) => {
            const part = JSON.parse(line) as ExportLine;
            return part.kind === 'entry' ? entryLine(forged[part.index] as LedgerEntry) : line;
          }),
        );
        const from = index - (index % 4);
        const to = Math.min(from + 3, 10);
        expect(verdict).toMatchObject({ valid: false, suspectEntries: { from, to }, firstBadEntry: from });
        expect(verdict.problem).toContain(`one of ${from} to ${to}`);
      }),
    );
  });

  it('is found when another key signed all of it, unless only its own header is believed', async () => {
    const forged = await sampleExport(entries, { signer: sampleSigner(sampleOrigin, '43') });
    expect(await verifyExport(forged, { publicKey })).toMatchObject({
      valid: false,
      firstBadLine: 1,
      keySource: 'given',
    });
    expect(await verifyExport(forged)).toMatchObject({ valid: true, keySource: 'header' });
    const header = (await sampleExport(entries))[0] as string;
    expect(await verifyExport(forged.with(0, header), { publicKey })).toMatchObject({ valid: false, firstBadLine: 6 });
  });

  it('is found when a line stands behind the seal, before the header, or the header comes twice', async () => {
    const lines = await sampleExport(entries);
    const header = lines[0] as string;
    expect(await verifyExport([...lines, header])).toMatchObject({ valid: false, firstBadLine: lines.length + 1 });
    expect(await verifyExport(lines.slice(1))).toMatchObject({ valid: false, firstBadLine: 1, firstBadEntry: 0 });
    expect(await verifyExport([header, ...lines])).toMatchObject({ valid: false, firstBadLine: 2 });
    expect(await verifyExport([])).toMatchObject({ valid: false, firstBadLine: 1, keySource: 'none' });
  });

  it.each(['[]', '1', 'null', '{}', '{"kind":"entry"}', '{"kind":"later"}', '['.repeat(100_000)])(
    'reports a line that is no line of an export: %.20s',
    async (line) => {
      const lines = await sampleExport(entries);
      expect(await verifyExport(lines.with(1, line))).toMatchObject({ valid: false, firstBadLine: 2, entries: 0 });
    },
  );
});

describe('a witnessed checkpoint', () => {
  const witness = sampleCheckpoint(entries, 6, signer);

  it('agrees with every later export of the same log', async () => {
    expect(await verifyExport(await sampleExport(entries), { publicKey, witness })).toMatchObject({ valid: true });
    expect(await verifyExport(await sampleExport(entries.slice(0, 6)), { publicKey, witness })).toMatchObject({
      valid: true,
    });
  });

  it('shows a log that its own key holder rolled back', async () => {
    const shorter = await sampleExport(entries.slice(0, 5));
    expect(await verifyExport(shorter, { publicKey })).toMatchObject({ valid: true });
    expect(await verifyExport(shorter, { publicKey, witness })).toMatchObject({ valid: false, firstBadEntry: 5 });
  });

  it('shows a log that its own key holder rewrote', async () => {
    const forked = sampleEntries(events(11).map((event, i) => (i === 5 ? { ...event, topic: 'other' } : event)));
    const verdict = await verifyExport(await sampleExport(forked), { publicKey, witness });
    expect(verdict).toMatchObject({ valid: false, suspectEntries: { from: 4, to: 5 } });
  });

  it('must itself be signed by the log', async () => {
    const stranger = sampleCheckpoint(entries, 6, sampleSigner(sampleOrigin, '43'));
    const check = verifyExport(await sampleExport(entries), { publicKey, witness: stranger });
    await expect(check).rejects.toThrow(InvalidNote);
  });
});

describe('writing', () => {
  it('chains every entry to the one before', () => {
    expect(entries[0]?.previousHash).toBe(genesisHash);
    entries.slice(1).forEach((entry, i) => expect(entry.previousHash).toBe(entries[i]?.hash));
    entries.forEach((entry) => expect(entryHash(entry)).toBe(entry.hash));
  });

  it.each([{ text: '\ud800' }, { number: Number.NaN }])('refuses an event that has no canonical JSON: %p', (data) => {
    expect(() => nextEntry(undefined, sampleEvent(0, data))).toThrow(UnrecordableEnvelope);
  });

  const source = { origin: sampleOrigin, exportedAt: '2026-01-01T00:00:00Z', signer, checkpoints: [] };

  it('refuses to export entries with a gap, or fewer than announced', async () => {
    const gap = collect(writeExport({ ...source, size: 3, entries: [entries[0], entries[2]] as LedgerEntry[] }));
    await expect(gap).rejects.toThrow(LedgerGap);
    await expect(collect(writeExport({ ...source, size: 12, entries }))).rejects.toThrow(LedgerGap);
  });

  it('exports a prefix while the ledger grows', async () => {
    const checkpoints = [4, 8].map((size) => ({ size, note: sampleCheckpoint(entries, size, signer) }));
    const lines = await collect(writeExport({ ...source, size: 5, entries, checkpoints }));
    expect(await verifyExport(lines, { publicKey })).toMatchObject({ valid: true, entries: 5, checkpoints: 1 });
  });

  it('says when the given key is none', async () => {
    await expect(verifyExport([], { publicKey: 'nonsense' })).rejects.toThrow(InvalidLedgerKey);
  });
});
