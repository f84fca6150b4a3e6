import { action, type Verb } from '../context.js';
import { version } from '../version.js';

/** `dsem version` */
export const versionVerb: Verb = (command, run) => {
  command.action(
    action(run, () => ({
      json: { version, node: process.versions.node },
      human: () => `dsem ${version}, Node.js ${process.versions.node}\n`,
    })),
  );
};
