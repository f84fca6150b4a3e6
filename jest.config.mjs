/** One run for the whole repository: one embedded PostgreSQL and one Kafka serve every spec. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,test,tools}/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.dsem/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@dsem/source', 'node', 'require', 'default'] },
  testTimeout: 60_000,
  globalSetup: '<rootDir>/libs/testkit/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/libs/testkit/jest/global-teardown.mjs',
  reporters: ['default', '<rootDir>/libs/testkit/jest/closing-line.mjs'],
  maxWorkers: 2,
  testSequencer: '<rootDir>/libs/testkit/jest/sequencer.mjs',
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
};
