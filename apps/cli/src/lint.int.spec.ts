import { describeWithServer, server, surviving } from '@dsem/testkit';
import pg from 'pg';
import { dsem } from './testing.js';

describeWithServer('postgresql', 'dsem lint against a live database', () => {
  it('takes the size of each table into account', async () => {
    const database = await (await server('postgresql')).createDatabase();
    const client = surviving(new pg.Client({ connectionString: database.url }));
    await client.connect();
    try {
      await client.query(`CREATE TABLE large (id bigint PRIMARY KEY, a int); CREATE TABLE small (id bigint PRIMARY KEY, a int);
        CREATE TABLE empty (id bigint PRIMARY KEY, a int);
        INSERT INTO large SELECT n, n FROM generate_series(1, 20000) n; INSERT INTO small SELECT n, n FROM generate_series(1, 100) n`);
      await client.query('ANALYZE');
      const stdin = ['large', 'small', 'empty'].map((table) => `CREATE INDEX ${table}_a ON ${table} (a);\n`).join('');
      const { out } = await dsem(['lint', '-', '--state', database.url, '-o', 'json'], { stdin });
      const { findings } = JSON.parse(out) as { findings: { rule: string; severity: string; object: string }[] };
      const found = findings.filter(({ rule }) => rule === 'pg-index-not-concurrent');
      expect(found.map(({ severity, object }) => [severity, object])).toEqual([
        ['error', 'public.large_a'],
        ['info', 'public.small_a'],
      ]);
    } finally {
      await client.end();
      await database.drop();
    }
  });
});
