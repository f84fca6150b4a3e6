import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exitCodes } from './exit-codes.js';
import { dsem } from './testing.js';
import { version } from './version.js';

const sql = 'CREATE TABLE t (a int);';

/** The body of the one request a command line makes; the answer is a refusal, as the request is all that matters. */
const sentBy = async (argv: readonly string[]): Promise<unknown> => {
  const bodies: string[] = [];
  const keep = async (request: IncomingMessage): Promise<void> => void bodies.push(await text(request));
  const server = createServer((request, response) => {
    void keep(request).then(() => response.writeHead(403).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { out } = await dsem([...argv, '--endpoint', endpoint, '--token', 'k'], { stdin: sql });
  await new Promise((resolve) => server.close(resolve));
  expect(out).toBe('');
  return JSON.parse(bodies[0] ?? 'null');
};

describe('--version', () => {
  it.each([[['--version']], [['-o', 'json', '--version']], [['--version', 'register']]])(
    '%j prints the version of the program',
    async (argv) => {
      expect(await dsem(argv)).toEqual({ code: 0, out: `${version}\n`, err: '' });
    },
  );

  const register = ['register', '-', '--engine', 'postgresql', '--name', 'shop'];
  const create = ['migration', 'create', '--schema', 'shop', '--environment', 'dev'];
  const declare = ['consumer', 'declare', 'web', '--schema', 'shop'];

  it.each([
    [[...register, '--version', '2.0.0']],
    [[...register, '--version=2.0.0']],
    [['-q', ...register, '--declare', '2.0.0']],
    [[...create, '--version', '2.0.0']],
    [[...create, '--release', '2.0.0']],
    [[...declare, '--version', '2.0.0']],
    [['consumer', 'retire', 'web', '--version', '2.0.0']],
    [['env', 'sync', 'dev', '--schema', 'shop', '--version', '2.0.0']],
  ])('%j asks the server for that version', async (argv) => {
    expect(await sentBy(argv)).toMatchObject({ version: '2.0.0' });
  });

  it.each([
    [['inspect', 'empty', '--version']],
    [['inspect', 'empty', '--version=2']],
    [['help', '--version']],
    [['schema', 'list', '--version', '2.0.0']],
  ])('%j is wrong usage, as the verb has none', async (argv) => {
    const { code, out, err } = await dsem(argv);
    expect([code, out]).toEqual([exitCodes.usage.code, '']);
    expect(err).toMatch(/(inspect|schema|help) has no option --version[^]*Fix: .*dsem help/u);
  });

  it('wants its value', async () => {
    expect((await dsem([...register, '--version'])).code).toBe(exitCodes.usage.code);
  });
});
