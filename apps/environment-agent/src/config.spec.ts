import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { InvalidAgentConfig, readAgentConfig } from './config.js';

const url = 'postgresql://dsem:hunter2@db.example:5432/shop';
const config = { agent: 'eu-1', environments: [{ name: 'eu', url }] };
const expected = { agent: 'eu-1', environments: [{ name: 'eu', engine: 'postgresql', url }] };

describe('the configuration of an agent', () => {
  it('is read from JSON', () => {
    expect(readAgentConfig(`  ${JSON.stringify(config)}`)).toEqual(expected);
  });

  it('is read from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dsem-agent-'));
    try {
      const file = join(folder, 'agent.json');
      writeFileSync(file, JSON.stringify(config));
      expect(readAgentConfig(file)).toEqual(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  const environment = config.environments[0];
  it.each<[string, unknown, string]>([
    ['no agent', { environments: [environment] }, 'agent:'],
    ['no environments', { agent: 'eu-1' }, 'environments:'],
    ['an empty list of environments', { ...config, environments: [] }, 'environments:'],
    ['an environment without a URL', { ...config, environments: [{ name: 'eu' }] }, 'environments.0.url:'],
    ['a name that is none', { ...config, environments: [{ name: 'e u', url }] }, 'environments.0.name:'],
    ['a key that nobody knows', { ...config, tls: true }, 'tls'],
    ['an environment twice', { ...config, environments: [environment, environment] }, 'eu is named twice'],
    [
      'a database of no known kind',
      { ...config, environments: [{ name: 'eu', url: `gopher${url}` }] },
      'environment eu',
    ],
    [
      'a database that cannot be opened yet',
      { ...config, environments: [{ name: 'eu', url: 'mysql://db.example/shop' }] },
      'environment eu is a database of mysql, for which there is no driver yet',
    ],
  ])('is refused with %s', (_, given, message) => {
    const refusal = expect.objectContaining({
      code: 'DSEM-1017',
      message: expect.stringContaining(message) as string,
    });
    expect(() => readAgentConfig(JSON.stringify(given))).toThrow(refusal);
  });

  it.each(['', '[]', '/no/such/file.json'])('is refused when %p is no configuration', (value) => {
    expect(() => readAgentConfig(value)).toThrow(InvalidAgentConfig);
  });

  it.each([
    ['broken JSON', JSON.stringify(config).replace('}]', `"${url}"}]`)],
    ['a wrong shape', JSON.stringify({ ...config, environments: [{ name: 'eu', url, extra: url }] })],
    ['a URL of another kind', JSON.stringify({ ...config, environments: [{ name: 'eu', url: `gopher${url}` }] })],
    ['a URL in place of a list', JSON.stringify({ ...config, environments: url })],
    ['a URL as a name', JSON.stringify({ ...config, environments: [{ name: url, url }] })],
  ])('never shows a password, not even for %s', (_, value) => {
    try {
      readAgentConfig(value);
    } catch (error) {
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
      return;
    }
    throw new Error('it was accepted');
  });
});
