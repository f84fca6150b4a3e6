import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { exportLines } from './lines.js';
import { sampleEntries, sampleEvent, sampleExport, sampleSigner } from './testing.js';
import { verifyExport } from './verify.js';

const tools = join(__dirname, '..', 'tools');
const publicKey = sampleSigner().verifierKey;
const python = spawnSync('python3', ['--version']).status === 0;

interface Opinion {
  readonly valid: boolean;
  readonly entries: number;
  readonly checkpoints: number;
}

/** Asks for all files in one process: starting Python costs more than checking. */
const ask = `
import base64, io, json, sys
sys.path.insert(0, sys.argv[1])
from verify_export import verify
files = [io.BytesIO(base64.b64decode(line)) for line in sys.stdin]
print(json.dumps([verify(file, sys.argv[2]) for file in files]))
`;
const secondOpinions = (files: readonly Buffer[]): Opinion[] => {
  const input = files.map((file) => `${file.toString('base64')}\n`).join('');
  const run = spawnSync('python3', ['-B', '-c', ask, tools, publicKey], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return JSON.parse(run.stdout) as Opinion[];
};

const exportOf = async (data: readonly unknown[], every: number): Promise<Buffer> => {
  const lines = await sampleExport(sampleEntries(data.map((value, i) => sampleEvent(i, value))), { every });
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
};

(python ? describe : describe.skip)('the verifier in Python', () => {
  it('agrees on clean exports of whatever JSON holds', async () => {
    const data = fc.sample(fc.jsonValue({ maxDepth: 4 }), { numRuns: 300, seed: 7 });
    const numbers = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 500, seed: 8 });
    const edges = [0, -0, 1e21, 1e20, 123456789012345680000, 5e-324, 1e-6, 1e-7, 1.5e300, 9007199254740993, 0.1, -1e-9];
    const file = await exportOf([...data, ...edges, numbers], 60);
    const verdict = await verifyExport(exportLines([file]), { publicKey });
    expect(verdict).toMatchObject({ valid: true, entries: 313 });
    expect(secondOpinions([file])).toEqual([
      { valid: true, entries: verdict.entries, checkpoints: verdict.checkpoints },
    ]);
  });

  it('agrees on changed exports, and on the number of good entries before the change', async () => {
    const file = await exportOf(['a', { b: 1 }, [null], 4, 'e'], 3);
    const changed = fc.sample(fc.nat({ max: file.length - 1 }), { numRuns: 60, seed: 9 }).map((at) => {
      const copy = Buffer.from(file);
      copy[at] = (copy[at] as number) ^ 4;
      return copy;
    });
    const opinions = secondOpinions(changed);
    for (const [i, each] of changed.entries()) {
      const { valid, entries, checkpoints } = await verifyExport(exportLines([each]), { publicKey });
      expect({ i, ...opinions[i] }).toMatchObject({ i, valid, entries, checkpoints });
      expect(valid).toBe(false);
    }
  });

  it('says by its exit code what it found', async () => {
    const file = await exportOf(['a'], 3);
    const run = (input: Buffer): number | null =>
      spawnSync('python3', ['-B', join(tools, 'verify_export.py'), '-', publicKey], { input }).status;
    expect([run(file), run(file.subarray(0, -1))]).toEqual([0, 1]);
  });
});
