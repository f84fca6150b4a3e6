import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parkingContract } from '@dsem/messaging/testing';
import { openSpoolParking } from './parking.js';

const folder = mkdtempSync(join(tmpdir(), 'dsem-parking-'));
const opened: { readonly close: () => void }[] = [];
afterAll(() => {
  for (const lot of opened) lot.close();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
parkingContract("the agent's spool", {
  make: () => {
    const opening = openSpoolParking(join(folder, `${++files}.db`), () => new Date());
    opened.push(opening);
    return opening.lot;
  },
});
