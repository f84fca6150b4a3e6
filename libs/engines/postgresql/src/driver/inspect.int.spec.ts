import { describeWithServer, server } from '@dsem/testkit';
import { postgresqlDialect } from '../dialect/index.js';
import { type Link, openLink } from './connect.js';
import { inspectCatalogue } from './inspect.js';

const ddl = `
CREATE EXTENSION IF NOT EXISTS plpgsql;
CREATE SCHEMA app; COMMENT ON SCHEMA app IS 'the application';
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'happy'); COMMENT ON TYPE app.mood IS 'how one feels';
CREATE SEQUENCE app.ticket START 100 INCREMENT 5 CACHE 10; COMMENT ON SEQUENCE app.ticket IS 'numbers';
CREATE SEQUENCE app.down AS smallint INCREMENT -1 CYCLE;
CREATE TABLE app.customer (
  id bigint GENERATED ALWAYS AS IDENTITY (START 7) PRIMARY KEY,
  no serial NOT NULL,
  name character varying(40) DEFAULT 'x',
  mood app.mood NOT NULL DEFAULT 'ok',
  code text COLLATE "C",
  price numeric(10,2),
  tags text[],
  twice numeric GENERATED ALWAYS AS (price * 2) STORED,
  CONSTRAINT positive CHECK (price > 0),
  CONSTRAINT one_name UNIQUE (name) DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE app.customer IS 'who buys'; COMMENT ON COLUMN app.customer.name IS 'full name';
COMMENT ON CONSTRAINT positive ON app.customer IS 'no gifts';
CREATE TABLE app.orders (id bigint PRIMARY KEY, customer bigint, gone text, at timestamptz DEFAULT now(),
  CONSTRAINT by_customer FOREIGN KEY (customer) REFERENCES app.customer (id) ON DELETE CASCADE ON UPDATE SET NULL);
ALTER TABLE app.orders DROP COLUMN gone;
ALTER TABLE app.orders ADD CONSTRAINT later CHECK (customer <> 3) NOT VALID;
CREATE INDEX plain ON app.customer (name DESC, price NULLS FIRST) INCLUDE (code);
CREATE UNIQUE INDEX odd ON app.customer (lower(name), code text_pattern_ops) WHERE price > 1;
CREATE INDEX words ON app.customer USING gin (tags);
COMMENT ON INDEX app.words IS 'search';
CREATE VIEW app.rich AS SELECT id, name FROM app.customer WHERE price > 1000;
CREATE MATERIALIZED VIEW app.total AS SELECT customer, count(*) AS n FROM app.orders GROUP BY customer;
CREATE UNIQUE INDEX total_key ON app.total (customer);
CREATE UNLOGGED TABLE public.scratch (a integer) WITH (fillfactor = 70);
CREATE DOMAIN app.email AS text CHECK (VALUE LIKE '%@%');
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touched BEFORE UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE TABLE app.log (at date) PARTITION BY RANGE (at);
CREATE TABLE app.log_2024 PARTITION OF app.log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE POLICY mine ON app.orders USING (true); ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE SCHEMA dsem_control; CREATE TABLE dsem_control.journal (a integer);
`;

const suite = (major: number): void => {
  let link: Link;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await (await server('postgresql', { major })).createDatabase();
    drop = database.drop;
    link = await openLink(database.url);
    await link.query(ddl);
  });
  afterAll(async () => {
    await link.end();
    await drop();
  });

  it('reads namespaces, types and sequences, and leaves public and the control schema out', async () => {
    const { schema } = await inspectCatalogue(link);
    expect(schema.namespaces).toEqual([{ name: 'app', comment: 'the application' }]);
    expect(schema.extensions).toEqual([]);
    expect(schema.types).toEqual([
      { kind: 'enum', namespace: 'app', name: 'mood', labels: ['sad', 'ok', 'happy'], comment: 'how one feels' },
      {
        kind: 'domain',
        namespace: 'app',
        name: 'email',
        base: { native: 'text', canonical: { kind: 'opaque', native: 'text' } },
        nullable: true,
        checks: [{ name: 'email_check', expression: `(VALUE ~~ '%@%'::text)` }],
      },
    ]);
    expect([...schema.sequences].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      {
        namespace: 'app',
        name: 'customer_no_seq',
        type: 'integer',
        ownedBy: { namespace: 'app', name: 'customer', column: 'no' },
      },
      { namespace: 'app', name: 'down', type: 'smallint', options: { increment: '-1', cycle: true } },
      {
        namespace: 'app',
        name: 'ticket',
        comment: 'numbers',
        options: { start: '100', increment: '5', cache: '10' },
      },
    ]);
    expect(schema.tables.map((table) => table.name).sort()).toEqual([
      'customer',
      'log',
      'log_2024',
      'orders',
      'scratch',
    ]);
  });

  it('reads columns with type, default, identity, generation, collation and comment', async () => {
    const { schema } = await inspectCatalogue(link);
    const table = schema.tables.find((each) => each.name === 'customer');
    expect(table?.comment).toBe('who buys');
    const native = (name: string) => ({ native: name, canonical: { kind: 'opaque', native: name } });
    expect(table?.columns).toEqual([
      { name: 'id', type: native('bigint'), nullable: false, identity: { always: true, options: { start: '7' } } },
      {
        name: 'no',
        type: native('integer'),
        nullable: false,
        default: `nextval('app.customer_no_seq'::regclass)`,
      },
      {
        name: 'name',
        type: native('character varying(40)'),
        nullable: true,
        default: `'x'::character varying`,
        comment: 'full name',
      },
      { name: 'mood', type: native('app.mood'), nullable: false, default: `'ok'::app.mood` },
      { name: 'code', type: native('text'), nullable: true, attributes: { collation: 'C' } },
      { name: 'price', type: native('numeric(10,2)'), nullable: true },
      { name: 'tags', type: native('text[]'), nullable: true },
      {
        name: 'twice',
        type: native('numeric'),
        nullable: true,
        generated: { expression: '(price * (2)::numeric)', stored: true },
      },
    ]);
  });

  it('reads keys, checks and foreign keys, those not yet validated too', async () => {
    const { schema } = await inspectCatalogue(link);
    const table = (name: string) => schema.tables.find((each) => each.name === name);
    expect(table('customer')).toMatchObject({
      primaryKey: { name: 'customer_pkey', columns: ['id'] },
      uniques: [{ name: 'one_name', columns: ['name'], attributes: { deferrable: true, initiallyDeferred: true } }],
      checks: [{ name: 'positive', expression: '(price > (0)::numeric)', comment: 'no gifts' }],
    });
    expect(table('orders')).toMatchObject({
      foreignKeys: [
        {
          name: 'by_customer',
          columns: ['customer'],
          references: { namespace: 'app', name: 'customer', columns: ['id'] },
          onDelete: 'cascade',
          onUpdate: 'set null',
        },
      ],
      checks: [{ name: 'later', expression: '(customer <> 3)', validated: false }],
    });
    expect(table('scratch')?.attributes).toEqual({ unlogged: true, options: { fillfactor: '70' } });
  });

  it('reads indexes of tables and materialized views, and none that a constraint owns', async () => {
    const { schema } = await inspectCatalogue(link);
    const indexes = schema.tables.find((each) => each.name === 'customer')?.indexes ?? [];
    expect([...indexes].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      {
        name: 'odd',
        keys: [{ expression: 'lower(name::text)' }, { column: 'code', attributes: { opclass: 'text_pattern_ops' } }],
        unique: true,
        predicate: 'price > 1::numeric',
      },
      {
        name: 'plain',
        keys: [
          { column: 'name', order: 'desc' },
          { column: 'price', nulls: 'first' },
        ],
        include: ['code'],
      },
      { name: 'words', keys: [{ column: 'tags' }], method: 'gin', comment: 'search' },
    ]);
    expect(schema.views.find((view) => view.name === 'total')).toMatchObject({
      materialized: true,
      columns: ['customer', 'n'],
      indexes: [{ name: 'total_key', keys: [{ column: 'customer' }], unique: true }],
    });
  });

  it('reads views with qualified names', async () => {
    const { schema } = await inspectCatalogue(link);
    expect(schema.views.find((view) => view.name === 'rich')?.body.text).toMatch(/FROM app\.customer\s+WHERE/);
  });

  it('reads partitioned tables, partitions and parents, and marks what is inherited', async () => {
    const { schema } = await inspectCatalogue(link);
    const [log, partition] = ['log', 'log_2024'].map((name) => schema.tables.find((one) => one.name === name));
    expect(log?.partitioning?.attributes).toEqual({ definition: 'RANGE (at)' });
    expect(partition?.partitionOf).toEqual({
      namespace: 'app',
      name: 'log',
      bound: "FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
    });
    expect(partition?.columns.map(({ attributes }) => attributes)).toEqual([{ inherited: 'at' }]);
  });

  it('reads row security and policies', async () => {
    const { schema } = await inspectCatalogue(link);
    expect(schema.tables.find((one) => one.name === 'orders')?.attributes).toEqual({ rowSecurity: true });
    expect(schema.policies).toEqual([{ name: 'mine', table: { namespace: 'app', name: 'orders' }, using: 'true' }]);
  });

  it('tells when everybody may create in public where that is not what the server brings', async () => {
    const [act, back] = major < 15 ? ['REVOKE', 'GRANT'] : ['GRANT', 'REVOKE'];
    const run = (verb: string): Promise<unknown> =>
      link.query(`${verb} CREATE ON SCHEMA public ${verb === 'GRANT' ? 'TO' : 'FROM'} PUBLIC`);
    await run(act!);
    const { unmanaged, schema } = await inspectCatalogue(link);
    await run(back!);
    expect(unmanaged).toContain('privilege CREATE of everybody on schema public');
    expect((await postgresqlDialect.normalize(schema)).grants).toEqual([]);
  });

  it('reads privileges on routines', async () => {
    await link.query('REVOKE EXECUTE ON FUNCTION app.touch FROM PUBLIC');
    const { unmanaged, schema } = await inspectCatalogue(link);
    await link.query('GRANT EXECUTE ON FUNCTION app.touch TO PUBLIC');
    expect(unmanaged).toEqual([]);
    expect(schema.grants).toContainEqual({
      name: 'public on routine app.touch()',
      grantee: 'public',
      on: 'routine app.touch()',
      privileges: [],
    });
  });

  it('reads functions and triggers', async () => {
    const { schema } = await inspectCatalogue(link);
    expect(schema.routines.map(({ kind, name, language }) => [kind, name, language])).toEqual([
      ['function', 'touch', 'plpgsql'],
    ]);
    expect(schema.triggers.map(({ name, table }) => [name, table])).toEqual([
      ['touched', { namespace: 'app', name: 'orders' }],
    ]);
  });

  it('names tables and indexes that stand in a tablespace of their own', async () => {
    if (major < 15) return;
    await link.query('SET allow_in_place_tablespaces = on');
    await link.query(`CREATE TABLESPACE dsem_inspected LOCATION ''`);
    await link.query('CREATE TABLE app.kept (id integer) TABLESPACE dsem_inspected');
    await link.query('CREATE INDEX kept_id ON app.kept (id) TABLESPACE dsem_inspected');
    const { unmanaged } = await inspectCatalogue(link);
    await link.query('DROP TABLE app.kept');
    await link.query('DROP TABLESPACE dsem_inspected');
    expect(unmanaged).toEqual(['tablespace of index app.kept_id', 'tablespace of table app.kept']);
  });

  it('names subscriptions, access methods, languages and operators that only stand as partners', async () => {
    await link.query(
      'CREATE SUBSCRIPTION "S s" CONNECTION \'\' PUBLICATION p WITH (connect = false, slot_name = NONE)',
    );
    await link.query('CREATE LANGUAGE plx HANDLER plpgsql_call_handler');
    await link.query('CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler');
    await link.query(
      'CREATE OPERATOR app.<~> (LEFTARG = integer, RIGHTARG = integer, FUNCTION = int4eq, COMMUTATOR = OPERATOR(app.<~~>))',
    );
    await link.query('CREATE TABLE app.kept (id integer) USING heap2');
    const { unmanaged } = await inspectCatalogue(link);
    await link.query('DROP OPERATOR app.<~> (integer, integer); DROP OPERATOR app.<~~> (integer, integer)');
    await link.query('DROP TABLE app.kept');
    await link.query('DROP ACCESS METHOD heap2; DROP LANGUAGE plx');
    await link.query('DROP SUBSCRIPTION "S s"');
    expect(unmanaged).toEqual(
      expect.arrayContaining([
        'access method heap2',
        'access method of table app.kept',
        'language plx',
        'operator without a function app."<~~>"',
        'subscription "S s"',
      ]),
    );
  });

  it('sees the debris of a failed concurrent index build as an index that is not valid', async () => {
    await link.query('INSERT INTO public.scratch VALUES (1), (1)');
    await expect(link.query('CREATE UNIQUE INDEX CONCURRENTLY debris ON public.scratch (a)')).rejects.toThrow();
    const { schema } = await inspectCatalogue(link);
    expect(schema.tables.find((each) => each.name === 'scratch')?.indexes).toEqual([
      { name: 'debris', keys: [{ column: 'a' }], unique: true, valid: false },
    ]);
  });
};

describeWithServer('postgresql', 'inspection of PostgreSQL 18', () => suite(18), 18);
describeWithServer('postgresql', 'inspection of PostgreSQL 13', () => suite(13), 13);
