import {
  type DiffAnswers,
  type Schema,
  applyChanges,
  build,
  checkConsistency,
  diff,
  digest,
  emptySchema,
  footprint,
  parseDefinition,
} from './index.js';

const { check, column, enumeration, extension, field, foreignKey, grant, index, named, namespace, object, own } = build;
const { partitionBy, policy, primaryKey, routine, schema, sequence, table, trigger, type, typed, unique, view } = build;

const ask: DiffAnswers = { sameType: (a, b) => a.native === b.native };

const postgresql = schema(
  'postgresql',
  namespace('shop', { comment: 'the shop', attributes: { owner: 'shop_owner' } }),
  extension('public.citext', { version: '1.6' }),
  enumeration('shop.mood', ['sad', 'ok', 'happy']),
  type({
    ...named('shop.money'),
    kind: 'domain',
    base: typed('numeric(12,2)', { kind: 'decimal', precision: 12, scale: 2 }),
    nullable: false,
    checks: [{ name: 'positive', expression: 'VALUE >= 0' }],
  }),
  type({ ...named('shop.span'), kind: 'other', definition: { form: 'range', subtype: 'date' } }),
  table(
    'shop.orders',
    column('id', 'bigint', { nullable: false, identity: { always: true, options: { start: '1000' } } }),
    column('placed', 'date', { nullable: false, default: 'CURRENT_DATE' }),
    column('total', 'shop.money', { canonical: { kind: 'domain', type: 'shop.money' } }),
    column('tax', 'numeric', { generated: { expression: '(total * 0.2)', stored: true } }),
    primaryKey('orders_pkey', ['id', 'placed']),
    check('total_small', '(total < 1000000)', { validated: false }),
    index('orders_open', [{ column: 'placed', order: 'desc', nulls: 'last' }, { expression: 'lower(note)' }], {
      method: 'btree',
      include: ['total'],
      predicate: '(total > 0)',
    }),
    partitionBy('range', ['placed']),
    own({ comment: 'all orders', attributes: { options: { fillfactor: '70' }, rowSecurity: true } }),
  ),
  table(
    'shop.orders_2026',
    own({ partitionOf: { ...named('shop.orders'), bound: `FROM ('2026-01-01') TO ('2027-01-01')` } }),
  ),
  view('shop.open_orders', 'SELECT id FROM shop.orders', { uses: ['shop.orders'], columns: ['id'] }),
  view('shop.sums', 'SELECT sum(total) AS s FROM shop.orders', {
    materialized: true,
    indexes: [{ name: 'sums_s', keys: [{ column: 's' }] }],
  }),
  routine('shop.touch', '', 'BEGIN RETURN NEW; END', { returns: 'trigger', language: 'plpgsql' }),
  trigger('touch', 'shop.orders', 'BEFORE UPDATE ... EXECUTE FUNCTION shop.touch()', { attributes: { enabled: 'O' } }),
  policy('own_rows', 'shop.orders', { command: 'select', roles: ['app'], using: '(owner = CURRENT_USER)' }),
  grant('app', 'shop.orders', ['select', 'insert']),
  object('statistics', 'shop.orders_stat', { table: 'shop.orders', columns: ['placed', 'total'] }),
  object('publication', 'changes', { tables: ['shop.orders'] }),
);

const mysql = schema(
  'mysql',
  namespace('shop', { attributes: { charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' } }),
  table(
    'shop.items',
    column('id', 'bigint unsigned', { nullable: false, attributes: { autoIncrement: true } }),
    column('colour', `enum('red','blue')`, { canonical: { kind: 'enum', type: 'shop.items.colour' } }),
    column('doc', 'json', { attributes: { invisible: true } }),
    column('changed', 'timestamp', { default: 'CURRENT_TIMESTAMP', attributes: { onUpdate: 'CURRENT_TIMESTAMP' } }),
    primaryKey('PRIMARY', ['id']),
    index('colour', [{ column: 'colour', attributes: { prefix: 10 } }], { attributes: { visible: false } }),
    index('words', ['doc'], { method: 'fulltext', attributes: { parser: 'ngram' } }),
    partitionBy('range', ['id'], {
      partitions: [
        { name: 'p0', lessThan: '1000' },
        { name: 'p1', lessThan: 'MAXVALUE' },
      ],
    }),
    own({ attributes: { engine: 'InnoDB', rowFormat: 'DYNAMIC' } }),
  ),
  routine('shop.total', 'in id bigint', 'BEGIN END', { kind: 'procedure', attributes: { definer: 'root@localhost' } }),
  object('event', 'shop.nightly', { schedule: 'EVERY 1 DAY', body: 'DELETE FROM x' }),
  sequence('shop.numbers', { comment: 'MariaDB has them' }),
);

const mongodb = schema(
  'mongodb',
  namespace('shop'),
  table(
    'shop.customers',
    column('_id', 'objectId', { nullable: false }),
    column('address', 'object', {
      nullable: false,
      fields: [
        field('city', 'string', { nullable: false }),
        field('lines', 'array', { canonical: { kind: 'array', of: { kind: 'text' } } }),
        field('geo', 'object', { fields: [field('lat', 'double'), field('lon', 'double')] }),
      ],
    }),
    index('by_city', [{ column: 'address.city' }, { column: 'address.geo.lat', order: 'desc' }], {
      attributes: { expireAfterSeconds: 3600, collation: { locale: 'de' } },
    }),
    own({
      attributes: {
        validator: { level: 'moderate', action: 'error', additionalProperties: false },
        shardKey: [['_id', 'hashed']],
      },
    }),
  ),
  table('shop.metrics', own({ attributes: { timeSeries: { timeField: 'at', metaField: 'sensor' } } })),
  view('shop.berlin', '[{"$match":{"address.city":"Berlin"}}]', { uses: ['shop.customers'] }),
  object('search-index', 'shop.customers_text', { on: 'shop.customers', mappings: { dynamic: true } }),
);

const cassandra = schema(
  'cassandra',
  namespace('shop', {
    attributes: { replication: { class: 'NetworkTopologyStrategy', eu: '3' }, durableWrites: true },
  }),
  type({ ...named('shop.address'), kind: 'struct', fields: [field('street', 'text'), field('zip', 'int')] }),
  table(
    'shop.visits',
    column('site', 'text', { nullable: false }),
    column('day', 'date', { nullable: false }),
    column('at', 'timeuuid', { nullable: false }),
    column('owner', 'text', { attributes: { static: true } }),
    column('homes', 'map<text, frozen<address>>', {
      canonical: { kind: 'map', key: { kind: 'text' }, value: { kind: 'struct', type: 'shop.address' } },
    }),
    column('face', 'vector<float, 3>', { canonical: { kind: 'vector', dimensions: 3 } }),
    primaryKey('visits', ['site', 'day', 'at'], { attributes: { partitionKey: 2, clustering: ['desc'] } }),
    index('by_face', ['face'], { method: 'sai', attributes: { similarity: 'cosine' } }),
    own({ attributes: { compaction: { class: 'UnifiedCompactionStrategy' }, gcGraceSeconds: 864000 } }),
  ),
  view('shop.visits_by_owner', 'SELECT * FROM visits PRIMARY KEY (owner, site)', { materialized: true }),
  routine('shop.plus', 'int,int', 'return a + b;', { language: 'java', returns: 'int' }),
  routine('shop.sum', 'int', 'SFUNC plus STYPE int', { kind: 'aggregate' }),
  object('role', 'reader', { login: true }),
);

const sqlserver = schema(
  'sqlserver',
  namespace('dbo'),
  table(
    'dbo.Accounts',
    column('Id', 'int', { nullable: false, identity: { always: true, options: { start: '1', increment: '1' } } }),
    column('State', 'nvarchar(20)', {
      default: `(N'new')`,
      attributes: { defaultName: 'DF_Accounts_State', sparse: true },
    }),
    column('Full', 'nvarchar(41)', { generated: { expression: `([First]+' '+[Last])`, stored: true } }),
    primaryKey('PK_Accounts', ['Id'], { attributes: { clustered: true } }),
    unique('UQ_State', ['State']),
    foreignKey('FK_Self', ['Id'], 'dbo.Accounts', ['Id'], { attributes: { notTrusted: true } }),
    index('IX_Columns', ['State'], { method: 'columnstore', include: ['Full'], predicate: `([State] IS NOT NULL)` }),
    own({ attributes: { temporal: { history: 'dbo.AccountsHistory' }, lockEscalation: 'TABLE' } }),
  ),
  type({ ...named('dbo.IdList'), kind: 'other', definition: { form: 'table', columns: [['Id', 'int']] } }),
  view('dbo.ActiveAccounts', 'SELECT Id FROM dbo.Accounts', { attributes: { schemaBinding: true } }),
  object('synonym', 'dbo.A', { for: 'dbo.Accounts' }),
  object('partition-function', 'ByYear', { type: 'date', right: true, values: ['20260101'] }),
  object('security-policy', 'dbo.Rows', { predicate: 'dbo.f(Id)', on: 'dbo.Accounts' }),
);

const oracle = schema(
  'oracle',
  namespace('SHOP'),
  extension('V2', { attributes: { edition: true, parent: 'ORA$BASE' } }),
  table(
    'SHOP.PARTS',
    column('ID', 'NUMBER(19)', { nullable: false, identity: { always: false } }),
    column('NAME', 'VARCHAR2(40 CHAR)', { default: `'x'`, attributes: { defaultOnNull: true } }),
    column('UPPER_NAME', 'VARCHAR2(40)', { generated: { expression: 'UPPER("NAME")', stored: false } }),
    primaryKey('PARTS_PK', ['ID'], { attributes: { deferrable: true, rely: true } }),
    check('NAME_SHORT', 'LENGTH("NAME") < 30', { validated: false, attributes: { enabled: false } }),
    index('PARTS_UP', [{ expression: 'UPPER("NAME")' }], {
      method: 'bitmap',
      attributes: { invisible: true, local: true },
    }),
    partitionBy('interval', ['ID'], { every: '1000', subpartition: { strategy: 'hash', keys: ['NAME'] } }),
    own({ attributes: { organization: 'index', rowMovement: true } }),
  ),
  view('SHOP.PARTS_EV', 'SELECT ID FROM PARTS', { attributes: { editioning: true } }),
  sequence('SHOP.NUMBERS', { options: { cache: '20', cycle: true } }),
  routine('SHOP.API', '', 'PACKAGE api AS PROCEDURE p; END;', { kind: 'package' }),
  object('package-body', 'SHOP.API', { text: 'PACKAGE BODY api AS END;' }),
  object('synonym', 'PUBLIC.PARTS', { for: 'SHOP.PARTS' }),
  object('job', 'SHOP.NIGHTLY', { schedule: 'FREQ=DAILY' }),
);

const worlds: readonly Schema[] = [postgresql, mysql, mongodb, cassandra, sqlserver, oracle];

describe.each(worlds.map((world) => [world.engine, world] as const))('the world of %s', (engine, world) => {
  it('survives JSON and the reading of canonical definitions', () => {
    const read = parseDefinition(JSON.parse(JSON.stringify(world)));
    expect(read).toEqual(world);
    expect(digest(read)).toBe(digest(world));
  });
  it('is consistent', () => {
    expect(() => checkConsistency(world, { openDocuments: engine === 'mongodb' })).not.toThrow();
  });
  it('is built from nothing and taken down again by its own diff', () => {
    const up = diff(emptySchema(engine), world, ask);
    expect(applyChanges(emptySchema(engine), up)).toEqual(world);
    expect(applyChanges(world, diff(world, emptySchema(engine), ask))).toEqual(emptySchema(engine));
  });
  it('has one footprint per object, under distinct keys', () => {
    const objects = Object.values(world)
      .filter((value) => typeof value !== 'string')
      .flat();
    expect(footprint(world).size).toBeGreaterThan(objects.length);
  });
});
