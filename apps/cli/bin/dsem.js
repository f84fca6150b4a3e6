#!/usr/bin/env node
// Checks the runtime before anything is loaded: an old version would only show a syntax error. Node's own modules are
// taken as they are, because an ES import of one reads every export of it, and some load half of Node then.
const [major, minor] = process.versions.node.split('.').map(Number);
const words = process.argv.slice(2);

/** Where something of the package lies, as a path. */
const placeOf = (name) => process.getBuiltinModule('node:url').fileURLToPath(new URL(`../${name}`, import.meta.url));

const writtenAt = (file) =>
  process.getBuiltinModule('node:fs').statSync(placeOf(`dist/${file}`), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** The bundle, unless something was compiled after it was made. */
const entry = () =>
  writtenAt('bundle/main.js') > writtenAt('.tsbuildinfo') ? '../dist/bundle/main.js' : '../dist/main.js';

/** Keeps what V8 compiles in a folder of the user's own, since whoever writes there decides what runs. */
const keepCompiled = () => {
  if (process.env.NODE_COMPILE_CACHE !== undefined || process.env.NODE_DISABLE_COMPILE_CACHE !== undefined) return;
  const { join } = process.getBuiltinModule('node:path');
  const folder = process.env.XDG_CACHE_HOME || join(process.getBuiltinModule('node:os').homedir(), '.cache');
  process.getBuiltinModule('node:module').enableCompileCache(join(folder, 'dsem'));
};

if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(
    `dsem needs Node.js 22.15 or newer; this is ${process.versions.node}.\n` +
      'Fix: install a current Node.js from https://nodejs.org, or run it as `npx -p node@24 -p dsem dsem`.\n',
  );
  process.exitCode = 1;
} else if (words.length === 1 && words[0] === '--version') {
  const { version } = JSON.parse(process.getBuiltinModule('node:fs').readFileSync(placeOf('package.json'), 'utf8'));
  process.stdout.write(`${version}\n`);
} else {
  keepCompiled();
  const { main } = await import(entry());
  await main(words);
}
