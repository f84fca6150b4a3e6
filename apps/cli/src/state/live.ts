import type { Note, Spell, TableSize } from '@dsem/engine';
import type { EngineName, Schema } from '@dsem/schema';

/** What a running database tells. */
export interface LiveState {
  readonly schema: Schema;
  readonly notes: readonly Note[];
  /** Asks the same database how it spells expressions, on a session of its own. */
  readonly spell: Spell;
  /** How large its tables are, where somebody asked. */
  readonly sizes?: ReadonlyMap<string, TableSize>;
}

const spellAt =
  (engine: EngineName, url: string): Spell =>
  async (desired, places) => {
    const { driverFor } = await import('@dsem/catalogue/drivers');
    const session = await (await driverFor(engine)).connect(url, { applicationName: 'dsem' });
    try {
      return await session.spell(desired, places);
    } finally {
      await session.close();
    }
  };

/**
 * The state of a running database; its driver is loaded here and nowhere else. Calls `asked` once the question is on its
 * way, so that others work while the server does. @throws ConnectionFailed
 */
export const inspectLive = async (
  engine: EngineName,
  url: string,
  withSizes: boolean,
  asked: () => void = () => undefined,
  owners = true,
): Promise<LiveState> => {
  const { driverFor } = await import('@dsem/catalogue/drivers');
  const session = await (await driverFor(engine)).connect(url, { applicationName: 'dsem' });
  try {
    const answer = session.inspect({ owners });
    setImmediate(asked);
    const schema = await answer;
    const notes = session
      .unmanaged()
      .map((object) => ({ message: `${object} is there and is not part of the state.` }));
    const sizes = withSizes ? { sizes: await session.tableSizes() } : {};
    return { schema, notes, spell: spellAt(engine, url), ...sizes };
  } finally {
    await session.close();
  }
};
