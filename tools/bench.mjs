// `npm run bench -- <name> [--repetitions N] [--tables N,...] [--peers NAME,...]`: builds what has changed, then runs test/bench/<name>.mjs.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test', 'bench');
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.replace('.bench.mjs', ''));
const [name, ...args] = process.argv.slice(2);

if (!names.includes(name)) {
  console.error(
    `usage: npm run bench -- NAME [--repetitions N] [--tables N,...] [--peers NAME,...] [--json]\n\nNAME: ${names.join(', ')}`,
  );
  process.exit(64);
}
const run = (...command) => {
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
};
run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b');
run(join(root, 'tools', 'bundle.mjs'));
run('--disable-warning=ExperimentalWarning', join(folder, `${name}.bench.mjs`), ...args);
