import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { openCheckpoint, signCheckpoint } from './checkpoint.js';
import { InvalidLedgerKey, InvalidNote } from './errors.js';
import { openNote, readVerifier, signerOf } from './note.js';

/** Key and note of the documentation of golang.org/x/mod/sumdb/note; an independent implementation of the form. */
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goNote =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n" +
  '\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const seed = Buffer.from('302e020100300506032b657004220420'.concat('42'.repeat(32)), 'hex');
const privateKey = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
const signer = signerOf('dsem.test/audit', privateKey);
const verifier = readVerifier(signer.verifierKey);
const checkpoint = { origin: 'dsem.test/audit', size: 7, root: Buffer.alloc(32, 9), extensions: [] };

describe('signed notes', () => {
  it('opens a note that another implementation signed', () => {
    expect(openNote(goNote, readVerifier(goKey))).toMatch(/problem is\.\n$/);
  });

  it('refuses a note when any single byte of it is changed', () => {
    const note = signCheckpoint(checkpoint, signer);
    const bytes = Buffer.from(note);
    for (let i = 0; i < bytes.length; i += 1) {
      for (const bit of [1, 2, 4, 8, 16, 32]) {
        const changed = Buffer.from(bytes);
        changed[i] = (changed[i] as number) ^ bit;
        expect(() => openCheckpoint(changed.toString('utf8'), verifier)).toThrow(InvalidNote);
      }
    }
  });

  it('refuses the note of another key under the same name, and of the same key under another name', () => {
    const stranger = signerOf('dsem.test/audit', generateKeyPairSync('ed25519').privateKey);
    const renamed = signerOf('dsem.test/other', privateKey);
    expect(() => openNote(stranger.sign('a\n'), verifier)).toThrow(InvalidNote);
    expect(() => openNote(renamed.sign('a\n'), verifier)).toThrow(InvalidNote);
  });

  it('reads the public key from PEM when the log is named', () => {
    const pem = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString();
    expect(readVerifier(pem, 'dsem.test/audit').verifierKey).toBe(signer.verifierKey);
    expect(() => readVerifier(pem)).toThrow(InvalidLedgerKey);
  });

  it.each([
    ['nothing', ''],
    ['a wrong id', goKey.replace('c74f20a3', 'c74f20a4')],
    ['another algorithm', goKey.replace('+AR', '+AB')],
    ['a cut key', goKey.slice(0, -4)],
    ['a PEM block of garbage', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
  ])('refuses a verifier key that is %s', (_, key) => {
    expect(() => readVerifier(key, 'PeterNeumann')).toThrow(InvalidLedgerKey);
  });

  it('refuses to sign under a name that the form cannot hold, or with a key of another kind', () => {
    expect(() => signerOf('two words', privateKey)).toThrow(InvalidLedgerKey);
    expect(() => signerOf('x', generateKeyPairSync('x25519').privateKey)).toThrow(InvalidLedgerKey);
    expect(() => signerOf('x', 'not a key')).toThrow(InvalidLedgerKey);
  });
});

describe('checkpoints', () => {
  it('round-trip with their extension lines', () => {
    const extended = { ...checkpoint, extensions: ['one', 'two'] };
    expect(openCheckpoint(signCheckpoint(extended, signer), verifier)).toEqual(extended);
  });

  it.each([
    ['no root', 'o\n3\n'],
    ['a negative size', `o\n-3\n${Buffer.alloc(32).toString('base64')}\n`],
    ['a size with a leading zero', `o\n03\n${Buffer.alloc(32).toString('base64')}\n`],
    ['a short root', `o\n3\n${Buffer.alloc(31).toString('base64')}\n`],
    ['plain text', 'hello\n'],
  ])('are refused with %s although the signature is right', (_, text) => {
    expect(() => openCheckpoint(signer.sign(text), verifier)).toThrow(InvalidNote);
  });
});
