import { rm } from 'node:fs/promises';
import { action, type Verb } from '../context.js';

/** `dsem logout` */
export const logout: Verb = (command, run) => {
  command.action(
    action(run, async ({ io }) => {
      const { profilePath } = await import('../server/profile.js');
      const file = profilePath(io);
      await rm(file, { force: true });
      return { json: { file }, human: () => `${file} is gone.\n` };
    }),
  );
};
