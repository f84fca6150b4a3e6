// Who may import whom (CONTRIBUTING.md, "Layers"). Each rule is proved by tools/boundaries.spec.ts.
// A spec may import anything; so may what only specs can reach: testkit, test/, and the `./testing` entries.

const TEST_CODE = [
  '\\.spec\\.ts$',
  '/src/testing(\\.ts$|/)',
  '^libs/(event-store|messaging)/src/contract\\.ts$',
  '^libs/event-store/src/spec\\.ts$',
  '^libs/engine/src/conformance\\.ts$',
  '^libs/testkit/',
  '^test/',
];
const SERVICES = 'registry|validator|orchestrator|environment-agent|audit|notifier|gateway';
const AGGREGATES =
  'subject|branch|merge|semver|consumer|migration|rollout|waves|environment|assessment|waiver|execution|drift';

const lib = (names) => `^libs/(${names})/`;
const npm = (names) => `node_modules/(${names})(/|$)`;
const DIALECTS = '^libs/engines/[^/]+/src/dialect/';
const DRIVERS = '^libs/engines/[^/]+/src/driver/';
const EMBEDDED = '^libs/engines/[^/]+/src/embedded/';
const CATALOGUE = '^libs/engines/catalogue/src/';
const VENDOR_CLIENTS = 'pg|mysql2|mongodb|mssql|tedious|oracledb|cassandra-driver';
const CONTRACT = 'events|api|authz';
const MODEL_AND_LOGIC = 'schema|sql|engine|compat|plan|ledger';

/** Of ours, `from` may import itself and what matches one of `allowed`; everything else of ours is refused. */
const onlyImports = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST_CODE },
  to: { path: '^(libs|apps)/', pathNot: allowed },
});
const never = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { ...from, pathNot: [...TEST_CODE, ...(from.pathNot ?? [])] },
  to,
});

const layers = [
  onlyImports('model', 'The model knows nobody.', lib('schema'), [lib('schema')]),
  onlyImports('logic-sql', 'The SQL tokenizer knows the model only.', lib('sql'), [lib('sql|schema')]),
  onlyImports('logic-engine', 'The engine contract knows the model only.', lib('engine'), [lib('engine|schema')]),
  onlyImports('logic-compat', 'Compatibility asks the model and engine facts.', lib('compat'), [
    lib('compat|schema|engine'),
  ]),
  onlyImports('logic-plan', 'Planning asks the model and dialects.', lib('plan'), [lib('plan|schema|engine')]),
  onlyImports('logic-ledger', 'The ledger is importable by an offline verifier.', lib('ledger'), [
    lib('ledger|schema'),
  ]),
  onlyImports(
    'dialect',
    'A dialect is pure: engine contract, model, SQL tokenizer.',
    DIALECTS.replace('[^/]+', '([^/]+)'),
    ['^libs/engines/$1/src/dialect/', lib('engine|schema|sql')],
  ),
  onlyImports('driver', 'A driver serves its own dialect.', DRIVERS.replace('[^/]+', '([^/]+)'), [
    '^libs/engines/$1/src/',
    lib('engine|schema'),
  ]),
  onlyImports('embedded', 'A server of our own knows no dialect and no driver.', EMBEDDED.replace('[^/]+', '([^/]+)'), [
    '^libs/engines/$1/src/embedded/',
    lib('schema'),
  ]),
  onlyImports('catalogue-dialects', 'What lists dialects names no driver.', `${CATALOGUE}(?!drivers\\.ts$)`, [
    `${CATALOGUE}(?!drivers\\.ts$)`,
    DIALECTS,
    lib('engine|schema'),
  ]),
  onlyImports('catalogue-drivers', 'The list of drivers names dialects and drivers.', `${CATALOGUE}drivers\\.ts$`, [
    CATALOGUE,
    DIALECTS,
    DRIVERS,
    lib('engine|schema'),
  ]),
  onlyImports('contract', 'Contracts know the model; of plan and compat their types.', lib(CONTRACT), [
    lib(`${CONTRACT}|schema|plan|compat`),
  ]),
  onlyImports('infra-event-store', 'The event store serves any program: nothing of ours.', lib('event-store'), [
    lib('event-store'),
  ]),
  onlyImports('infra-messaging', 'Outbox and inbox join the bus to the store.', lib('messaging'), [
    lib(`messaging|event-store|${CONTRACT}|schema`),
  ]),
  onlyImports('infra-service-host', 'The host wires store, bus and contracts, no business.', lib('service-host'), [
    lib(`service-host|event-store|messaging|${CONTRACT}|schema`),
  ]),
  onlyImports('app', 'A service uses libraries, never another service.', `^apps/(${SERVICES})/`, [
    '^apps/$1/',
    lib(`${MODEL_AND_LOGIC}|${CONTRACT}|event-store|messaging|service-host`),
    CATALOGUE,
    DIALECTS,
  ]),
  onlyImports(
    'composition',
    'Standalone and demo put services together; they hold no drivers.',
    '^apps/(standalone|demo)/',
    [
      '^apps/',
      lib(`${MODEL_AND_LOGIC}|${CONTRACT}|event-store|messaging|service-host|sdk`),
      CATALOGUE,
      DIALECTS,
      EMBEDDED,
    ],
  ),
  onlyImports('client-sdk', 'The SDK is the API, seen from outside.', lib('sdk'), [lib('sdk|api')]),
  onlyImports('client-cli', 'The command line has logic and the SDK, no service insides.', '^apps/cli/', [
    '^apps/cli/',
    lib('sdk|api|schema|engine|compat|plan|ledger'),
    CATALOGUE,
    DIALECTS,
  ]),
  onlyImports('client-dashboard', 'The dashboard is a client of the SDK.', '^apps/dashboard/', [
    '^apps/dashboard/',
    lib('sdk|authz'),
  ]),
];

const special = [
  {
    name: 'no-circular',
    comment: 'Cycles hide who depends on whom.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'not-to-unresolvable',
    comment: 'An import that cannot be found cannot be judged.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  never(
    'contract-takes-types-only',
    'Contracts take types of plan and compat, no code.',
    { path: lib(CONTRACT) },
    { path: lib('plan|compat'), dependencyTypesNot: ['type-only'] },
  ),
  never(
    'drivers-in-the-agent-only',
    'Only agents and the command line touch target databases; the demo looks into those it made.',
    { path: '^(apps|libs)/', pathNot: ['^apps/(environment-agent|cli|demo)/', '^libs/engines/'] },
    { path: [DRIVERS, `${CATALOGUE}drivers\\.ts$`] },
  ),
  never(
    'cli-loads-drivers-lazily',
    'Offline verbs must not pay for database clients.',
    { path: '^apps/cli/' },
    { path: [DRIVERS, `${CATALOGUE}drivers\\.ts$`], dependencyTypesNot: ['type-only'], dynamic: false },
  ),
  never(
    'pure-without-node',
    'Model, logic and dialects run anywhere: no Node modules.',
    { path: [lib('schema|sql|engine|compat|plan'), DIALECTS] },
    { dependencyTypes: ['core'] },
  ),
  never(
    'ledger-with-crypto-only',
    'The ledger hashes and signs, nothing else of Node.',
    { path: lib('ledger') },
    { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
  ),
  never(
    'aggregates-are-pure',
    'Aggregates and process managers decide; they do no I/O and know no framework.',
    { path: `^apps/(${SERVICES})/src/.*/(${AGGREGATES})\\.ts$` },
    { path: ['^node:', npm(`@nestjs|typeorm|kafkajs|rxjs|${VENDOR_CLIENTS}`), lib('service-host|messaging')] },
  ),
  never(
    'aggregates-without-node',
    'Aggregates and process managers do no I/O.',
    { path: `^apps/(${SERVICES})/src/.*/(${AGGREGATES})\\.ts$` },
    { dependencyTypes: ['core'] },
  ),
  never(
    'dialects-without-clients',
    'A dialect never opens a connection.',
    { path: DIALECTS },
    { path: npm(VENDOR_CLIENTS) },
  ),
  never(
    'nest-at-the-edge',
    'Nest wires services; hearts and libraries do without it.',
    { path: '^(libs|apps)/', pathNot: ['^apps/', lib('service-host'), '^libs/messaging/src/nest'] },
    { path: npm('@nestjs') },
  ),
  never(
    'nest-not-in-clients',
    'Clients start fast and small.',
    { path: '^apps/(cli|dashboard)/' },
    { path: npm('@nestjs|typeorm') },
  ),
  never(
    'kafka-behind-the-bus',
    'Only the bus adapter knows Kafka.',
    { path: '^(libs|apps)/', pathNot: [lib('messaging')] },
    { path: npm('kafkajs') },
  ),
  never(
    'typeorm-in-services',
    'Read models live in services; libraries use pg.',
    { path: '^libs/', pathNot: [lib('service-host')] },
    { path: npm('typeorm|@nestjs/typeorm') },
  ),
  never('tests-only', 'Test code is imported from tests only.', { path: '^(libs|apps)/' }, { path: TEST_CODE }),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...layers, ...special],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['/dist/', '/testdata/'] },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@dsem/source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
