import { verifyExport } from '@dsem/ledger';
import { as, environmentName, expectThat, migrationOf, until, type Stage } from './stage.js';
import type { Verb } from './verbs.js';

interface Entry {
  readonly event: string;
  readonly envelope: {
    readonly data?: {
      readonly migration?: string;
      readonly environment?: string;
      readonly step?: string;
      readonly direction?: string;
    };
  };
}

const entriesOf = async (stage: Stage, event: string, migration: string): Promise<readonly Entry[]> => {
  const found: Entry[] = [];
  const query = { event, limit: 200 };
  for await (const entry of as(stage, 'administrator').list('listAuditEntries', { query }))
    if ((entry as Entry).envelope.data?.migration === migration) found.push(entry as Entry);
  return found;
};

/** How the audit trail is asked. */
export const auditVerbs: Readonly<Record<string, Verb>> = {
  /** audited MIGRATION EVENT [COUNT]: the trail tells of it, eventually */
  audited: async (stage, [name = '', event = '', count]) => {
    let last = 0;
    await until(
      `${event} of ${name} in the audit trail`,
      async () => {
        last = (await entriesOf(stage, event, migrationOf(stage, name))).length;
        return last >= Number(count ?? 1) ? true : undefined;
      },
      () => `It holds ${last}.`,
    );
    expectThat(count === undefined || last === Number(count), `the trail holds ${last} ${event} of ${name}`);
  },
  /** once MIGRATION ENVIRONMENT: no step is told to have been applied twice in one direction */
  once: async (stage, [name = '', environment = '']) => {
    const own = environmentName(stage, environment);
    const entries = await entriesOf(stage, 'StepApplied', migrationOf(stage, name));
    const steps = entries.flatMap(({ envelope: { data } }) =>
      data?.environment === own ? [`${data.direction} ${data.step}`] : [],
    );
    const twice = steps.filter((step, index) => steps.indexOf(step) !== index);
    expectThat(twice.length === 0, `applied twice in ${environment}: ${twice.join(', ')}`);
  },
  /** audit verifies: the whole export, offline */
  audit: async (stage) => {
    const text = await as(stage, 'administrator').call('exportAudit', {});
    const verdict = await verifyExport(text.split('\n').filter((line) => line !== ''));
    expectThat(verdict.valid, `the export is not valid: ${JSON.stringify(verdict)}`);
    if (verdict.valid) expectThat(verdict.entries > 0, 'the export is empty');
  },
};
