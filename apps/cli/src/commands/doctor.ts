import { stat } from 'node:fs/promises';
import type { ApiClient } from 'schema-evolution-sdk';
import { action, type Call, type Verb } from '../context.js';
import { count } from '../output/table.js';
import { CliProblem, problemOf } from '../problem.js';
import type { Exit } from '../exit-codes.js';
import { version } from '../version.js';
import { take } from './remote.js';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

const masked = (key: string | undefined): string =>
  key === undefined ? 'no API key' : `API key ${key.slice(0, 10)}***`;

const attempt = async (name: string, work: () => Promise<string>): Promise<Check> => {
  try {
    return { name, ok: true, detail: await work() };
  } catch (error) {
    const { code, title, detail = '' } = problemOf(error);
    return { name, ok: false, detail: `${code} ${title}: ${detail}` };
  }
};

const login = async ({ io }: Call<object>): Promise<string> => {
  const { profilePath, readProfile } = await import('../server/profile.js');
  if ((await readProfile(io)) === undefined) return 'nobody has logged in';
  const file = profilePath(io);
  const open = ((await stat(file)).mode & 0o077) !== 0;
  if (open) throw new Error(`${file} can be read by others; run: chmod 600 ${file}`);
  return file;
};

const mayLook = async (call: Call<object>): Promise<ApiClient | undefined> => {
  const { api } = await import('../server/connect.js');
  try {
    const client = await api(call.options, call.io);
    return (await client.call('me')).actions.includes('dead-letter:read') ? client : undefined;
  } catch {
    return undefined; // the checks before have told why
  }
};

/** Only for those who may look; a message that waits for somebody is a finding. */
const deadLetters = async (call: Call<object>): Promise<readonly Check[]> => {
  const client = await mayLook(call);
  if (client === undefined) return [];
  const look = async (): Promise<string> => {
    const { deadLettersOf, parkedKeysOf } = await import('schema-evolution-sdk');
    const waiting = (await take<'listParkedKeys'>(parkedKeysOf(client), 1000)).length;
    const letters = (await take<'listDeadLetters'>(deadLettersOf(client), 1000)).length;
    const agents = await take<'listAgentDeadLetters'>(client.list('listAgentDeadLetters', {}), 1000);
    if (letters === 0 && agents.length === 0) return 'none';
    const told = agents.map(({ agent, total }) => `, ${total} at agent ${agent}`).join('');
    throw new CliProblem(
      'DSEM-4003',
      'Messages could not be handled',
      `${count(letters, 'dead letter')}, ${count(waiting, 'parked key')}${told}`,
      'Look at them with `dsem dead-letter list` and `dsem dead-letter agents`.',
    );
  };
  return [await attempt('dead letters', look)];
};

const checks = async (call: Call<object>): Promise<readonly Check[]> => {
  const { api, resolveProfile } = await import('../server/connect.js');
  const settings = await attempt('settings', async () => {
    const { endpoint, apiKey } = await resolveProfile(call.options, call.io);
    return `${endpoint}, ${masked(apiKey)}`;
  });
  return [
    { name: 'program', ok: true, detail: `dsem ${version}, Node.js ${process.versions.node}` },
    await attempt('log-in file', () => login(call)),
    settings,
    await attempt('server', async () => {
      const { status, version: running } = await (await api(call.options, call.io)).call('health');
      return `${status}, version ${running}`;
    }),
    await attempt('who', async () => {
      const { id, roles } = await (await api(call.options, call.io)).call('me');
      return `${id} (${roles.join(', ')})`;
    }),
    ...(await deadLetters(call)),
  ];
};

const exitOf = (found: readonly Check[]): Exit => {
  if (found.every(({ ok }) => ok)) return 'fine';
  return found.some(({ name, ok }) => name === 'server' && !ok) ? 'unreachable' : 'refused';
};

/** `dsem doctor`: what is set, and whether it works; secrets masked. */
export const doctor: Verb = (command, run) => {
  command.action(
    action(run, async (call) => {
      const [found, { printable }, { table }] = await Promise.all([
        checks(call),
        import('../output/printable.js'),
        import('../output/table.js'),
      ]);
      return {
        exit: exitOf(found),
        json: { checks: found },
        human: (paint) =>
          table(
            [],
            found.map(({ name, ok, detail }) => [
              ok ? paint.green('ok  ') : paint.red('FAIL'),
              name,
              printable(detail),
            ]),
          ),
      };
    }),
  );
};
