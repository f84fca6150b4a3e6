import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportLines } from './lines.js';
import { sampleEntries, sampleEvent, sampleExport, sampleSigner } from './testing.js';
import { verifyExport } from './verify.js';

const script = join(__dirname, '..', 'tools', 'verify_export.py');
const publicKey = sampleSigner().verifierKey;
const python = spawnSync('python3', ['--version']).status === 0;

const secondOpinion = (file: Uint8Array): { valid: boolean; entries: number; checkpoints: number } =>
  JSON.parse(spawnSync('python3', [script, '-', publicKey], { input: file, encoding: 'utf8' }).stdout) as {
    valid: boolean;
    entries: number;
    checkpoints: number;
  };

const exportOf = async (data: readonly unknown[]): Promise<Buffer> => {
  const lines = await sampleExport(sampleEntries(data.map((value, i) => sampleEvent(i, value))), { every: 3 });
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
};

(python ? describe : describe.skip)('the verifier in Python', () => {
  it('agrees on clean exports of whatever JSON holds', async () => {
    const data = fc.sample(fc.jsonValue({ maxDepth: 4 }), { numRuns: 300, seed: 7 });
    const numbers = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 500, seed: 8 });
    const edges = [0, -0, 1e21, 1e20, 123456789012345680000, 5e-324, 1e-6, 1e-7, 1.5e300, 9007199254740993, 0.1, -1e-9];
    const file = await exportOf([...data, ...edges, numbers]);
    const verdict = await verifyExport(exportLines([file]), { publicKey });
    expect(verdict).toMatchObject({ valid: true, entries: 313 });
    expect(secondOpinion(file)).toEqual({ valid: true, entries: verdict.entries, checkpoints: verdict.checkpoints });
  });

  it('agrees on changed exports, and on the number of good entries before the change', async () => {
    const file = await exportOf(['a', { b: 1 }, [null], 4, 'e']);
    for (const at of fc.sample(fc.nat({ max: file.length - 1 }), { numRuns: 40, seed: 9 })) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] as number) ^ 4;
      const { valid, entries, checkpoints } = await verifyExport(exportLines([changed]), { publicKey });
      expect({ at, ...secondOpinion(changed) }).toMatchObject({ at, valid, entries, checkpoints });
      expect(valid).toBe(false);
    }
  });
});
