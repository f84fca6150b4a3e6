import { type ApplyStep, type ConnectOptions, type InspectOptions, respelled, type Session } from '@dsem/engine';
import { type Schema, withoutStrayOwners } from '@dsem/schema';
import { apply } from './apply.js';
import { type Link, openLink } from './connect.js';
import { refusing } from './failure.js';
import { inspectCatalogue } from './inspect.js';
import { journalOf, readSpellings } from './journal.js';
import { lockOf } from './lock.js';
import { preflight, probeOf } from './probe.js';
import { tableSizes } from './sizes.js';
import { spellOn } from './spell.js';

/** A statement that still runs is cancelled from a second connection, since the first one waits for it. */
const close = async (link: Link): Promise<void> => {
  if (link.lost()) return;
  if (link.busy()) {
    const second = await openLink(link.url, { connectTimeoutMs: 2000 }).catch(() => undefined);
    await second?.query('SELECT pg_cancel_backend($1)', [link.backend]).catch(() => undefined);
    await second?.end();
  }
  await link.end();
};

const settings = `
SELECT set_config('client_min_messages', 'warning', false), set_config('idle_in_transaction_session_timeout', '0', false),
  set_config('DateStyle', 'ISO, YMD', false), set_config('TimeZone', 'UTC', false),
  (current_setting('server_version_num')::int / 10000)::text AS version`;

/** Opens a session; `normalize` brings what the catalogues tell to the comparable form. */
export const openSession = async (
  url: string,
  normalize: (schema: Schema) => Promise<Schema>,
  options?: ConnectOptions,
): Promise<Session> => {
  const link = await openLink(url, options);
  const [row] = await link.query<{ version: string }>(settings);
  let unmanaged: readonly string[] = [];
  const inspect = async ({ owners = false }: InspectOptions = {}): Promise<Schema> => {
    const inspection = await refusing(inspectCatalogue)(link, owners);
    unmanaged = inspection.unmanaged;
    const schema = await normalize(inspection.schema);
    return respelled(owners ? withoutStrayOwners(schema) : schema, await refusing(readSpellings)(link));
  };
  return {
    serverVersion: row?.version ?? '',
    inspect,
    unmanaged: () => unmanaged,
    close: () => close(link),
    ...allRefusing({
      tableSizes: () => tableSizes(link),
      spell: spellOn(link, normalize),
      ...lockOf(link),
      ...probeOf(link),
      ...journalOf(link),
      apply: (step: ApplyStep) => apply(link, step),
      preflight: (seconds: number, roles?: readonly string[]) => preflight(link, seconds, roles),
    }),
  };
};

type Methods = Omit<Session, 'serverVersion' | 'inspect' | 'unmanaged' | 'close'>;

const allRefusing = (methods: Methods): Methods => ({
  tableSizes: refusing(methods.tableSizes),
  spell: refusing(methods.spell),
  tryLock: refusing(methods.tryLock),
  unlock: refusing(methods.unlock),
  lockHolders: refusing(methods.lockHolders),
  orphans: refusing(methods.orphans),
  cancelOrphan: refusing(methods.cancelOrphan),
  evict: refusing(methods.evict),
  blockers: refusing(methods.blockers),
  prepareControl: refusing(methods.prepareControl),
  bumpEpoch: refusing(methods.bumpEpoch),
  holdsEpoch: refusing(methods.holdsEpoch),
  journal: refusing(methods.journal),
  journalOfPlan: refusing(methods.journalOfPlan),
  writeJournal: refusing(methods.writeJournal),
  rememberSpellings: refusing(methods.rememberSpellings),
  recordRevision: refusing(methods.recordRevision),
  currentRevision: refusing(methods.currentRevision),
  apply: methods.apply,
  preflight: refusing(methods.preflight),
});
