import type { Spell } from '@dsem/engine';
import {
  allColumns,
  descendantsOf,
  emptySchema,
  expressionsOf,
  mapExpressions,
  onTablePath,
  pathOf,
  type Routine,
  type Schema,
  type Table,
  tableFinder,
} from '@dsem/schema';
import { expressionTree, printTree } from '../dialect/grammar.js';
import { identifier, identifiers, qualified } from '../dialect/identifiers.js';
import { createRoutine } from '../dialect/render/routines.js';
import type { Link } from './connect.js';

/** One question to the server: what makes the object, and the query that tells how the server spells it. */
interface Question {
  readonly place: string;
  readonly make: string;
  readonly read: string;
  /** Takes off what the question has put around the expression. */
  readonly unwrap?: (text: string) => string;
}

/** Objects that share a scratch relation. */
interface Scratch {
  readonly make: readonly string[];
  readonly questions: readonly Question[];
}

const temporary = (name: string): string => `pg_temp.${identifier(name)}`;

/** `(x) IS NOT NULL` as the server spells it, without the test. */
const tested = (text: string): string => {
  const tree = expressionTree(text);
  return 'NullTest' in tree && tree.NullTest.arg ? printTree(tree.NullTest.arg) : text;
};

const constraintQuestion = (place: string, table: Table, condition: string, unwrap?: Question['unwrap']): Question => ({
  place,
  make: `ALTER TABLE ${temporary(table.name)} ADD CONSTRAINT dsem_spelled CHECK (${condition})`,
  read: `SELECT pg_get_expr(conbin, conrelid) AS text FROM pg_constraint WHERE conname = 'dsem_spelled' AND conrelid = '${temporary(table.name).replaceAll("'", "''")}'::regclass`,
  ...(unwrap === undefined ? {} : { unwrap }),
});

const regclass = (table: Table): string => `'${temporary(table.name).replaceAll("'", "''")}'::regclass`;

const attributeText = (table: Table, column: string): string =>
  `SELECT pg_get_expr(d.adbin, d.adrelid) AS text FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.adrelid = ${regclass(table)} AND a.attname = '${column.replaceAll("'", "''")}'`;

const columnQuestions = (table: Table): readonly Question[] =>
  table.columns.flatMap((column): readonly Question[] => {
    const path = pathOf(table, column.name);
    const read = attributeText(table, column.name);
    const alter = `ALTER TABLE ${temporary(table.name)}`;
    const name = identifier(column.name);
    if (column.default !== undefined)
      return [{ place: `default ${path}`, make: `${alter} ALTER COLUMN ${name} SET DEFAULT ${column.default}`, read }];
    if (column.generated === undefined) return [];
    const { expression, stored } = column.generated;
    const made = `${name} ${column.type.native} GENERATED ALWAYS AS (${expression}) ${stored ? 'STORED' : 'VIRTUAL'}`;
    return [{ place: `generated ${path}`, make: `${alter} DROP COLUMN ${name}; ${alter} ADD COLUMN ${made}`, read }];
  });

const indexQuestions = (table: Table): readonly Question[] =>
  table.indexes.flatMap((index) => {
    const path = pathOf(table, index.name);
    const keys = index.keys.flatMap(({ expression }, at) =>
      expression === undefined
        ? []
        : [constraintQuestion(`key ${at} ${path}`, table, `(${expression}) IS NOT NULL`, tested)],
    );
    return index.predicate === undefined
      ? keys
      : [...keys, constraintQuestion(`predicate ${path}`, table, index.predicate)];
  });

const policyQuestions = (table: Table, schema: Schema): readonly Question[] =>
  schema.policies
    .filter((policy) => pathOf(policy.table) === pathOf(table))
    .flatMap((policy) => {
      const path = onTablePath(policy);
      const ask = (place: string, clause: string, column: string, text: string | undefined): readonly Question[] =>
        text === undefined
          ? []
          : [
              {
                place: `${place} ${path}`,
                make: `CREATE POLICY dsem_spelled ON ${temporary(table.name)} ${clause} (${text})`,
                read: `SELECT pg_get_expr(${column}, polrelid) AS text FROM pg_policy WHERE polname = 'dsem_spelled' AND polrelid = ${regclass(table)}`,
              },
            ];
      return [
        ...ask('using', 'USING', 'polqual', policy.using),
        ...ask('with-check', 'WITH CHECK', 'polwithcheck', policy.check),
      ];
    });

/** A column of the scratch table: its type alone, so that nothing but the question can be refused. */
const scratchColumn = ({ name, type, attributes }: Table['columns'][number]): string => {
  const collation = attributes?.['collation'];
  const collated = typeof collation === 'string' ? ` COLLATE ${collation.split('.').map(identifier).join('.')}` : '';
  return `${identifier(name)} ${type.native}${collated}`;
};

const tableScratch = (table: Table, schema: Schema): Scratch => ({
  make: [
    `CREATE TABLE ${temporary(table.name)} (${allColumns(table, tableFinder(schema)).map(scratchColumn).join(', ')})`,
  ],
  questions: [
    ...columnQuestions(table),
    ...table.checks.map((check) => constraintQuestion(`check ${pathOf(table, check.name)}`, table, check.expression)),
    ...indexQuestions(table),
    ...policyQuestions(table, schema),
  ],
});

const viewScratches = (schema: Schema): readonly Scratch[] =>
  schema.views.map((view) => ({
    make: [],
    questions: [
      {
        place: `view ${pathOf(view)}`,
        make: `CREATE VIEW pg_temp.dsem_spelled${view.columns === undefined ? '' : ` (${identifiers(view.columns)})`} AS ${view.body.normal}`,
        read: `SELECT rtrim(pg_get_viewdef('pg_temp.dsem_spelled'::regclass), '; ') AS text`,
      },
    ],
  }));

const asked = (schema: Schema, places: ReadonlySet<string>): readonly Scratch[] =>
  [...schema.tables.map((table) => tableScratch(table, schema)), ...viewScratches(schema)]
    .map(({ make, questions }) => ({ make, questions: questions.filter(({ place }) => places.has(place)) }))
    .filter(({ questions }) => questions.length > 0);

/** Runs texts inside a savepoint that is always taken back; undefined when the server refuses one of them. */
const trying = async <Answer>(link: Link, name: string, work: () => Promise<Answer>): Promise<Answer | undefined> => {
  await link.query(`SAVEPOINT ${name}`);
  try {
    return await work();
  } catch (error) {
    if (link.lost()) throw error;
    return undefined;
  } finally {
    if (!link.lost()) await link.query(`ROLLBACK TO SAVEPOINT ${name}`);
  }
};

const answer = (link: Link, { make, read, unwrap }: Question): Promise<string | undefined> =>
  trying(link, 'question', async () => {
    const rows = (await link.queryAll([make, read])).at(-1) as readonly { readonly text: string }[];
    const text = rows[0]?.text;
    return text === undefined || unwrap === undefined ? text : unwrap(text);
  });

const answers = async (link: Link, scratch: Scratch, told: Map<string, string>): Promise<void> => {
  await trying(link, 'scratch', async () => {
    for (const text of scratch.make) await link.query(text);
    for (const question of scratch.questions) {
      const text = await answer(link, question);
      if (text !== undefined) told.set(question.place, text);
    }
  });
};

/** Overloads that share their name with others, where one of the texts may call them: which one is meant is a choice among all. */
const overloads = (schema: Schema, places: ReadonlySet<string>): readonly Routine[] => {
  const names = new Map<string, number>();
  for (const one of schema.routines) names.set(pathOf(one), (names.get(pathOf(one)) ?? 0) + 1);
  const shared = schema.routines.filter((one) => names.get(pathOf(one))! > 1);
  if (shared.length === 0) return [];
  const texts = [...expressionsOf(schema)].filter(([place]) => places.has(place)).map(([, text]) => text);
  return shared.filter(({ name }) => texts.some((text) => text.includes(name)));
};

/** Makes the overloads that are still to come, as far as that is allowed; they go with everything else. */
const makeOverloads = async (link: Link, routines: readonly Routine[]): Promise<void> => {
  if (routines.length > 0) await link.query('SET LOCAL check_function_bodies = off');
  for (const routine of routines) {
    const name = `${qualified(routine)}(${routine.signature})`;
    const [there] = await link.query<{ oid: string | null }>('SELECT to_regprocedure($1) AS oid', [name]);
    if (there?.oid !== null) continue;
    await link.query('SAVEPOINT overload');
    try {
      await link.query(createRoutine(routine));
    } catch (error) {
      if (link.lost()) throw error;
      await link.query('ROLLBACK TO SAVEPOINT overload');
    }
  }
};

const opening = `BEGIN; SET LOCAL search_path = ''; SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '10s'`;

/** What the server says, word for word; all scratch objects are temporary and the transaction is rolled back. */
const ask = async (link: Link, schema: Schema, places: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> => {
  const told = new Map<string, string>();
  await link.query(opening);
  try {
    await makeOverloads(link, overloads(schema, places));
    for (const scratch of asked(schema, places)) await answers(link, scratch, told);
  } finally {
    if (!link.lost()) await link.query('ROLLBACK');
  }
  return told;
};

/** Only what the answers need to be brought into normal form: a view and a policy need to know what they read. */
const concerned = (schema: Schema, told: ReadonlyMap<string, string>): Schema => {
  const paths = [...told.keys()];
  const views = paths.some((place) => /^(view|using|with-check) /.test(place));
  const named = (table: Table): boolean =>
    [table, ...descendantsOf(schema, table)].some((one) => paths.some((place) => place.includes(`${pathOf(one)}.`)));
  return {
    ...emptySchema(schema.engine),
    types: schema.types,
    tables: views ? schema.tables : schema.tables.filter(named),
    policies: schema.policies.filter((policy) => paths.some((place) => place.endsWith(` ${onTablePath(policy)}`))),
    views: views ? schema.views : [],
  };
};

/**
 * Asks the server how it spells expressions: each is made on a temporary relation and read back, and everything is
 * rolled back. Needs the right to make temporary objects. One question is at most three round trips.
 */
export const spellOn =
  (link: Link, normalize: (schema: Schema) => Promise<Schema>): Spell =>
  async (desired, places) => {
    const told = await ask(link, desired, new Set(places));
    if (told.size === 0) return new Map();
    const spelled = mapExpressions(concerned(desired, told), (place, text) => told.get(place) ?? text);
    const normal = expressionsOf(await normalize(spelled));
    return new Map([...told.keys()].flatMap((place) => (normal.has(place) ? [[place, normal.get(place)!]] : [])));
  };
