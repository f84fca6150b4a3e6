import { action, type Call, type Verb } from '../context.js';
import { usage } from '../problem.js';
import { readAll, textOf } from '../state/bytes.js';

interface Options {
  readonly keyFile?: string;
}

const keyOf = async ({ io, options }: Call<Options>): Promise<string> => {
  if (options.keyFile !== undefined) {
    const { readSources } = await import('../state/files.js');
    return (await readSources(options.keyFile, io))
      .map(({ text }) => text)
      .join('')
      .trim();
  }
  const key = options.token ?? io.env['DSEM_API_KEY'] ?? '';
  if (key !== '' && key !== '-') return key;
  return textOf(await readAll(io.stdin, 'Standard input'), '<stdin>').trim();
};

/** `dsem login` */
export const login: Verb = (command, run) => {
  command
    .option('--key-file <path>', 'file that holds the API key')
    .addHelpText('after', '\nWithout --key-file, --token or DSEM_API_KEY the key is read from standard input.')
    .action(
      action<Options>(run, async (call) => {
        const { connect, resolveProfile } = await import('../server/connect.js');
        const { writeProfile } = await import('../server/profile.js');
        const token = await keyOf(call);
        if (token === '') throw usage('There is no API key.', 'Give --key-file, or the key on standard input.');
        const options = { ...call.options, token };
        const me = await (await connect(options, call.io)).client.call('me');
        const profile = await resolveProfile(options, call.io);
        if (/^http:\/\/(?!localhost|127\.|\[::1\])/u.test(profile.endpoint))
          call.tell('note: the key travels unencrypted to this server; use https.');
        const path = await writeProfile(profile, call.io);
        return {
          json: { endpoint: profile.endpoint, id: me.id, roles: me.roles, file: path },
          human: () => `Logged in to ${profile.endpoint} as ${me.id} (${me.roles.join(', ')}); stored in ${path}.\n`,
        };
      }),
    );
};
