import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleEntries, sampleEvent, sampleExport, sampleSigner } from '@dsem/ledger/testing';
import { shapes } from './json-schemas.js';
import { dsem } from './testing.js';

let folder: string;
let text: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dsem-verify-'));
  const events = Array.from({ length: 20 }, (_, n) => sampleEvent(n));
  text = (await sampleExport(sampleEntries(events))).map((line) => `${line}\n`).join('');
  writeFileSync(join(folder, 'trail.jsonl'), text);
  writeFileSync(join(folder, 'key.txt'), sampleSigner().verifierKey);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('verify', () => {
  it('finds an untouched export intact, from a file and from standard input', async () => {
    const file = await dsem(['verify', 'trail.jsonl'], { cwd: folder });
    const stdin = await dsem(['verify', '-'], { stdin: text });
    expect([file.code, stdin.code]).toEqual([0, 0]);
    expect(file.out).toContain('intact');
    expect(stdin.out).toBe(file.out);
  });

  it('says when only the export itself vouches for its key', async () => {
    const trust = async (...more: string[]): Promise<string> =>
      (await dsem(['verify', 'trail.jsonl', ...more], { cwd: folder })).out;
    expect(await trust()).toContain('--public-key');
    expect(await trust('--public-key', '@key.txt')).not.toContain('--public-key');
    expect(await trust('--public-key', sampleSigner().verifierKey)).not.toContain('--public-key');
  });

  it('refuses an export that another key has signed', async () => {
    const other = sampleSigner('dsem.test/audit', '43').verifierKey;
    const { code, out } = await dsem(['verify', 'trail.jsonl', '--public-key', other], { cwd: folder });
    expect([code, out]).toEqual([1, expect.stringContaining('CHANGED')]);
  });

  it('names the entry whose byte was flipped', async () => {
    const at = text.indexOf('"number":13');
    const changed = `${text.slice(0, at)}"number":14${text.slice(at + 11)}`;
    const { code, out } = await dsem(['verify', '-', '-o', 'json'], { stdin: changed });
    const verdict = shapes.Verify.parse(JSON.parse(out));
    expect([code, verdict.valid, verdict.firstBadEntry]).toEqual([1, false, 13]);
  });
});
