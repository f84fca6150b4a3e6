import { type ApplyStep, StaleEpoch, StatementFailed } from '@dsem/engine';
import type { Link } from './connect.js';
import { statementFailed } from './failure.js';
import { holdsEpoch, writeJournal } from './journal.js';

/** How much longer than the server's own limits we wait for an answer before the connection counts as lost. */
const graceMs = 10_000;

const tagged = (step: ApplyStep, statement: string): string => `/* ${step.tag} */ ${statement}`;

const send = (link: Link, step: ApplyStep, statement: string): Promise<unknown> => {
  const { lockMs, statementMs } = step.timeouts;
  return link.query(tagged(step, statement), undefined, statementMs === 0 ? 0 : lockMs + statementMs + graceMs);
};

const checkFence = async (link: Link, step: ApplyStep, locking: boolean): Promise<void> => {
  if (step.fence === undefined || (await holdsEpoch(link, step.fence, step.record.epoch, locking))) return;
  throw new StaleEpoch(`Epoch ${step.record.epoch} of ${step.fence} is not the newest any more`);
};

const limits = ({ timeouts }: ApplyStep, scope: 'LOCAL' | 'SESSION'): string =>
  `SET ${scope} lock_timeout = ${Math.trunc(timeouts.lockMs)}; SET ${scope} statement_timeout = ${Math.trunc(timeouts.statementMs)}`;

/** Statement number `at`, or the journal's own work when `at` is the count of statements. */
const named = async <Value>(at: number, work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StaleEpoch || error instanceof StatementFailed) throw error;
    throw statementFailed(error, at);
  }
};

const execute = async (link: Link, step: ApplyStep): Promise<void> => {
  for (const [at, statement] of step.statements.entries()) {
    if (!step.transactional) await named(at, () => checkFence(link, step, false));
    await named(at, () => send(link, step, statement));
  }
};

const inTransaction = async (link: Link, step: ApplyStep): Promise<void> => {
  const last = step.statements.length;
  try {
    await named(0, () => link.query(`/* ${step.tag} */ BEGIN; ${limits(step, 'LOCAL')}`));
    await named(0, () => checkFence(link, step, true));
    await step.at?.('intent');
    await execute(link, step);
    await named(last, () => writeJournal(link, step.record));
    await step.at?.('executed');
    await named(last, () => send(link, step, 'COMMIT'));
  } catch (error) {
    if (!link.lost()) await link.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await step.at?.('committed');
};

const outsideTransaction = async (link: Link, step: ApplyStep): Promise<void> => {
  const last = step.statements.length;
  await named(0, () => checkFence(link, step, false));
  await named(0, () => writeJournal(link, step.intent));
  await step.at?.('intent');
  try {
    await named(0, () => link.query(limits(step, 'SESSION')));
    await execute(link, step);
  } finally {
    if (!link.lost()) await link.query('RESET lock_timeout; RESET statement_timeout').catch(() => undefined);
  }
  await step.at?.('executed');
  await step.verify?.();
  await named(last, () => writeJournal(link, step.record));
  await step.at?.('committed');
};

/** Runs one step; see `Session.apply`. */
export const apply = async (link: Link, step: ApplyStep): Promise<void> => {
  if (/\*\/|\0/.test(step.tag)) throw new TypeError('A tag cannot hold the end of a comment');
  await (step.transactional ? inTransaction(link, step) : outsideTransaction(link, step));
};
