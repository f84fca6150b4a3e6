import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processVariables } from '@dsem/service-host';
import { agentVariables } from '../apps/environment-agent/src/process.js';
import { standaloneVariables } from '../apps/standalone/src/config.js';

const root = join(__dirname, '..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const page = text('docs/configuration.md');
const section = (title: string): string => page.split(/^## /m).find((part) => part.startsWith(`${title}\n`)) ?? '';

describe('docs/configuration.md', () => {
  it.each([
    ['A process per service', Object.entries(processVariables.shape)],
    ['An agent as a process', Object.entries(agentVariables.shape)],
    ['The standalone server', Object.entries(standaloneVariables.shape)],
  ])('names under "%s" every variable and its default', (title, variables) => {
    for (const [name, shape] of variables) {
      const line = section(title)
        .split('\n')
        .find((each) => each.includes(`\`${name}\``));
      expect({ name, line }).toMatchObject({ line: expect.any(String) as string });
      const unset = shape.safeParse(undefined);
      if (!unset.success) expect({ name, line }).toMatchObject({ line: expect.stringContaining('required') as string });
      else if (unset.data !== undefined && !name.endsWith('_URL')) {
        expect({ name, line }).toMatchObject({ line: expect.stringContaining(String(unset.data)) as string });
      }
    }
  });

  it.each(['gateway', 'orchestrator', 'audit', 'registry', 'validator'])('names the variables of %s alone', (app) => {
    const own = [...text(`apps/${app}/src/main.ts`).matchAll(/^ {4}([A-Z_]+): z\./gm)].map((match) => match[1] ?? '');
    for (const name of own) expect(section('A process per service')).toContain(`| ${app} | \`${name}\``);
  });
});
