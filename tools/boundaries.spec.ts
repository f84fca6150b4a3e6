import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '..');
const config = join(root, '.dependency-cruiser.cjs');
const rules = (require(config) as { forbidden: { name: string }[] }).forbidden.map(({ name }) => name);

/** `from` imports `to`: a file of ours by its path, or a package or Node module by its name. */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly how?: 'code' | 'type' | 'dynamic';
}

/** For each rule an import that it refuses, and the nearest one that is right. */
const cases: Record<string, { refused: Import[]; accepted: Import[] }> = {
  model: {
    refused: [{ from: 'libs/schema/src/model.ts', to: 'libs/engine/src/dialect.ts' }],
    accepted: [{ from: 'libs/schema/src/model.ts', to: 'libs/schema/src/diff.ts' }],
  },
  'logic-sql': {
    refused: [{ from: 'libs/sql/src/tokenizer.ts', to: 'libs/engine/src/dialect.ts' }],
    accepted: [{ from: 'libs/sql/src/tokenizer.ts', to: 'libs/schema/src/errors.ts' }],
  },
  'logic-engine': {
    refused: [{ from: 'libs/engine/src/driver.ts', to: 'libs/plan/src/plan.ts' }],
    accepted: [{ from: 'libs/engine/src/driver.ts', to: 'libs/schema/src/model.ts' }],
  },
  'logic-compat': {
    refused: [{ from: 'libs/compat/src/assess.ts', to: 'libs/plan/src/plan.ts' }],
    accepted: [{ from: 'libs/compat/src/assess.ts', to: 'libs/engine/src/capabilities.ts' }],
  },
  'logic-plan': {
    refused: [{ from: 'libs/plan/src/planner.ts', to: 'libs/engines/postgresql/src/dialect/index.ts' }],
    accepted: [{ from: 'libs/plan/src/planner.ts', to: 'libs/engine/src/dialect.ts' }],
  },
  'logic-ledger': {
    refused: [{ from: 'libs/ledger/src/entry.ts', to: 'libs/events/src/envelope.ts' }],
    accepted: [{ from: 'libs/ledger/src/entry.ts', to: 'libs/schema/src/errors.ts' }],
  },
  dialect: {
    refused: [
      { from: 'libs/engines/mysql/src/dialect/diff.ts', to: 'libs/engines/postgresql/src/dialect/diff.ts' },
      { from: 'libs/engines/mysql/src/dialect/render.ts', to: 'libs/engines/mysql/src/driver/apply.ts' },
    ],
    accepted: [{ from: 'libs/engines/mysql/src/dialect/parse.ts', to: 'libs/sql/src/cursor.ts' }],
  },
  driver: {
    refused: [{ from: 'libs/engines/mysql/src/driver/apply.ts', to: 'libs/engines/oracle/src/driver/apply.ts' }],
    accepted: [{ from: 'libs/engines/mysql/src/driver/apply.ts', to: 'libs/engines/mysql/src/dialect/render.ts' }],
  },
  embedded: {
    refused: [
      { from: 'libs/engines/postgresql/src/embedded/cluster.ts', to: 'libs/engines/postgresql/src/driver/connect.ts' },
    ],
    accepted: [
      { from: 'libs/engines/postgresql/src/embedded/cluster.ts', to: 'libs/schema/src/errors.ts' },
      { from: 'libs/testkit/src/servers/native.ts', to: 'libs/engines/postgresql/src/embedded/cluster.ts' },
      { from: 'apps/standalone/src/standalone.ts', to: 'libs/engines/postgresql/src/embedded/index.ts' },
    ],
  },
  'catalogue-dialects': {
    refused: [
      { from: 'libs/engines/catalogue/src/dialects.ts', to: 'libs/engines/mysql/src/driver/index.ts' },
      { from: 'libs/engines/catalogue/src/index.ts', to: 'libs/engines/catalogue/src/drivers.ts' },
    ],
    accepted: [{ from: 'libs/engines/catalogue/src/dialects.ts', to: 'libs/engines/mysql/src/dialect/index.ts' }],
  },
  'catalogue-drivers': {
    refused: [{ from: 'libs/engines/catalogue/src/drivers.ts', to: 'libs/plan/src/plan.ts' }],
    accepted: [{ from: 'libs/engines/catalogue/src/drivers.ts', to: 'libs/engines/mysql/src/driver/index.ts' }],
  },
  contract: {
    refused: [{ from: 'libs/api/src/migrations.ts', to: 'libs/messaging/src/bus.ts' }],
    accepted: [{ from: 'libs/api/src/migrations.ts', to: 'libs/schema/src/finding.ts' }],
  },
  'contract-takes-types-only': {
    refused: [{ from: 'libs/events/src/migration.ts', to: 'libs/plan/src/plan.ts' }],
    accepted: [{ from: 'libs/events/src/migration.ts', to: 'libs/plan/src/plan.ts', how: 'type' }],
  },
  'infra-event-store': {
    refused: [{ from: 'libs/event-store/src/postgres.ts', to: 'libs/schema/src/model.ts' }],
    accepted: [{ from: 'libs/event-store/src/postgres.ts', to: 'libs/event-store/src/decider.ts' }],
  },
  'infra-messaging': {
    refused: [{ from: 'libs/messaging/src/kafka.ts', to: 'libs/service-host/src/config.ts' }],
    accepted: [{ from: 'libs/messaging/src/kafka.ts', to: 'libs/event-store/src/outbox.ts' }],
  },
  'infra-service-host': {
    refused: [{ from: 'libs/service-host/src/bootstrap.ts', to: 'libs/compat/src/assess.ts' }],
    accepted: [{ from: 'libs/service-host/src/bootstrap.ts', to: 'libs/messaging/src/bus.ts' }],
  },
  app: {
    refused: [
      { from: 'apps/registry/src/registry.module.ts', to: 'apps/validator/src/index.ts' },
      { from: 'apps/registry/src/main.ts', to: 'libs/sdk/src/index.ts' },
    ],
    accepted: [{ from: 'apps/registry/src/registry.module.ts', to: 'libs/service-host/src/bootstrap.ts' }],
  },
  composition: {
    refused: [{ from: 'apps/standalone/src/main.ts', to: 'libs/engines/mysql/src/driver/index.ts' }],
    accepted: [{ from: 'apps/standalone/src/main.ts', to: 'apps/validator/src/index.ts' }],
  },
  'client-sdk': {
    refused: [{ from: 'libs/sdk/src/manager.ts', to: 'libs/schema/src/model.ts' }],
    accepted: [{ from: 'libs/sdk/src/manager.ts', to: 'libs/api/src/schemas.ts' }],
  },
  'client-cli': {
    refused: [{ from: 'apps/cli/src/commands/plan.ts', to: 'libs/service-host/src/bootstrap.ts' }],
    accepted: [{ from: 'apps/cli/src/commands/plan.ts', to: 'libs/plan/src/plan.ts' }],
  },
  'client-dashboard': {
    refused: [{ from: 'apps/dashboard/src/app.ts', to: 'libs/plan/src/plan.ts' }],
    accepted: [{ from: 'apps/dashboard/src/app.ts', to: 'libs/authz/src/policy.ts' }],
  },
  'no-circular': {
    refused: [
      { from: 'libs/schema/src/one.ts', to: 'libs/schema/src/two.ts' },
      { from: 'libs/schema/src/two.ts', to: 'libs/schema/src/one.ts', how: 'type' },
    ],
    accepted: [{ from: 'libs/schema/src/one.ts', to: 'libs/schema/src/two.ts' }],
  },
  'not-to-unresolvable': {
    refused: [{ from: 'libs/schema/src/lost.ts', to: 'no-such-package' }],
    accepted: [{ from: 'libs/schema/src/lost.ts', to: 'zod' }],
  },
  'drivers-in-the-agent-only': {
    refused: [{ from: 'apps/orchestrator/src/main.ts', to: 'libs/engines/catalogue/src/drivers.ts' }],
    accepted: [{ from: 'apps/environment-agent/src/main.ts', to: 'libs/engines/catalogue/src/drivers.ts' }],
  },
  'cli-loads-drivers-lazily': {
    refused: [{ from: 'apps/cli/src/commands/inspect.ts', to: 'libs/engines/catalogue/src/drivers.ts' }],
    accepted: [
      { from: 'apps/cli/src/commands/inspect.ts', to: 'libs/engines/catalogue/src/drivers.ts', how: 'dynamic' },
    ],
  },
  'pure-without-node': {
    refused: [
      { from: 'libs/plan/src/hash.ts', to: 'node:crypto' },
      { from: 'libs/engines/mysql/src/dialect/normalize.ts', to: 'fs' },
    ],
    accepted: [{ from: 'libs/plan/src/hash.ts', to: 'zod' }],
  },
  'ledger-with-crypto-only': {
    refused: [{ from: 'libs/ledger/src/note.ts', to: 'node:fs' }],
    accepted: [{ from: 'libs/ledger/src/note.ts', to: 'node:crypto' }],
  },
  'aggregates-are-pure': {
    refused: [
      { from: 'apps/registry/src/subject/subject.ts', to: '@nestjs/common' },
      { from: 'apps/orchestrator/src/rollout/rollout.ts', to: 'libs/messaging/src/bus.ts' },
    ],
    accepted: [{ from: 'apps/registry/src/subject/subject.ts', to: 'libs/event-store/src/decider.ts' }],
  },
  'aggregates-without-node': {
    refused: [{ from: 'apps/registry/src/subject/branch.ts', to: 'node:crypto' }],
    accepted: [{ from: 'apps/registry/src/subject/subject.controller.ts', to: 'node:crypto' }],
  },
  'dialects-without-clients': {
    refused: [{ from: 'libs/engines/mysql/src/dialect/types.ts', to: 'pg' }],
    accepted: [{ from: 'libs/engines/mysql/src/driver/connect.ts', to: 'pg' }],
  },
  'nest-at-the-edge': {
    refused: [{ from: 'libs/compat/src/report.ts', to: '@nestjs/common' }],
    accepted: [{ from: 'apps/registry/src/registry.module.ts', to: '@nestjs/common' }],
  },
  'nest-not-in-clients': {
    refused: [{ from: 'apps/cli/src/main.ts', to: '@nestjs/common' }],
    accepted: [{ from: 'apps/cli/src/main.ts', to: 'zod' }],
  },
  'kafka-behind-the-bus': {
    refused: [{ from: 'apps/validator/src/main.ts', to: 'kafkajs' }],
    accepted: [{ from: 'libs/messaging/src/kafka.ts', to: 'kafkajs' }],
  },
  'typeorm-in-services': {
    refused: [{ from: 'libs/event-store/src/projection.ts', to: 'typeorm' }],
    accepted: [{ from: 'apps/registry/src/subject/subject.projection.ts', to: 'typeorm' }],
  },
  'tests-only': {
    refused: [
      { from: 'apps/registry/src/config.ts', to: 'libs/testkit/src/txtar.ts' },
      { from: 'apps/registry/src/subject/read.ts', to: 'libs/event-store/src/testing.ts' },
    ],
    accepted: [
      { from: 'apps/registry/src/config.spec.ts', to: 'libs/testkit/src/txtar.ts' },
      { from: 'libs/event-store/src/testing.ts', to: 'libs/event-store/src/spec.ts' },
    ],
  },
};

const packages = ['zod', 'pg', 'kafkajs', 'typeorm', '@nestjs/common'];
const isOurs = (to: string): boolean => /^(libs|apps)\//.test(to);

const write = (tree: string, path: string, text: string): void => {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), text, { flag: 'a' });
};

const statement = ({ from, to, how = 'code' }: Import): string => {
  const name = isOurs(to)
    ? relative(dirname(from), to)
        .replace(/^(?!\.)/, './')
        .replace(/\.ts$/, '.js')
    : to;
  switch (how) {
    case 'code':
      return `import * as thing from '${name}';\nexport const used = thing;\n`;
    case 'type':
      return `import type { Thing } from '${name}';\nexport type Used = Thing;\n`;
    case 'dynamic':
      return `export const load = () => import('${name}');\n`;
    default:
      return how satisfies never;
  }
};

const plant = (tree: string, imports: readonly Import[]): void => {
  for (const name of packages) {
    write(tree, `node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(tree, `node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  for (const each of imports) write(tree, each.from, statement(each));
  for (const { to } of imports) if (isOurs(to)) write(tree, to, 'export interface Thing {}\n');
  write(tree, 'libs/present.ts', '');
  write(tree, 'apps/present.ts', '');
  copyFileSync(join(root, 'tsconfig.base.json'), join(tree, 'tsconfig.base.json'));
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** The rules that a tree with these imports breaks, as `rule: file`. */
const judge = (imports: readonly Import[]): string[] => {
  const tree = mkdtempSync(join(tmpdir(), 'dsem-boundaries-'));
  try {
    plant(tree, imports);
    const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = [bin, '--config', config, '--output-type', 'json', 'apps', 'libs'];
    const run = spawnSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
    const { summary } = JSON.parse(run.stdout) as { summary: { violations: Violation[] } };
    return summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
};

describe('the table of who may import whom', () => {
  it('has a case for every rule', () => {
    expect(Object.keys(cases).sort()).toEqual([...rules].sort());
  });

  it('accepts every import that is right, all of them in one tree', () => {
    expect(judge(Object.values(cases).flatMap(({ accepted }) => accepted))).toEqual([]);
  });

  it('refuses every import that is wrong, by the rule that is meant', () => {
    const refused = Object.entries(cases).flatMap(([rule, { refused: each }]) => each.map((one) => ({ rule, ...one })));
    const found = judge(refused);
    for (const { rule, from } of refused.filter(({ how }) => how === undefined))
      expect(found).toContain(`${rule}: ${from}`);
  });
});
