// The house rules that a machine can check (CONTRIBUTING.md, "Code"). Who may import whom: .dependency-cruiser.cjs.
import tseslint from 'typescript-eslint';

const specs = ['**/*.spec.ts', '**/testing.ts', '**/testing/**/*.ts', 'libs/testkit/**/*.ts', 'test/**/*.ts'].concat([
  'libs/{event-store,messaging}/src/contract.ts',
  'libs/event-store/src/spec.ts',
  'libs/engine/src/conformance.ts',
]);

/** The pure hearts in services: state, decide, evolve, and process managers. */
const aggregates =
  'subject branch merge semver consumer migration rollout waves environment assessment waiver execution drift'
    .split(' ')
    .map((name) => `apps/*/src/**/${name}.ts`);
const pure = ['schema', 'engine', 'sql', 'compat', 'plan', 'engines/*/src/dialect']
  .map((folder) => `libs/${folder}/**/*.ts`)
  .concat(aggregates);
/** Pure but for SHA-256 and Ed25519 of node:crypto. */
const ledger = ['libs/ledger/**/*.ts'];

const engines = 'postgresql|mysql|mariadb|mongodb|cassandra|sqlserver|oracle';
const engineMessage = 'Ask a capability or the dialect; generic code does not know engines by name.';
const engineNames = [
  { selector: `BinaryExpression[operator=/^[!=]==?$/] > Literal[value=/^(${engines})$/]`, message: engineMessage },
  { selector: `SwitchCase > Literal[value=/^(${engines})$/]`, message: engineMessage },
  {
    selector: `BinaryExpression[operator=/^[!=]==?$/] > TemplateLiteral > TemplateElement[value.raw=/^(${engines})$/]`,
    message: engineMessage,
  },
];

const names = [
  { selector: 'TSInterfaceDeclaration > Identifier.id[name=/^I[A-Z][a-z]/]', message: 'No I-prefix: name the thing.' },
  {
    selector: 'ClassDeclaration > Identifier.id[name=/(Impl|Helper|Util|Utils|Manager)$/]',
    message: 'Name what it does; Impl, Helper, Util and Manager say nothing.',
  },
  {
    selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>5]',
    message: 'At most five collaborators; split the class or make its heart a function.',
  },
];

const sessions = [
  {
    selector:
      ':not(CallExpression[callee.name="surviving"]) > NewExpression[callee.object.name="pg"][callee.property.name=/^(Client|Pool)$/]',
    message: 'surviving(new pg...(...)): a session that dies while nobody waits for it must not end the process.',
  },
  {
    selector: 'ImportDeclaration[source.value="pg"][importKind!="type"] > ImportSpecifier[importKind!="type"]',
    message: "import pg from 'pg': the rule about its sessions goes by that name.",
  },
];

const clockMessage = 'Time and chance are arguments here; take the clock at the edge.';
const clock = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clockMessage },
  { selector: 'CallExpression[callee.name="Date"]', message: clockMessage },
];
const dynamicNode = {
  selector: 'ImportExpression > Literal[value=/^node:/]',
  message: 'Pure code does not touch Node.',
};
const noGlobals = ['process', 'performance', 'fetch', 'crypto', 'console', 'Buffer', '__dirname', 'require']
  .concat('setTimeout setInterval setImmediate queueMicrotask'.split(' '))
  .map((name) => ({ name, message: 'Pure code: no environment, clock, network or output.' }));
const noClockProperties = [
  { object: 'Date', property: 'now', message: clockMessage },
  { object: 'Math', property: 'random', message: clockMessage },
  { object: 'performance', property: 'now', message: clockMessage },
  { object: 'crypto', property: 'randomUUID', message: clockMessage },
];
const bareBuiltins =
  'fs path os child_process net http https crypto process timers stream util url worker_threads'.split(' ');
const nodePatterns = (allowed = []) => [
  { group: ['node:*', ...allowed.map((name) => `!${name}`)], message: 'Pure code does not touch Node.' },
];

const restrictedSyntax = (...groups) => ['error', ...groups.flat()];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.dsem/**', 'coverage/**', '**/testdata/**'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
      'no-var': 'error',
      'no-debugger': 'error',
      'no-restricted-syntax': restrictedSyntax(sessions),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.check.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { requireDefaultForNonUnion: true, considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-restricted-syntax': restrictedSyntax(names, engineNames, sessions),
    },
  },
  {
    files: ['libs/engines/**/*.ts', 'libs/schema/src/model.ts'],
    rules: { 'no-restricted-syntax': restrictedSyntax(names, sessions) },
  },
  {
    files: [...pure, ...ledger],
    rules: {
      'no-restricted-globals': ['error', ...noGlobals],
      'no-restricted-properties': ['error', ...noClockProperties],
      'no-restricted-imports': ['error', { paths: bareBuiltins, patterns: nodePatterns() }],
      'no-restricted-syntax': restrictedSyntax(names, engineNames, clock, dynamicNode),
    },
  },
  {
    files: ['libs/schema/src/model.ts', 'libs/engines/*/src/dialect/**/*.ts'],
    rules: { 'no-restricted-syntax': restrictedSyntax(names, clock, dynamicNode) },
  },
  {
    files: ledger,
    rules: {
      'no-restricted-globals': ['error', ...noGlobals.filter(({ name }) => name !== 'Buffer')],
      'no-restricted-imports': ['error', { paths: bareBuiltins, patterns: nodePatterns(['node:crypto']) }],
    },
  },
  {
    files: ['libs/sdk/**/*.ts'],
    rules: { 'no-restricted-syntax': restrictedSyntax(engineNames) },
  },
  {
    files: specs,
    rules: {
      'max-lines': ['error', { max: 800, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': 'off',
      'no-restricted-syntax': restrictedSyntax(sessions),
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-imports': 'off',
    },
  },
);
