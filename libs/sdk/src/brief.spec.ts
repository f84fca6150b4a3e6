import { join } from 'node:path';
import ts from 'typescript';

/** The samples of the product's brief, letter by letter, after the names that they take for granted. */
const samples: Record<string, string> = {
  integration: `
const oldSchema = 'CREATE TABLE a (id int);';
const newSchema = { kind: 'schema' };
const migrationPlan = { schema: 'shop' };
const environments = ['staging', 'production'];

import { SchemaEvolutionManager } from 'schema-evolution-sdk';

// Initialize manager
const manager = new SchemaEvolutionManager({
    apiKey: 'your-api-key',
    endpoint: 'https://api.schema-evolution.example.com'
});

// Validate schema compatibility
const result = await manager.validateCompatibility(oldSchema, newSchema);
if (result.compatible) {
    await manager.deployMigration(migrationPlan, environments);
}
`,
  debug: `
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
const manager = new SchemaEvolutionManager({
    debug: true,
    logLevel: 'verbose',
    traceMigrations: true
});
`,
  webhook: `
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
const manager = new SchemaEvolutionManager();
manager.registerWebhook('migration_completed', {
    url: 'https://your-app.com/webhooks/migration',
    secret: 'webhook-secret',
    events: ['started', 'completed', 'failed', 'rolled_back']
});
`,
  mistake: `
import { SchemaEvolutionManager } from 'schema-evolution-sdk';
await new SchemaEvolutionManager().client.call('getSchema', { params: { name: 'shop' } });
`,
};

const compile = (): Map<string, string[]> => {
  const folder = import.meta.dirname;
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2024.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    customConditions: ['@dsem/source'],
  };
  const files = new Map(Object.entries(samples).map(([name, text]) => [join(folder, `sample-${name}.ts`), text]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, language) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, language) : ts.createSourceFile(name, text, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const messages = (file: string): string[] =>
    [
      ...program.getSyntacticDiagnostics(program.getSourceFile(file)),
      ...program.getSemanticDiagnostics(program.getSourceFile(file)),
    ].map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  return new Map(Object.keys(samples).map((name) => [name, messages(join(folder, `sample-${name}.ts`))]));
};

it("compiles the brief's samples as they are printed, and refuses a wrong parameter", () => {
  const { mistake, ...good } = Object.fromEntries(compile());
  expect(good).toEqual({ integration: [], debug: [], webhook: [] });
  expect(mistake?.join()).toMatch(/'name' does not exist/);
});
