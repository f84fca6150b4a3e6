#!/usr/bin/env node
// Checks the runtime before anything is loaded: old versions would only show a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `dsem needs Node.js 22.15 or newer; this is ${process.versions.node}.\n` +
      'Fix: install a current Node.js from https://nodejs.org, or run it as `npx -p node@24 -p dsem dsem`.\n',
  );
  process.exitCode = 1;
} else {
  import('../dist/main.js').then(({ main }) => main(process.argv.slice(2)));
}
