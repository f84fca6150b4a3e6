import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { postgresqlDialect } from '@dsem/engine-postgresql';
import { historyOf, subjects, type Version } from '@dsem/engine-postgresql/testing';
import { digest } from '@dsem/schema';
import { dsem } from '../testing.js';

type Layout = (version: Version, at: number) => readonly (readonly [path: string, text: string])[];

const slug = ({ name }: Version): string => name.replace(/\W+/g, '_');
const stamp = (at: number): string => String(20_240_101_000_000 + at * 101);

/** How the usual tools keep a history. */
const layouts: { readonly [tool: string]: Layout } = {
  'pairs of up and down': (version, at) => [
    [`${at + 1}_${slug(version)}.up.sql`, version.up],
    [`${at + 1}_${slug(version)}.down.sql`, version.down],
  ],
  'a folder per version': (version, at) => [
    [join(`${stamp(at)}_${slug(version)}`, 'migration.sql'), version.up],
    [join(`${stamp(at)}_${slug(version)}`, 'down.sql'), version.down],
  ],
  'numbered versions with undo and repeatable scripts': (version, at) => [
    [`V${Math.floor(at / 10)}_${at % 10}__${slug(version)}.sql`, version.up],
    [`U${Math.floor(at / 10)}_${at % 10}__${slug(version)}.sql`, version.down],
    ['R__views.sql', 'CREATE OR REPLACE VIEW every_day AS SELECT 1 AS one;'],
  ],
  'both ways in one file': (version, at) => [
    [`${stamp(at)}_${slug(version)}.sql`, `-- +goose Up\n${version.up}\n\n-- +goose Down\n${version.down}\n`],
  ],
};

describe.each(Object.keys(subjects))('the history of a %s', (trade) => {
  const versions = historyOf(subjects[trade]!, 120);

  it.each(Object.keys(layouts))('kept as %s is read as its versions in order', async (tool) => {
    const folder = mkdtempSync(join(tmpdir(), 'dsem-history-'));
    try {
      const files = versions.flatMap(layouts[tool]!);
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const repeatable = new Map(files).get('R__views.sql');
      const texts = [...versions.map(({ up }) => up), ...(repeatable === undefined ? [] : [repeatable])];
      const { schema } = await postgresqlDialect.parse(texts.map((text) => ({ text })));
      const { code, out } = await dsem(['inspect', folder, '--engine', 'postgresql', '-o', 'json']);
      expect([code, (JSON.parse(out) as { digest: string }).digest]).toEqual([0, digest(schema)]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
