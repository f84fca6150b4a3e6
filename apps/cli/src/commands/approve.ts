import type { Verb } from '../context.js';
import { progressText } from '../human/migration.js';
import { given, remote, several } from './remote.js';

interface Options {
  readonly plan?: readonly string[];
  readonly comment?: string;
}

/** `dsem approve MIGRATION` */
export const approve: Verb = (command, run) => {
  command
    .argument('<migration>')
    .option('--plan <hashes>', 'approve exactly these plans (default: those it has now)', several)
    .option('--comment <text>', 'stays in the audit trail')
    .action(
      remote<Options, [string]>(run, async (client, { options: { plan, comment } }, id) => {
        const body = given({ plans: plan === undefined ? undefined : [...plan], comment });
        const progress = await client.call('approveMigration', { params: { id }, body });
        return { json: progress, human: (paint) => progressText(progress, paint) };
      }),
    );
};
