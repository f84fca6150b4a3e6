#!/usr/bin/env node
// Checks the runtime before anything is loaded: an old version would only show a syntax error.
import { readFileSync } from 'node:fs';

const [major, minor] = process.versions.node.split('.').map(Number);
const words = process.argv.slice(2);

if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `dsem needs Node.js 22.15 or newer; this is ${process.versions.node}.\n` +
      'Fix: install a current Node.js from https://nodejs.org, or run it as `npx -p node@24 -p dsem dsem`.\n',
  );
  process.exitCode = 1;
} else if (words.length === 1 && words[0] === '--version') {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import('../dist/main.js');
  await main(words);
}
