import { diff } from '@dsem/schema';
import { describeWithServer, server, useRoles } from '@dsem/testkit';
import { postgresqlDialect as dialect } from '../dialect/index.js';
import { execute } from '../testing/live/way.js';
import { postgresqlDriver as driver } from './index.js';

const objects = `
CREATE SCHEMA app;
CREATE TABLE t (id serial, n bigint GENERATED ALWAYS AS IDENTITY, a text);
CREATE VIEW v AS SELECT id FROM t;
CREATE TYPE mood AS ENUM ('ok');
CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1';`;

const toOwner = `${objects}
GRANT ALL ON t TO dsem_keeper;
GRANT UPDATE (a) ON t TO dsem_keeper;
GRANT SELECT ON v TO dsem_keeper WITH GRANT OPTION;
GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO dsem_keeper;
GRANT ALL ON SCHEMA app TO dsem_keeper;
GRANT USAGE ON TYPE mood TO dsem_keeper;
GRANT ALL ON FUNCTION f TO dsem_keeper;`;

const given = `
ALTER SCHEMA app OWNER TO dsem_keeper;
ALTER TABLE t OWNER TO dsem_keeper;
ALTER VIEW v OWNER TO dsem_keeper;
ALTER TYPE mood OWNER TO dsem_keeper;
ALTER FUNCTION f OWNER TO dsem_keeper;`;

const taken = `
REVOKE ALL ON t FROM dsem_keeper;
GRANT SELECT ON t TO dsem_keeper;`;

/** What is left to do against a database where something ran, by a definition. */
const leftToDo = async (major: number, ran: string, wanted: string): Promise<readonly string[]> => {
  const database = await (await server('postgresql', { major })).createDatabase();
  const session = await driver.connect(database.url);
  try {
    await execute(database.url, ran);
    const [live, { schema }] = [await session.inspect({ owners: true }), await dialect.parse([{ text: wanted }])];
    return diff(live, schema, dialect.diff).map(({ kind, object }) => `${kind} ${object}`);
  } finally {
    await session.close();
    await database.drop();
  }
};

describe.each([13, 18])('owners', (major) => {
  describeWithServer(
    'postgresql',
    `on PostgreSQL ${major}`,
    () => {
      useRoles(major, ['dsem_keeper', 'dsem_clerk']);

      it.each([
        ['nothing, where nobody is named', objects + given, objects, []],
        ['nothing, for a grant to the owner where nobody is named', objects + given, toOwner, []],
        ['nothing, for a grant to the owner that was run before the owner came', toOwner + given, toOwner + given, []],
        [
          'nothing, for what is left to the owner, said after a REVOKE',
          objects + given + taken,
          objects + given + taken,
          [],
        ],
        ['nothing, for what was taken from an owner whom nobody names', objects + given + taken, objects, []],
        ['nothing, for what is left to an owner whom nobody names', objects + given + taken, objects + taken, []],
        [
          'a grant back to an owner who is named',
          objects + given + taken,
          objects + given,
          ['drop-grant dsem_keeper on public.t'],
        ],
        [
          'a new owner',
          objects + given,
          `${objects}ALTER TABLE t OWNER TO dsem_clerk;`,
          ['alter-grant owner of public.t'],
        ],
      ] as const)('leave to do: %s', async (_what, ran, wanted, left) => {
        expect(await leftToDo(major, ran, wanted)).toEqual(left);
      });
    },
    major,
  );
});
