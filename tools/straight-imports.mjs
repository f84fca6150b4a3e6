// Lets the bundle import from the file that declares a name instead of through the index of its package: an index that is
// used anywhere pulls in all that it names, so that every call would load what only some need.
import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const listed = /^export \{([^}]*)\} from '(\.[^']+)';$/;
const whole = /^export \* from '(\.[^']+)';$/;
const declared = /^export (?:async )?(?:const|let|class|function\*?) (\w+)/gm;
const imports = /^import \{([^}]*)\} from '(@dsem\/[\w-]+)';$/gm;

/** `a, b as c` as pairs of a name and what it is called. */
const pairs = (list) =>
  list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => one.split(' as '))
    .map(([name, called = name]) => [name, called]);

/** Where each name of an index is declared; names that cannot be told are missing and stay imported through it. */
const declarationsOf = async (index) => {
  const found = new Map();
  for (const line of (await readFile(index, 'utf8')).split('\n')) {
    const [, names, file] = listed.exec(line) ?? [];
    for (const [name, called] of file === undefined ? [] : pairs(names))
      found.set(called, { file: join(dirname(index), file), name });
    const [, all] = whole.exec(line) ?? [];
    if (all === undefined) continue;
    const path = join(dirname(index), all);
    for (const [, name] of (await readFile(path, 'utf8')).matchAll(declared)) found.set(name, { file: path, name });
  }
  return found;
};

const rewritten = async (text, indexOf) => {
  const known = new Map();
  for (const [, , name] of text.matchAll(imports)) known.set(name, await indexOf(name));
  return text.replace(imports, (_, list, from) =>
    pairs(list)
      .map(([name, called]) => {
        const there = known.get(from).get(name);
        const [source, file] = there === undefined ? [name, from] : [there.name, there.file];
        return `import { ${source} as ${called} } from ${JSON.stringify(file)};`;
      })
      .join(' '),
  );
};

/** The plugin for packages found from a folder; only what `tsc -b` made of our own files is read. */
export const straightImports = (folder) => {
  const { resolve } = createRequire(join(folder, 'package.json'));
  const indexes = new Map();
  const indexOf = async (name) => {
    if (!indexes.has(name)) indexes.set(name, realpath(resolve(name)).then(declarationsOf));
    return indexes.get(name);
  };
  return {
    name: 'straight-imports',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\/(libs|apps)\/.*\/dist\/.*\.js$/ }, async ({ path }) => ({
        contents: await rewritten(await readFile(path, 'utf8'), indexOf),
        loader: 'js',
      }));
    },
  };
};
