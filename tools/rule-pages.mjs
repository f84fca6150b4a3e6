// Writes a page for every rule into docs/rules, from the rules themselves: `npm run build && node tools/rule-pages.mjs`.
// Rules of lint bring the scripts of their tests as examples.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
export const folder = join(root, 'docs', 'rules');

const hazards = {
  lock: 'others wait',
  rewrite: 'a table is copied',
  'breaks-clients': 'clients break',
  'data-loss': 'data is lost',
  'data-dependent': 'it can fail on the rows that are there',
  transaction: 'transactions go wrong',
  timeout: 'waits have no end',
  replication: 'consumers of changes break',
  performance: 'it becomes slow',
  security: 'access is lost or opened',
  style: 'advice',
  policy: 'policy',
};
const actors = { OR: 'old readers', OW: 'old writers', NR: 'new readers', NW: 'new writers' };
const bumps = { major: 'major', minor: 'minor', patch: 'patch', none: 'no' };

/** Whatever stands under `-- <name> --` in a txtar text, for names that look like scripts. */
const scriptsIn = (path) => {
  if (!existsSync(path)) return undefined;
  const parts = readFileSync(path, 'utf8').split(/^-- (.+?) --$/mu);
  const scripts = parts.filter((_, at) => at % 2 === 0 && /^script\d*\.sql$/u.test(parts[at - 1] ?? ''));
  return scripts.length === 0 ? undefined : scripts.map((text) => text.trim()).join('\n\n-- the next script\n');
};

const example = (engine, id, name, heading) => {
  const script = scriptsIn(join(root, 'libs', 'engines', engine, 'testdata', 'lint', id, `${name}.txtar`));
  return script === undefined ? [] : [`### ${heading}`, '', '```sql', script, '```', ''];
};

const about = ({ why, fix }) => [`**Why.** ${why}`, '', `**What to do.** ${fix}`, ''];

const lintPart = ({ engine, rule }) => [
  `## In scripts (\`dsem lint\`, ${engine})`,
  '',
  `Severity **${rule.severity}**${rule.optional ? `, but silent until \`--rule ${rule.id}=${rule.severity}\` asks for it` : ''}; ${hazards[rule.hazard]} (\`${rule.hazard}\`).`,
  '',
  ...about(rule),
  ...(rule.scales
    ? [
        'On a table that `--state` shows to be small (below 10,000 rows and 64 MiB) it is told as info, on an empty one not at all.',
        '',
      ]
    : []),
  ...example(engine, rule.id, 'flagged', 'Told of'),
  ...example(engine, rule.id, 'clean', 'Not told of'),
];

const compatPart = (rule) => [
  '## Between versions (`dsem check`, `dsem plan`)',
  '',
  `Severity **${rule.severity}**; ${hazards[rule.hazard]} (\`${rule.hazard}\`). ${
    rule.breaks.length === 0 ? 'Nobody fails' : `Who fails: ${rule.breaks.map((actor) => actors[actor]).join(', ')}`
  }; the next version is a ${bumps[rule.bump]} one.`,
  '',
  ...about(rule),
];

const silence = (id) => [
  '## To leave it out',
  '',
  `\`-- dsem: nolint ${id} <reason>\` on the line before or on the same line, \`-- dsem: nolint-file ${id} <reason>\` for a whole script, \`--rule ${id}=off\` for a run.`,
  '',
];

const page = (id, title, lint, compat) =>
  [
    `# ${id}`,
    '',
    `${title}.`,
    '',
    ...lint.flatMap(lintPart),
    ...compat.flatMap(compatPart),
    ...(lint.length > 0 ? silence(id) : []),
  ]
    .join('\n')
    .trimEnd() + '\n';

const contents = (entries) =>
  [
    '# Rules',
    '',
    'A page for each rule. `dsem lint --rules` lists those of scripts with their severities.',
    '',
    '| rule | scripts | versions | sees |',
    '|---|---|---|---|',
    ...entries.map(
      ({ id, title, lint, compat }) =>
        `| [${id}](${id}.md) | ${lint.map(({ rule }) => (rule.optional ? 'off' : rule.severity)).join(', ')} | ${compat.map((rule) => rule.severity).join(', ')} | ${title} |`,
    ),
    '',
  ].join('\n');

/** File name -> text, of every rule of `lint` (`{ engine, rules }` each) and `compat`. */
export const pagesOf = ({ lint, compat }) => {
  const told = lint.flatMap(({ engine, rules }) => rules.map((rule) => ({ engine, rule })));
  const ids = [...new Set([...told.map(({ rule }) => rule.id), ...compat.map(({ id }) => id)])].toSorted();
  const entries = ids.map((id) => {
    const [own, versions] = [told.filter(({ rule }) => rule.id === id), compat.filter((rule) => rule.id === id)];
    return { id, title: (own[0]?.rule ?? versions[0]).title, lint: own, compat: versions };
  });
  return new Map([
    ['README.md', contents(entries)],
    ...entries.map(({ id, title, lint: own, compat: versions }) => [`${id}.md`, page(id, title, own, versions)]),
  ]);
};

const main = async () => {
  const [{ dialects }, { nolintRules }, { rules: compat }] = await Promise.all([
    import('@dsem/catalogue'),
    import('@dsem/engine'),
    import('@dsem/compat'),
  ]);
  const lint = Object.values(dialects)
    .filter((dialect) => dialect.lint)
    .map((dialect) => ({ engine: dialect.engine, rules: [...dialect.lint.rules, ...Object.values(nolintRules)] }));
  const pages = pagesOf({ lint, compat });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
};

if (process.argv[1] === import.meta.filename) main();
